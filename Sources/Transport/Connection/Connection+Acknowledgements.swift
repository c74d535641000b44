import Basics
import Crypto

/// What a server asks of its client's acknowledgements, and of itself when its processor is short of time.
extension Connection {
    /// Follows what the server knows about the number of its peers, and the loss on this path.
    ///
    /// - Parameter isFanOut: whether `Limits.fanOutPeers` are connected.
    mutating func updatePolicy(isFanOut: Bool) {
        guard role == .server, isOpen else { return }
        // A busy machine takes a path that lost nothing yet for one without loss: it can't wait until it knows.
        let isClean = redundancy.isHostBusy && !redundancy.loss.hasLoss
        demand.update(isFanOut: isFanOut, loss: isClean ? 0 : redundancy.loss.rate)
    }

    /// Tells the client how to acknowledge: along with what leaves anyway, at once when it shall not wait any more.
    mutating func emitPolicy(into datagram: inout [UInt8], _ frames: inout SentFrames, headerCount: Int) {
        guard isOpen, datagram.count > headerCount || demand.isUrgent,
            datagram.count + AcknowledgementPolicy.frameBytes + PacketKey.tagBytes <= Limits.datagramBytes,
            let policy = demand.take()
        else { return }
        Frame.acknowledgementPolicy(policy).emit(into: &datagram)
        frames.append(.acknowledgementPolicy(policy.sequence))
    }

    /// The owner's processor has no time for copies, or has it again.
    mutating func setHostBusy(_ isBusy: Bool, at now: Instant) {
        redundancy.isHostBusy = isBusy
        planCopies(at: now)
    }
}
