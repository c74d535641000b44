import Basics
import Testing

@testable import Transport

/// A path and what members say over it.
struct LatencyCase {
    enum Loss {
        /// Each datagram alone.
        case independent(Double)
        /// Gilbert-Elliott in continuous time: outages in which everything is lost.
        case outages(share: Double, mean: Duration)
    }

    var name: String
    var loss: Loss
    var interval: Duration
    var messages: Int
    var members = 1
    var messageBytes = 100
    var delay: Duration = .milliseconds(40)
    /// Bits a second of the members' shared way to the server, and the longest wait in its queue.
    var bottleneck: (rate: Int, queue: Duration)?
    var seed: UInt64 = 1
}

/// What became of it.
struct LatencyResult {
    /// Milliseconds from saying to delivery in order, sorted.
    var delays: [Double] = []
    var undelivered = 0
    var packets = 0
    var messages = 0
    /// Milliseconds that datagrams waited in the bottleneck's queue, sorted.
    var waits: [Double] = []

    func percentile(_ share: Double) -> Double { Self.percentile(share, of: delays) }

    static func percentile(_ share: Double, of sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return .infinity }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var packetsPerMessage: Double { Double(packets) / Double(max(1, messages)) }
}

/// Members that send messages of one size to a server at an even pace, in virtual time.
struct LatencyModel {
    /// A log of equal messages.
    private struct Log: MessageStore {
        let bytes: [UInt8]
        var end: UInt64 = 0

