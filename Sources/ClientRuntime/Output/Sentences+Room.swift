import ChatClient
import ChatProtocol

/// What is said about people, groups and lines. Names and texts of others pass `shown`, unless the caller coloured them.
extension Sentences {
    static let you = "you"

    static func answers(_ target: EntryNumber, _ quote: String) -> String {
        quote.isEmpty ? "  (to line \(target))" : "  (to: \(shown(quote)))"
    }
    /// The line that is meant: how it begins, else its number.
    static func line(_ mark: ShownMark) -> String {
        mark.quote.isEmpty ? "line \(mark.target)" : "\"\(shown(mark.quote))\""
    }
    static func edited(_ name: String, _ line: String, _ text: String) -> String {
        "* \(name) changed \(line): \(text)"
    }
    static func deleted(_ name: String, _ line: String) -> String { "* \(name) took \(line) back" }
    static func reaction(_ name: String, _ line: String, _ sign: String) -> String {
        sign.isEmpty ? "* \(name) took a mark off \(line)" : "* \(name) marked \(line): \(sign)"
    }
    static func typing(_ name: String) -> String { "\(name) is writing" }

    static func topic(_ text: String, by name: String?, in place: String) -> String {
        guard let name else { return text.isEmpty ? "\(place) has no topic" : "Topic of \(place): \(text)" }
        return text.isEmpty ? "\(name) took the topic of \(place) away" : "\(name) set the topic of \(place): \(text)"
    }

    static func away(_ name: String, _ text: String) -> String {
        text.isEmpty ? "\(name) is back" : "\(name) is away: \(text)"
    }

    static func moderated(_ act: ShownModeration) -> String {
        let reason = act.text.isEmpty ? "" : ": \(act.text)"
        let time = act.seconds == 0 ? "" : " for \(span(act.seconds))"
        return switch act.action {
        case .op: "\(act.by) made \(act.name) an operator\(reason)"
        case .deop: "\(act.name) is no operator any more, says \(act.by)\(reason)"
        case .kick: "\(act.by) put \(act.name) out\(reason)"
        case .ban: "\(act.by) banned \(act.name)\(time)\(reason)"
        case .unban: "\(act.by) lets \(act.name) in again\(reason)"
        case .mute: "\(act.by) muted \(act.name)\(time)\(reason)"
        case .unmute: "\(act.by) gave \(act.name) the word back\(reason)"
        case .slow:
            act.seconds == 0
                ? "\(act.by) ended slow mode" : "\(act.by) set slow mode: one line in \(span(act.seconds))"
        }
    }

    static func membership(group: String, _ action: GroupAction, by name: String, person: String) -> String {
        switch action {
        case .create: "\(name) made the group \(group)"
        case .join: "\(name) joined the group \(group)"
        case .leave: "\(name) left the group \(group)"
        case .invite: "\(name) invited \(person) to the group \(group)"
        case .remove: "\(name) put \(person) out of the group \(group)"
        case .makePrivate: "\(name) made the group \(group) private"
        case .makePublic: "\(name) opened the group \(group) to everybody"
        case .handOver: "\(name) handed the group \(group) over to \(person)"
        }
    }

    static func groups(_ groups: [GroupSummary]) -> [String] {
        guard !groups.isEmpty else { return ["There are no groups; :group create <name> makes one."] }
        return groups.map { group in
            let notes = [group.isOwn ? "yours" : nil, group.isPrivate ? "private" : nil].compactMap { $0 }
            let members = group.memberCount == 1 ? "1 member" : "\(group.memberCount) members"
            return "\(shown(group.name)): " + ([members] + notes).joined(separator: ", ")
        }
    }

    static func people(_ people: [Presence]) -> [String] {
        people.map { person in
            var parts = [shown(person.name)]
            if person.isOperator { parts.append("operator") }
            if person.roundTripMicroseconds > 0 {
                let tenths = person.roundTripMicroseconds / 100
                parts.append("round trip \(tenths / 10).\(tenths % 10) ms")
            }
            parts.append("loss \(person.lossPerMille / 10).\(person.lossPerMille % 10) %")
            parts.append("last heard \(person.silenceMilliseconds / 1_000) s ago")
            if !person.away.isEmpty { parts.append("away: \(shown(person.away))") }
            return parts.joined(separator: ", ")
        }
    }

    static func seen(_ receipts: ShownReceipts) -> String {
        guard receipts.total > 0 else { return "Nobody else is there who could have it." }
        let have = Int64(receipts.total) - Int64(receipts.missingCount)
        guard receipts.missingCount > 0 else { return "\(have) of \(receipts.total)" }
        let more = Int64(receipts.missingCount) - Int64(receipts.missing.count)
        let names = receipts.missing.map(shown).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        return "\(have) of \(receipts.total); missing \(names)"
    }

    private static func span(_ seconds: UInt32) -> String {
        seconds % 60 == 0 && seconds >= 60 ? "\(seconds / 60) min" : "\(seconds) s"
    }
}
