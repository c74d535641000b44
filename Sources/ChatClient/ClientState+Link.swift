package import ChatProtocol

/// What the owner of the link tells the person through the same stream of events, and asks before leaving.
extension ClientState {
    /// Another try to reach the server begins.
    package mutating func reconnecting(attempt: Int, remaining: Duration) {
        emit(.reconnecting(attempt: attempt, remaining: remaining))
    }

    /// Something ended the link for good.
    package mutating func failed(_ code: ErrorCode, _ text: String) {
        emit(.error(code: code, text: text))
    }

    /// The last event.
    package mutating func ended(reason: String) {
        emit(.bye(reason: reason))
    }

    /// Whether the client is in the room and everything that was there at the login has been shown.
    package var isCaughtUp: Bool {
        guard case .present = link else { return false }
        return timeline?.isLive ?? false
    }

    /// Whether the server owes an answer to something that was asked.
    package var awaitsAnswer: Bool { !lists.isEmpty }

    /// The texts of the lines without a receipt, oldest first.
    package var unconfirmedLines: [String] { outbox.texts }
}
