package import Basics
package import ChatProtocol

/// What the owner of the link tells the person through the same stream of events, and asks before leaving.
extension ClientState {
    /// Another try to reach the server begins.
    package mutating func reconnecting(attempt: Int, remaining: Duration) {
        emit(.reconnecting(attempt: attempt, remaining: remaining))
    }

    /// Something ended the link for good, or can't be done.
    package mutating func failed(_ code: ErrorCode, _ text: String) {
        emit(.error(code: code, text: text))
    }

    /// A sentence for the person.
    package mutating func note(_ text: String) {
        emit(.notice(text: text))
    }

    /// The last event.
    package mutating func ended(reason: String) {
        emit(.bye(reason: reason))
    }

    /// Whether the client is in the room and everything that was there at the login has been shown, of all logs.
    package var isCaughtUp: Bool {
        guard case .present = link else { return false }
        return arrival == nil && hasFollowed
    }

    /// The name as the server has it, or as it was typed.
    package var ownName: String { name }

    /// The logs that are followed, and how far each was shown.
    package var followed: [FollowedPosition] {
        logs.all.map {
            FollowedPosition(log: $0.id, kind: $0.kind, title: $0.title, cursor: $0.timeline.cursor)
        }
    }

    /// Whether the server owes an answer to something that was asked.
    package var awaitsAnswer: Bool { !questions.isEmpty }

    /// What has no receipt or waits for its turn, as it was typed, oldest first.
    package var unconfirmedLines: [String] { outbox.texts + held }
}
