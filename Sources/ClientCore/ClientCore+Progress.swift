import ChatClient
package import ChatProtocol

/// How far a client has got: what the simulator and programs that drive a client ask.
extension ClientCore {
    /// How far the room's log was shown; nil before the first join.
    package var cursor: LogCursor? { state.login.cursor }

    /// Whether the client is in the room and everything that was there at the login has been shown.
    package var isCaughtUp: Bool {
        guard case .online = phase else { return false }
        return state.isCaughtUp
    }

    /// How many lines have no receipt.
    package var unsentCount: Int { state.unsentCount }

    /// Whether the server owes an answer to something that was asked.
    package var awaitsAnswer: Bool { state.awaitsAnswer }
}
