package import Basics

/// How a client shall acknowledge, as its server asks (after draft-ietf-quic-ack-frequency).
///
/// By itself a client tells each message at once where few come. At fan-out that is as many packets to the server as
/// from it. Where nearly nothing is lost the server learns as much from one in a while; a gap is still told at once.
package struct AcknowledgementPolicy: Hashable, Sendable {
    /// Grows with each policy of a connection, so that a late one does not undo a newer one; the first is 1.
    package var sequence: UInt64
    /// An acknowledgement waits for no more packets than this: 1...`Limits.fanOutAcknowledgementPackets`.
    package var packets: Int
    /// An acknowledgement waits at most so long, up to `Limits.longestAcknowledgementDelay`; zero: as the client finds
    /// right by itself.
    package var delay: Duration

    package init(sequence: UInt64, packets: Int, delay: Duration) {
        self.sequence = sequence
        self.packets = packets
        self.delay = delay
    }

    /// Reads what follows the type of an ACK_POLICY frame.
    init(parsing input: inout Span<UInt8>) throws(WireError) {
        sequence = try input.takeVarInt()
        guard sequence >= 1 else { throw .invalid(field: "sequence number") }
        let packets = try input.take(UInt8.self)
        guard packets >= 1, packets <= Limits.fanOutAcknowledgementPackets else { throw .invalid(field: "packets") }
        self.packets = Int(packets)
        delay = Limits.acknowledgementDelayUnit * Int(try input.take(UInt16.self))
        guard delay <= Limits.longestAcknowledgementDelay else { throw .invalid(field: "delay") }
    }

    func emit(into bytes: inout [UInt8]) {
        bytes.putVarInt(sequence)
        bytes.append(UInt8(clamping: packets))
        let units = delay.wholeNanoseconds / Limits.acknowledgementDelayUnit.wholeNanoseconds
        bytes.put(UInt16(clamping: units))
    }

    /// An upper bound of the frame's length.
    static let frameBytes = 1 + 8 + 1 + 2
}

/// What a server asks of one client, and what that costs the server's own patience.
///
///     own pace --many peers, no loss--> asks for fewer --loss, or few peers--> takes it back --acknowledged--> own pace
struct AcknowledgementDemand: Sendable {
    private(set) var policy = AcknowledgementPolicy(
        sequence: 0, packets: Limits.acknowledgementPackets, delay: .zero)
    /// Whether the client has to be told.
    private(set) var isPending = false
    /// Whether the client may not know yet that the last policy was taken back.
    private var mayDelay = false

    /// Whether it must be told at once and not along with what leaves anyway.
    var isUrgent: Bool { isPending && policy.delay == .zero }

    /// How much later than by itself the client may acknowledge.
    var allowance: Duration { mayDelay ? Limits.fanOutAcknowledgementDelay : .zero }

    /// Follows the estimate of the loss.
    ///
    /// - Parameters:
    ///   - isFanOut: whether so many peers are connected that their acknowledgements weigh.
    ///   - loss: the share of packets lost, 0...1.
    mutating func update(isFanOut: Bool, loss: Double) {
        let wantsFewer = isFanOut && loss < Limits.fanOutLoss
        guard wantsFewer != (policy.delay > .zero) else { return }
        policy.sequence += 1
        policy.delay = wantsFewer ? Limits.fanOutAcknowledgementDelay : .zero
        policy.packets = wantsFewer ? Limits.fanOutAcknowledgementPackets : Limits.acknowledgementPackets
        isPending = true
        if wantsFewer { mayDelay = true }
    }

    /// The policy to tell in a packet that leaves now.
    mutating func take() -> AcknowledgementPolicy? {
        guard isPending else { return nil }
        isPending = false
        return policy
    }

    mutating func acknowledge(_ sequence: UInt64) {
        if sequence == policy.sequence, policy.delay == .zero { mayDelay = false }
    }

    mutating func resend(_ sequence: UInt64) {
        if sequence == policy.sequence { isPending = true }
    }
}
