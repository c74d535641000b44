package import Basics
import ChatDomain
import ChatProtocol
import Transport

/// Stopping: what is under way arrives, then everybody is told, then it is over. Each step has its time.
extension ServerCore {
    private static let flushTime: Duration = .milliseconds(500)
    private static let closeTime: Duration = .seconds(1)

    /// Begins to stop. Who knocks from now on hears nothing, and so tries again when the next server is there.
    package mutating func shutDown(at now: Instant, wall: WallTime) {
        guard case .serving = phase else { return }
        phase = .flushing(until: now + Self.flushTime)
        endpoint.stopGreeting()
        settle(at: now, wall: wall)
    }

    /// Whether everybody has confirmed the end, or was given up.
    package var isDrained: Bool {
        if case .drained = phase { return true }
        return false
    }

    mutating func advanceShutdown(at now: Instant) {
        switch phase {
        case .serving, .drained: return
        case .flushing(let until):
            guard until <= now || !(chat.awaitsStore || endpoint.hasUnconfirmed) else { return }
            endpoint.closeAll(
                CloseReason(code: CloseReason.firstApplicationCode, text: LeaveReason.shutdown.rawValue), at: now)
            phase = endpoint.peerCount == 0 ? .drained : .closing(until: now + Self.closeTime)
        case .closing(let until):
            if until <= now || endpoint.peerCount == 0 { phase = .drained }
        }
    }
}
