import Basics

/// Who takes part in the comparison.
package enum Contender: String, CaseIterable, Sendable {
    case ours, tcp, enet, kcp, kcpFlushed, quic

    /// What people call it.
    package var name: String {
        switch self {
        case .ours: "this"
        case .tcp: "TCP"
        case .enet: "ENet"
        case .kcp: "KCP"
        case .kcpFlushed: "KCP flushed"
        case .quic: "QUIC"
        }
    }

    /// Plays a case: ours over both hops of the room, the others over the senders' path alone, which flatters them by the
    /// way to the receiver.
    package func play(_ scenario: LatencyCase) -> LatencyResult {
        let (roundTrip, bytes) = (scenario.delay * 2, scenario.messageBytes)
        switch self {
        case .ours: return RoomLatency.run(scenario)
        case .tcp: return FlowRun.play(scenario) { _ in TCPRules(roundTrip: roundTrip, messageBytes: bytes) }
        case .enet:
            let milliseconds = Int(roundTrip.wholeNanoseconds / 1_000_000)
            return FlowRun.play(scenario) { _ in ENetRules(roundTrip: milliseconds, messageBytes: bytes) }
        case .kcp:
            return FlowRun.play(scenario) { KCPRules(phase: $0, flushesOnSend: false, messageBytes: bytes) }
        case .kcpFlushed:
            return FlowRun.play(scenario) { KCPRules(phase: $0, flushesOnSend: true, messageBytes: bytes) }
        case .quic: return FlowRun.play(scenario) { _ in QUICRules(roundTrip: roundTrip, messageBytes: bytes) }
        }
    }
}
