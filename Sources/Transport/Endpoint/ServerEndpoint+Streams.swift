package import Basics

/// Byte streams of peers, as `Connection` has them. What concerns a peer that is gone does nothing.
extension ServerEndpoint {
    /// Opens a stream to a peer.
    ///
    /// - Returns: nil when too many are open, or the peer is gone.
    package mutating func openStream(to id: PeerID, at now: Instant) -> StreamID? {
        change(id, at: now) { $0.openStream(at: now) } ?? nil
    }

    /// How many bytes `write` takes now.
    package mutating func room(in stream: StreamID, of id: PeerID) -> Int {
        peers[id]?.connection.room(in: stream) ?? 0
    }

    /// Writes to a stream.
    ///
    /// - Returns: how many of the bytes were taken.
    package mutating func write(
        _ bytes: ArraySlice<UInt8>, to stream: StreamID, of id: PeerID, at now: Instant
    ) -> Int {
        change(id, at: now) { $0.write(bytes, to: stream) } ?? 0
    }

    /// Ends a stream: what was written will arrive.
    package mutating func finish(_ stream: StreamID, of id: PeerID, at now: Instant) {
        change(id, at: now) { $0.finish(stream) }
    }

    /// Gives up a stream that is written here.
    package mutating func reset(_ stream: StreamID, of id: PeerID, code: UInt64, at now: Instant) {
        change(id, at: now) { $0.reset(stream, code: code) }
    }

    /// Accepts streams of a peer, so many at a time. At first none is.
    package mutating func acceptStreams(_ count: Int, from id: PeerID, at now: Instant) {
        change(id, at: now) { $0.acceptStreams(count, at: now) }
    }

    /// Accepts a stream that a peer has announced.
    ///
    /// - Returns: whether it was accepted.
    package mutating func expectStream(_ stream: StreamID, from id: PeerID, at now: Instant) -> Bool {
        change(id, at: now) { $0.expectStream(stream, at: now) } ?? false
    }

    /// Takes bytes of a stream, which grants the peer as many more.
    package mutating func read(_ stream: StreamID, of id: PeerID, upTo limit: Int, at now: Instant) -> [UInt8] {
        change(id, at: now) { $0.read(stream, upTo: limit) } ?? []
    }

    /// Wants no more of a stream of a peer.
    package mutating func stop(_ stream: StreamID, of id: PeerID, code: UInt64, at now: Instant) {
        change(id, at: now) { $0.stop(stream, code: code) }
    }

    /// Changes a peer's connection, and sees to what follows.
    @discardableResult
    private mutating func change<Result>(
        _ id: PeerID, at now: Instant, _ body: (inout Connection) -> Result
    ) -> Result? {
        guard peers.contains(id) else { return nil }
        let result = peers[id]?.change(body)
        update(id, at: now)
        return result
    }
}
