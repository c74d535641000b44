import Basics
import Crypto
import Transport

/// What a script can do to a connection with streams: the peer's steps, the owner's, and time.
enum StreamStep: CaseIterable {
    case frames, chunk, lastChunk, credit, acknowledge, time
    case open, write, finish, reset, read, stop, accept, expect
}

extension FuzzTarget {
    /// A connection whose owner writes and reads streams, against a peer that has the keys and says what it likes.
    ///
    /// The script's first byte says which side it is. In the end the owner closes, which must leave nothing behind.
    static let streams = FuzzTarget(
        "streams", "byte streams: a hostile peer, an owner who writes, reads and gives up", weight: 4,
        sample: { streamScript(using: &$0) }
    ) { (input) throws(FuzzFault) -> Bool in
        var script = Script(input)
        var world = StreamWorld(role: script.byte().isMultiple(of: 2) ? .server : .client)
        for _ in 0..<Script.stepLimit {
            guard let step = script.step(StreamStep.self) else { break }
            try world.play(step, &script)
        }
        try world.leave()
        return true
    }

    private static func streamScript(using random: inout SeededGenerator) -> [UInt8] {
        var script = ScriptWriter<StreamStep>(stage: UInt8.random(in: 0...1, using: &random))
        script.add(.accept, 4)
        script.add(.open)
        script.add(.credit, 0, .random(in: 0...255, using: &random))
        for _ in 0..<Int.random(in: 2...40, using: &random) {
            let step = StreamStep.allCases.randomElement(using: &random) ?? .chunk
            let (a, b) = (UInt8.random(in: 0...3, using: &random), UInt8.random(in: 0...255, using: &random))
            if step == .frames { script.add(step, data: frameBytes(using: &random)) } else { script.add(step, a, b) }
        }
        return script.bytes
    }
}

/// A connection with streams, its owner, and its peer.
struct StreamWorld {
    /// The most datagrams that one input may bring about: all that may be under way, and as many again.
    private static let datagramLimit = 2 * Limits.bulkPackets
    private static let eventLimit = 4096
    private static let heldLimit =
        Limits.connectionWindow + Limits.sendBuffer + Limits.streams * Limits.leastSendBuffer

    private var connection: Connection
    private var peer: Insider
    private var now = Instant(nanoseconds: 1_000_000_000)
    /// The owner's streams, oldest first, and how far the peer has written which of its own.
    private var streams: [StreamID] = []
    private var written: [UInt64: UInt64] = [:]
    private var newest: UInt32?
    private var scratch: [UInt8] = []

    init(role: Connection.Role) {
        let secrets = HandshakeSecrets(
            sharedSecret: SecretBytes(copying: [UInt8](repeating: 1, count: 64).span),
            transcript: [UInt8](repeating: 2, count: 64))
        let keys = SessionKeys(
            secrets: secrets.application(bindingTo: [3]), clientID: ConnectionID(rawValue: 4),
            serverID: ConnectionID(rawValue: 5), roundTrip: .milliseconds(20))
        connection = Connection(role: role, keys: keys, at: now)
        peer = Insider(keys: keys, role: role == .client ? .server : .client)
    }

    // MARK: Steps

    mutating func play(_ step: StreamStep, _ script: inout Script) throws(FuzzFault) {
        switch step {
        case .frames: try hear(script.bytes())
        case .chunk, .lastChunk, .credit, .acknowledge: try hear(peerFrame(step, &script))
        case .time: try pass(.milliseconds(Int64(script.byte()) * Int64(script.byte())))
        case .open: if let stream = connection.openStream(at: now) { streams.append(stream) }
        case .accept: connection.acceptStreams(Int(script.byte()), at: now)
        case .expect: _ = connection.expectStream(StreamID(rawValue: UInt64(script.byte()) + 1), at: now)
        case .write, .finish, .reset, .read, .stop: playOwner(step, &script)
        }
        try check()
    }

