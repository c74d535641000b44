package import Basics
import Crypto
package import Simulation
import Transport

/// Clients that upload over one path, and chat beside it, in virtual time. The connections are the real ones; there is
/// no handshake.
package struct BulkWorld: Sendable {
    private struct Flight: Sendable {
        let member: Int
        let toServer: Bool
        let bytes: [UInt8]
        var mark = ECNMark.notECT
    }

    package private(set) var members: [BulkMember]
    /// The way to the server, which all share, and the way back.
    package var up: LinkModel
    package var down: LinkModel
    package private(set) var now = Self.start
    /// How often each client says something; nil: never.
    package var chatInterval: Duration?
    /// How many bytes the servers read at once, and how often; nil: all, at once.
    package var reading: (bytes: Int, each: Duration)? {
        didSet { nextReading = now }
    }
    /// A datagram that waits longer in the queue of the way to the server is marked for congestion; nil: none is.
    package var marksAbove: Duration?
    /// Whether a stream ends with the last byte of its upload.
    package var finishesUploads = true

    /// Milliseconds that each datagram waited in the queue of the way to the server, and when it was sent.
    private var waits: [(moment: Instant, milliseconds: Double)] = []
    private var nextReading = Self.start
    private var flights = Agenda<Flight>()
    private var scratch: [UInt8] = []
    private var datagram: [UInt8] = []

    /// When every world begins.
    private static let start = Instant(nanoseconds: 1_000_000_000)

    /// - Parameters:
    ///   - up: what the way to the server does.
    ///   - down: what the way back does; nil: the same, but that it has no bottleneck and reorders nothing.
    package init(_ up: LinkFaults, down: LinkFaults? = nil, members: Int = 1, seed: UInt64 = 1) {
        var back = up
        (back.bottleneck, back.reordering) = (nil, 0)
        self.up = LinkModel(up, seed: seed &* 2)
        self.down = LinkModel(down ?? back, seed: seed &* 2 &+ 1)
        let keys = Self.keys(roundTrip: up.delay + (down ?? back).delay)
        self.members = (0..<members).map { _ in BulkMember(keys: keys, at: Self.start) }
    }

    /// The keys of a session, as a handshake gives them to both sides. Who they are from does not matter here.
    private static func keys(roundTrip: Duration) -> SessionKeys {
        let shared = [UInt8](repeating: 0x5a, count: 64)
        let secrets = HandshakeSecrets(
            sharedSecret: SecretBytes(copying: shared.span), transcript: [UInt8](repeating: 0xa5, count: 64))
        return SessionKeys(
            secrets: secrets.application(bindingTo: [1, 2, 3]), clientID: ConnectionID(rawValue: 1),
            serverID: ConnectionID(rawValue: 2), roundTrip: roundTrip)
    }

    // MARK: What is asked of it

    /// A member begins to upload so many bytes; once.
    package mutating func upload(_ bytes: Int, by index: Int = 0) {
        members[index].upload(bytes, isWhole: finishesUploads, at: now)
    }

    /// There is more to upload; only while `finishesUploads` is false.
    package mutating func extend(by bytes: Int, of index: Int = 0) {
        members[index].extend(by: bytes, isWhole: finishesUploads)
    }

    package mutating func run(for duration: Duration) {
        let end = now + duration
        while step(until: end) {}
        now = end
    }

    /// - Returns: whether it came to hold in time.
    package mutating func run(within limit: Duration, until isDone: (BulkWorld) -> Bool) -> Bool {
        let end = now + limit
        while !isDone(self) {
            guard step(until: end) else { return false }
        }
        return true
    }

    // MARK: Time

    private mutating func nextMoment() -> Instant? {
        var next = flights.next
        if reading != nil { next = min(next ?? nextReading, nextReading) }
        for index in members.indices {
            let saying = chatInterval == nil ? nil : members[index].chat.next
            for moment in [members[index].client.nextDeadline, members[index].server.nextDeadline, saying] {
                if let moment { next = min(next ?? moment, moment) }
            }
        }
        return next
    }

    private mutating func step(until end: Instant) -> Bool {
        for index in members.indices { transmit(from: index) }
        guard let next = nextMoment(), next <= end else { return false }
        now = max(now, next)
        while let flight = flights.popDue(at: now) { arrive(flight) }
        for index in members.indices {
            sayIfDue(index)
            members[index].client.handleTimeouts(at: now)
            members[index].server.handleTimeouts(at: now)
            collect(index)
        }
        if let reading, nextReading <= now {
            nextReading = now + reading.each
            for index in members.indices {
                members[index].read(upTo: reading.bytes, at: now)
                collect(index)
            }
        }
        return true
    }

    private mutating func sayIfDue(_ index: Int) {
        guard let chatInterval else {
            members[index].chat.next = nil
            return
        }
        if let moment = members[index].chat.next {
            guard moment <= now else { return }
            members[index].say(at: now)
        }
        members[index].chat.next = now + chatInterval
    }

    private mutating func collect(_ index: Int) {
        members[index].collect(isWhole: finishesUploads, reads: reading == nil, at: now)
    }

    // MARK: Datagrams

    private mutating func transmit(from index: Int) {
        while members[index].client.pollTransmit(into: &datagram, from: members[index].chat, at: now) {
            members[index].datagrams += 1
            members[index].bytes += datagram.count
            let overflowed = up.counters.overflowed
            let arrivals = up.carry(bytes: datagram.count, at: now)
            if up.faults.bottleneck != nil, up.counters.overflowed == overflowed {
                waits.append((now, Double(up.wait.wholeNanoseconds) / 1e6))
            }
            let flight = Flight(member: index, toServer: true, bytes: datagram, mark: mark(of: members[index].client))
            for arrival in arrivals where !arrival.isDamaged { flights.add(flight, at: arrival.moment) }
        }
        while members[index].server.pollTransmit(into: &datagram, from: NoMessages(), at: now) {
            for arrival in down.carry(bytes: datagram.count, at: now) where !arrival.isDamaged {
                flights.add(Flight(member: index, toServer: false, bytes: datagram), at: arrival.moment)
            }
        }
    }

    /// What the datagram that was sent last is marked with.
    private func mark(of client: Connection) -> ECNMark {
        guard let marksAbove, client.marksPackets else { return .notECT }
        return up.wait > marksAbove ? .congestion : .ect0
    }

    private mutating func arrive(_ flight: Flight) {
        if flight.toServer {
            _ = members[flight.member].server.receive(
                flight.bytes.span, mark: flight.mark, scratch: &scratch, at: now)
        } else {
            _ = members[flight.member].client.receive(flight.bytes.span, scratch: &scratch, at: now)
        }
        collect(flight.member)
    }

    private struct NoMessages: MessageStore {
        func message(after number: UInt64, in log: UInt64) -> StoredMessage? { nil }
    }

    // MARK: Results

    /// Bits a second that arrived in order, over a span since the start.
    package func goodput(of index: Int = 0, from begin: Duration, to end: Duration) -> Double {
        let progress = members[index].progress
        let first = progress.last { $0.moment <= Self.start + begin }?.bytes ?? 0
        let last = progress.last { $0.moment <= Self.start + end }?.bytes ?? 0
        return Double(last - first) * 8 / (Double((end - begin).wholeNanoseconds) / 1e9)
    }

    /// Milliseconds within which the share (0...1) of what was said after a moment was heard, of what was heard at all.
    package func chatDelay(_ share: Double, since begin: Duration = .zero) -> Double {
        let heard = members.flatMap(\.heard).filter { $0.said >= Self.start + begin }
        return Self.percentile(share, of: heard.map(\.milliseconds))
    }

    /// How many messages were said and not heard.
    package var unheard: Int { members.reduce(0) { $0 + $1.chat.said.count - $1.heard.count } }

    /// Milliseconds that the share (0...1) of all datagrams sent after a moment did not exceed in the queue.
    package func wait(_ share: Double, since begin: Duration = .zero) -> Double {
        Self.percentile(share, of: waits.filter { $0.moment >= Self.start + begin }.map(\.milliseconds))
    }

    private static func percentile(_ share: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .infinity : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
