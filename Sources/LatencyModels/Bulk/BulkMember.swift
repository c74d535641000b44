package import Basics
package import Transport

/// One member of a ``BulkWorld``: a client, the server's side of its connection, what goes over it, and what came of it.
package struct BulkMember: Sendable {
    /// What every stream consists of, again and again.
    static let pattern: [UInt8] = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 8) }

    package var client: Connection
    package var server: Connection

    /// The stream that is written, how much it shall have, and how much of it was written.
    private(set) var stream: StreamID?
    private var total = 0
    package private(set) var written = 0
    private var isFinished = false

    /// Bytes of the stream that the server has.
    package private(set) var received = 0
    /// Whether they are the ones that were written.
    package private(set) var isIntact = true
    /// When the server had all of it.
    package private(set) var finishedAt: Instant?
    /// How much the server had when.
    private(set) var progress: [(moment: Instant, bytes: Int)] = []
    package private(set) var violations: [ProtocolViolation] = []

    var chat = BulkChat()
    private(set) var heard: [(said: Instant, milliseconds: Double)] = []

    /// Datagrams of the client, and their bytes without headers of IP and UDP.
    package var datagrams = 0
    package var bytes = 0

    init(keys: SessionKeys, at now: Instant) {
        client = Connection(role: .client, keys: keys, at: now)
        server = Connection(role: .server, keys: keys, at: now)
        client.feed(log: 0, as: 1, after: 0)
        server.open(alias: 1, after: 0)
        server.acceptStreams(1, at: now)
    }

    // MARK: The client

    mutating func upload(_ bytes: Int, isWhole: Bool, at now: Instant) {
        stream = client.openStream(at: now)
        total = bytes
        fill(isWhole: isWhole)
    }

    mutating func extend(by bytes: Int, isWhole: Bool) {
        total += bytes
        fill(isWhole: isWhole)
    }

    /// Writes as much as fits.
    private mutating func fill(isWhole: Bool) {
        guard let stream, !isFinished else { return }
        while written < total {
            let offset = written % Self.pattern.count
            let end = min(Self.pattern.count, offset + min(total - written, Self.pattern.count))
            let taken = client.write(Self.pattern[offset..<end], to: stream)
            guard taken > 0 else { break }
            written += taken
        }
        guard written == total, isWhole else { return }
        client.finish(stream)
        isFinished = true
    }

    mutating func say(at now: Instant) {
        chat.said.append(now)
        _ = client.logGrew(0)
    }

    // MARK: Both

    /// Acts on what happened.
    ///
    /// - Parameters:
    ///   - isWhole: whether a stream ends with the last byte of its upload.
    ///   - reads: whether the server reads what it can.
    mutating func collect(isWhole: Bool, reads: Bool, at now: Instant) {
        while let event = client.pollEvent() {
            switch event {
            case .stream(_, .writable): fill(isWhole: isWhole)
            case .violated(let violation): violations.append(violation)
            case .stream, .message, .closedByPeer, .timedOut, .reset: continue
            }
        }
        while let event = server.pollEvent() {
            switch event {
            case .stream(_, .readable): if reads { read(upTo: .max, at: now) }
            case .stream(_, .finished): finishedAt = now
            case .violated(let violation): violations.append(violation)
            case .message(_, let message):
                let said = chat.said[Int(message.number) - 1]
                heard.append((said, Double((now - said).wholeNanoseconds) / 1e6))
            case .stream, .closedByPeer, .timedOut, .reset: continue
            }
        }
    }

    /// The server reads.
    mutating func read(upTo limit: Int, at now: Instant) {
        guard let stream, finishedAt == nil else { return }
        var rest = server.read(stream, upTo: limit)[...]
        while !rest.isEmpty {
            let offset = received % Self.pattern.count
            let part = rest.prefix(Self.pattern.count - offset)
            isIntact = isIntact && part.elementsEqual(Self.pattern[offset..<offset + part.count])
            received += part.count
            rest = rest.dropFirst(part.count)
        }
        progress.append((now, received))
    }
}

/// What a client says beside its upload: messages of 100 bytes, all alike.
struct BulkChat: MessageStore {
    private static let bytes = [UInt8](repeating: 7, count: 100)

    /// When each message was said.
    var said: [Instant] = []
    /// When the next is; nil: never.
    var next: Instant?

    func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
        number < UInt64(said.count) ? StoredMessage(number: number + 1, bytes: Self.bytes) : nil
    }
}