    /// A frame as an honest peer might send it, if the owner's choices allow for it.
    private mutating func peerFrame(_ step: StreamStep, _ script: inout Script) -> [UInt8] {
        let (choice, amount) = (UInt64(script.byte()), UInt64(script.byte()))
        let isClient = connection.role == .client
        let frame: Frame
        switch step {
        case .credit:
            let id = choice == 0 ? nil : StreamID(rawValue: choice * 2 - (isClient ? 0 : 1))
            frame = .credit(StreamCredit(id: id, limit: amount << 14))
        case .acknowledge:
            frame = .acknowledgement(
                Acknowledgement(
                    largest: (newest ?? 0) &- UInt32(choice), delay: 0, bitmap: amount == 0 ? .max : amount &* 0x1_0101)
            )
        default:
            let id = choice * 2 + (isClient ? 1 : 2)
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: id), count: Int(amount) * 4)
            frame = .stream(
                StreamChunk(
                    id: StreamID(rawValue: id), offset: written[id] ?? 0, bytes: bytes, isLast: step == .lastChunk))
            written[id, default: 0] += UInt64(bytes.count)
        }
        var bytes: [UInt8] = []
        frame.emit(into: &bytes)
        return bytes
    }

    private mutating func playOwner(_ step: StreamStep, _ script: inout Script) {
        let (choice, amount) = (Int(script.byte()), Int(script.byte()))
        guard step != .read, step != .stop else {
            let id = StreamID(rawValue: UInt64(choice) * 2 + (connection.role == .client ? 1 : 2))
            if step == .stop { connection.stop(id, code: 7) } else { _ = connection.read(id, upTo: amount * 64) }
            return
        }
        guard !streams.isEmpty else { return }
        let stream = streams[choice % streams.count]
        switch step {
        case .write: _ = connection.write([UInt8](repeating: 9, count: amount * 256)[...], to: stream)
        case .finish: connection.finish(stream)
        default: connection.reset(stream, code: 8)
        }
    }

    // MARK: What must hold

    private mutating func hear(_ frames: [UInt8]) throws(FuzzFault) {
        let datagram = peer.packet(frames)
        guard connection.receive(datagram.span, scratch: &scratch, at: now) || connection.isClosed else {
            throw FuzzFault("a packet of the peer was not taken")
        }
    }

    private mutating func pass(_ time: Duration) throws(FuzzFault) {
        now = now + time
        for _ in 0..<8 {
            guard let deadline = connection.nextDeadline, deadline <= now else { return }
            connection.handleTimeouts(at: now)
            try check()
        }
        throw FuzzFault("a deadline stays in the past: the loop would spin")
    }

    private mutating func check() throws(FuzzFault) {
        var datagram: [UInt8] = []
        var count = 0
        while connection.pollTransmit(into: &datagram, from: NoLogs(), at: now) {
            count += 1
            guard count <= Self.datagramLimit else { throw FuzzFault("one input made it send without end") }
            guard (1...Limits.longestDatagramBytes).contains(datagram.count) else {
                throw FuzzFault("it sends \(datagram.count) bytes in a datagram")
            }
            newest = newest.map { $0 &+ 1 } ?? 0
        }
        count = 0
        while connection.pollEvent() != nil {
            count += 1
            guard count <= Self.eventLimit else { throw FuzzFault("one input made it tell without end") }
        }
        guard connection.streamBytes <= Self.heldLimit else {
            throw FuzzFault("it holds \(connection.streamBytes) bytes of streams")
        }
    }

    /// The owner closes: nothing is left, and soon it is over.
    mutating func leave() throws(FuzzFault) {
        connection.close(CloseReason(code: 16, text: ""), at: now)
        try check()
        guard connection.streamBytes == 0 else { throw FuzzFault("a closing connection keeps bytes of streams") }
        let end = now + .seconds(10)
        while !connection.isClosed {
            guard now < end else { throw FuzzFault("it does not end") }
            try pass(max(.milliseconds(1), (connection.nextDeadline ?? end) - now))
        }
    }

    private struct NoLogs: MessageStore {
        func message(after number: UInt64, in log: UInt64) -> StoredMessage? { nil }
    }
}