        func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
            number < end ? StoredMessage(number: number + 1, bytes: bytes) : nil
        }
    }

    private struct Member {
        var client: Connection
        var server: Connection
        var log: Log
        var nextSaying: Instant
        var said: [Instant] = []
    }

    /// One direction of the path.
    private struct Link {
        let loss: LatencyCase.Loss
        var random: SeededGenerator
        private var isOut = false
        private var change = Instant.origin

        init(loss: LatencyCase.Loss, seed: UInt64) {
            self.loss = loss
            random = SeededGenerator(seed: seed)
        }

        mutating func loses(at now: Instant) -> Bool {
            switch loss {
            case .independent(let share): return random.chance(share)
            case .outages(let share, let mean):
                while change <= now {
                    isOut = change == .origin ? false : !isOut
                    change = max(change, .start) + holding(isOut ? mean : mean * ((1 - share) / share))
                }
                return isOut
            }
        }

        /// An exponential waiting time, from the minimum of uniforms: no logarithm is at hand.
        private mutating func holding(_ mean: Duration) -> Duration {
            // Geometric in steps of a hundredth of the mean.
            var steps = 1
            while !random.chance(0.01) { steps += 1 }
            return mean * steps / 100
        }
    }

    private struct Flight {
        let arrival: Instant
        let member: Int
        let bytes: [UInt8]
    }

    private let scenario: LatencyCase
    private var members: [Member] = []
    private var up: Link
    private var down: Link
    private var upFlights: [Flight] = []
    private var upHead = 0
    private var downFlights: [Flight] = []
    private var downHead = 0
    private var bottleneckFree = Instant.origin
    private var now = Instant.start
    private var result = LatencyResult()
    private var scratch: [UInt8] = []

    init(_ scenario: LatencyCase) {
        self.scenario = scenario
        up = Link(loss: scenario.loss, seed: scenario.seed &* 2)
        down = Link(loss: scenario.loss, seed: scenario.seed &* 2 + 1)
        let keys = TestKeys.session(roundTrip: scenario.delay * 2)
        for index in 0..<scenario.members {
            var member = Member(
                client: Connection(role: .client, keys: keys, at: .start),
                server: Connection(role: .server, keys: keys, at: .start),
                log: Log(bytes: [UInt8](repeating: 7, count: scenario.messageBytes)),
                nextSaying: .start + scenario.interval * index / scenario.members)
            member.client.feed(log: 1, as: 1, after: 0)
            member.server.open(alias: 1, after: 0)
            members.append(member)
        }
    }

    /// Plays it to the end.
    static func run(_ scenario: LatencyCase) -> LatencyResult {
        var model = LatencyModel(scenario)
        while model.step() {}
        model.result.undelivered = scenario.messages * scenario.members - model.result.delays.count
        model.result.messages = scenario.messages * scenario.members
        model.result.delays.sort()
        model.result.waits.sort()
        return model.result
    }

    private var patience: Instant { .start + scenario.interval * scenario.messages + .seconds(20) }

    /// The next moment at which anything happens; nil when all was said and heard.
    private var next: Instant? {
        guard result.delays.count < scenario.messages * scenario.members else { return nil }
        var next = Instant(nanoseconds: .max)
        for member in members {
            if member.said.count < scenario.messages { next = min(next, member.nextSaying) }
            for deadline in [member.client.nextDeadline, member.server.nextDeadline] {
                if let deadline { next = min(next, deadline) }
            }
        }
        if upHead < upFlights.count { next = min(next, upFlights[upHead].arrival) }
        if downHead < downFlights.count { next = min(next, downFlights[downHead].arrival) }
        return next
    }

    private mutating func step() -> Bool {
        guard let next, next <= patience else { return false }
        now = max(now, next)
        arrive()
        for index in members.indices {
            if members[index].said.count < scenario.messages, members[index].nextSaying <= now {
                members[index].log.end += 1
                members[index].said.append(now)
                members[index].nextSaying = members[index].nextSaying + scenario.interval
                _ = members[index].client.logGrew(1)
            }
            members[index].client.handleTimeouts(at: now)
            members[index].server.handleTimeouts(at: now)
            transmit(index)
        }
        return true
    }

    private mutating func arrive() {
        while upHead < upFlights.count, upFlights[upHead].arrival <= now {
            let flight = upFlights[upHead]
            upHead += 1
            _ = members[flight.member].server.receive(flight.bytes.span, scratch: &scratch, at: now)
            hear(flight.member)
        }
        while downHead < downFlights.count, downFlights[downHead].arrival <= now {
            let flight = downFlights[downHead]
            downHead += 1
            _ = members[flight.member].client.receive(flight.bytes.span, scratch: &scratch, at: now)
        }
        Self.trim(&upFlights, &upHead)
        Self.trim(&downFlights, &downHead)
    }

    private static func trim(_ flights: inout [Flight], _ head: inout Int) {
        guard head > 1000 else { return }
        flights.removeFirst(head)
        head = 0
    }

    private mutating func hear(_ index: Int) {
        while let event = members[index].server.pollEvent() {
            guard case .message(_, let message) = event else { continue }
            let said = members[index].said[Int(message.number) - 1]
            result.delays.append(Double((now - said).wholeNanoseconds) / 1e6)
        }
    }

    private mutating func transmit(_ index: Int) {
        var datagram: [UInt8] = []
        while members[index].client.pollTransmit(into: &datagram, from: members[index].log, at: now) {
            result.packets += 1
            guard let left = passBottleneck(datagram.count), !up.loses(at: left) else { continue }
            upFlights.append(Flight(arrival: left + scenario.delay, member: index, bytes: datagram))
        }
        while members[index].server.pollTransmit(into: &datagram, from: members[index].log, at: now) {
            guard !down.loses(at: now) else { continue }
            downFlights.append(Flight(arrival: now + scenario.delay, member: index, bytes: datagram))
        }
    }

    /// - Returns: when the datagram leaves the queue; nil when it does not fit.
    private mutating func passBottleneck(_ bytes: Int) -> Instant? {
        guard let bottleneck = scenario.bottleneck else { return now }
        let start = max(now, bottleneckFree)
        guard start - now <= bottleneck.queue else { return nil }
        result.waits.append(Double((start - now).wholeNanoseconds) / 1e6)
        let bits = (bytes + Limits.networkHeaderBytes) * 8
        bottleneckFree = start + .nanoseconds(Int64(bits) * 1_000_000_000 / Int64(bottleneck.rate))
        return bottleneckFree
    }
}
