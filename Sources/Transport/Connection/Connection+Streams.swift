package import Basics
import Crypto

/// Byte streams, as their owner sees them. Each goes one way: who opens it writes it, and the other side reads it once
/// it has accepted it.
extension Connection {
    /// Opens a stream to write.
    ///
    /// - Returns: nil when `Limits.streams` are open, or the connection is not.
    package mutating func openStream(at now: Instant) -> StreamID? {
        guard isOpen else { return nil }
        prepareStreams(at: now)
        return withStreams { $0.open() } ?? nil
    }

    /// How many bytes `write` takes now. None before the peer has accepted the stream; `writable` tells of more.
    package func room(in stream: StreamID) -> Int { bulk.value?.streams.room(in: stream) ?? 0 }

    /// Writes to a stream.
    ///
    /// - Returns: how many of the bytes were taken, at most `room(in:)`.
    package mutating func write(_ bytes: ArraySlice<UInt8>, to stream: StreamID) -> Int {
        withStreams { $0.write(bytes, to: stream) } ?? 0
    }

    /// Ends a stream: what was written will arrive.
    package mutating func finish(_ stream: StreamID) {
        withStreams { $0.finish(stream) }
    }

    /// Gives up a stream that is written here: what has not arrived yet need not.
    ///
    /// - Parameter code: told to the peer.
    package mutating func reset(_ stream: StreamID, code: UInt64) {
        withStreams { $0.reset(stream, code: code) }
    }

    /// Accepts streams of the peer, whichever come: so many at a time, at most `Limits.streams`. At first none is.
    package mutating func acceptStreams(_ count: Int, at now: Instant) {
        guard isOpen, count > 0 || !bulk.isEmpty else { return }
        prepareStreams(at: now)
        withStreams { $0.accept(count) }
    }

    /// Accepts a stream that the peer has announced. Streams are accepted in the order in which the peer opens them.
    ///
    /// - Returns: false for one that is not the peer's, or is older than one accepted before, or when there are
    ///   `Limits.streams` already.
    package mutating func expectStream(_ stream: StreamID, at now: Instant) -> Bool {
        guard isOpen else { return false }
        prepareStreams(at: now)
        return withStreams { $0.expect(stream) } ?? false
    }

    /// Takes bytes of a stream, which grants the peer as many more.
    ///
    /// - Parameter limit: the most bytes.
    /// - Returns: the next bytes in order; none when there are none at the moment.
    package mutating func read(_ stream: StreamID, upTo limit: Int) -> [UInt8] {
        withStreams { $0.read(stream, upTo: limit) } ?? []
    }

    /// Wants no more of a stream of the peer. Nothing more is heard of it.
    ///
    /// - Parameter code: told to the peer.
    package mutating func stop(_ stream: StreamID, code: UInt64) {
        withStreams { $0.stop(stream, code: code) }
    }

    /// Bytes of streams that are kept here, both ways.
    package var streamBytes: Int { bulk.value?.streams.heldBytes ?? 0 }

    private mutating func prepareStreams(at now: Instant) {
        guard bulk.isEmpty else { return }
        bulk.value = Bulk(role: role, path: path, packetBytes: Limits.datagramBytes, at: now)
    }

    /// Changes the streams, if there are any, and takes over what they tell.
    @discardableResult
    private mutating func withStreams<Result>(_ body: (inout Streams) -> Result) -> Result? {
        defer { collectStreamEvents() }
        guard !bulk.isEmpty else { return nil }
        return bulk.value?.change(body)
    }

    private mutating func collectStreamEvents() {
        guard !bulk.isEmpty, let told = bulk.value?.takeEvents() else { return }
        for (stream, event) in told { events.append(.stream(stream, event)) }
    }

    // MARK: Receiving

    /// Takes a frame of a stream. Any other is none of this.
    ///
    /// - Returns: whether it brought anything new.
    mutating func receiveStream(_ frame: Frame, at now: Instant) throws(ProtocolViolation) -> Bool {
        // A side that closes has said its last word and listens no more.
        guard isOpen else { return false }
        switch frame {
        case .credit: prepareStreams(at: now)
        case .stream where !bulk.isEmpty: acknowledgements.trackRanges()
        default: break
        }
        // Who never opened or accepted a stream has granted nothing.
        guard !bulk.isEmpty else { throw .unexpectedStream }
        let isNews = try bulk.value?.receive(frame) ?? false
        collectStreamEvents()
        return isNews
    }

    /// Takes an acknowledgement for packets of streams.
    ///
    /// - Parameter held: how long the peer held it back.
    mutating func acknowledgeStreams(_ numbers: AcknowledgedNumbers, held: Duration, at now: Instant) {
        guard !bulk.isEmpty else { return }
        let (most, path) = (Limits.acknowledgementDelay + demand.allowance, path)
        guard
            let (sent, isLargest) = bulk.value?.acknowledged(
                numbers, held: (held, most), path: path, mtu: &mtu, at: now)
        else { return }
        if isLargest, sent >= pathSince { takeSample(now - sent, delay: held, at: now) }
        // What messages left before it is lost is known earlier by this.
        newestAcknowledged = max(newestAcknowledged ?? sent, sent)
        collectStreamEvents()
    }
}
