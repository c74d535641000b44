package import Basics
package import ChatDomain
package import ChatProtocol
import Transport

/// What the console does and asks.
extension ServerCore {
    /// The operator orders something.
    ///
    /// - Returns: nil when it was done, else why not.
    package mutating func operate(_ order: OperatorOrder, at now: Instant, wall: WallTime) -> Refusal? {
        let refusal = chat.operate(order, at: now, wall: wall)
        settle(at: now, wall: wall)
        return refusal
    }

    /// Says a sentence to everybody who is present, at once and in no log.
    package mutating func announce(_ sentence: ServerSentence, at now: Instant, wall: WallTime) {
        chat.announce(sentence)
        settle(at: now, wall: wall)
    }

    /// Takes what can change while people are in the room; it holds for who comes in from now on.
    ///
    /// - Parameter memberLimit: 1...`ChatLimits.membersAtMost`; what is outside is moved to the nearer end.
    package mutating func configure(server: String, memberLimit: Int, admitsGuests: Bool) {
        chat.configure(server: server, memberLimit: memberLimit, admitsGuests: admitsGuests)
    }

    /// Asks everybody who is present for the password again: their connections end, and they come back by it.
    package mutating func askEverybodyAgain(at now: Instant, wall: WallTime) {
        for peer in memberOfPeer.keys.sorted(by: { $0.order < $1.order }) {
            let reason = CloseReason(code: CloseReason.firstApplicationCode, text: "password changed")
            endpoint.close(peer, reason, at: now)
            lose(peer, reason: .timeout, at: now, wall: wall)
        }
        settle(at: now, wall: wall)
    }

    /// Every group, private ones included.
    package var groups: [GroupSummary] { chat.groupSummaries }

    /// The names of the members of a group, the owner first; nil when there is no such group.
    package func members(ofGroup name: String) -> [String]? { chat.groupMembers(name) }

    /// What operators did last, oldest first.
    package func audit(last count: Int) -> [AuditEntry] { chat.audit(last: count) }

    /// Whom and what bans keep out: as named, and why.
    package var bans: [(shown: String, reason: String)] { chat.bans }

    /// Who may not write, and for how long still; nil: not by itself.
    package func mutes(at now: Instant) -> [(shown: String, left: Duration?)] { chat.mutes(at: now) }

    /// How many people are present.
    package var memberCount: Int { chat.counts.members }

    /// What the room is called.
    package var roomName: String { chat.configuration.room }

    /// The name under which the console speaks.
    package var operatorName: String { chat.configuration.operatorName.display }

    /// How much the chat keeps of what.
    package var counts: ChatCounts { chat.counts }
}
