import ChatProtocol

/// What is seen of the room. Names in `joined`, `left`, `renamed`, `typing` and the marks may be coloured: they come
/// harmless. Lines of `topic`, `away`, `moderated` and `membership` are made harmless as a whole by whoever shows them;
/// all else is made harmless here.
struct EnglishRoom: RoomSentences {
    // MARK: Coming and going

    var greetingHint: String { "Type a line to say it; QUIT leaves, :help lists the commands." }
    var earlier: String { "-- earlier --" }
    var now: String { "-- now --" }
    var tooLongLine: String { "The line was not sent: it is too long." }
    var bye: String { "You left the room." }
    func connecting(_ server: String) -> String { "Connecting to \(shown(server)) ..." }
    func greeting(name: String, server: String, room: String) -> [String] {
        ["Connected to \(shown(server)) as \(shown(name)). You are in \(shown(room))."]
    }
    func here(_ names: [String]) -> String { "Here (\(names.count)): \(list(names))" }
    func members(_ names: [String], room: String) -> String {
        "In \(shown(room)) (\(names.count)): \(list(names))"
    }
    func joined(_ name: String) -> String { "\(name) joined" }
    func left(_ name: String, _ reason: LeaveReason) -> String {
        switch reason {
        case .quit: "\(name) left"
        case .timeout: "\(name) left (connection lost)"
        case .kicked: "\(name) left (put out)"
        case .banned: "\(name) left (banned)"
        case .shutdown: "\(name) left (the server stops)"
        }
    }
    func renamed(_ old: String, _ new: String) -> String { "\(old) is now \(new)" }
    func error(_ line: String) -> String { "! \(line)" }
    func disconnected(_ reason: String) -> String {
        switch reason {
        case "shutdown": "-- the server stops --"
        case "timeout": "-- the server is not heard any more --"
        case "replaced": "-- signed in elsewhere --"
        case "restarted": "-- the server was started anew --"
        default: "-- disconnected (\(shown(reason))) --"
        }
    }
    func reconnecting(seconds: Int64) -> String {
        "-- trying to reach the server for up to \(seconds) s; what you type is sent then --"
    }
    func resumed(missed: Int) -> String {
        switch missed {
        case 0: "-- back; nothing was missed --"
        case 1: "-- back; 1 message was missed, it is above --"
        default: "-- back; \(missed) messages were missed, they are above --"
        }
    }

    // MARK: The prompt

    var promptConnecting: String { "connecting> " }
    var promptLeaving: String { "leaving> " }

    // MARK: Lines

    var you: String { "you" }
    func answers(_ target: EntryNumber, _ quote: String) -> String {
        quote.isEmpty ? "  (to line \(target))" : "  (to: \(shown(quote)))"
    }
    func line(_ target: EntryNumber, _ quote: String) -> String {
        quote.isEmpty ? "line \(target)" : "\"\(shown(quote))\""
    }
    func edited(_ name: String, _ line: String, _ text: String) -> String { "* \(name) changed \(line): \(text)" }
    func deleted(_ name: String, _ line: String) -> String { "* \(name) took \(line) back" }
    func reaction(_ name: String, _ line: String, _ sign: String) -> String {
        sign.isEmpty ? "* \(name) took a mark off \(line)" : "* \(name) marked \(line): \(sign)"
    }
    func typing(_ name: String) -> String { "\(name) is writing" }
    func topic(_ text: String, by name: String?, in place: String) -> String {
        guard let name else { return text.isEmpty ? "\(place) has no topic" : "Topic of \(place): \(text)" }
        return text.isEmpty ? "\(name) took the topic of \(place) away" : "\(name) set the topic of \(place): \(text)"
    }
    func away(_ name: String, _ text: String) -> String {
        text.isEmpty ? "\(name) is back" : "\(name) is away: \(text)"
    }
    func moderated(_ action: Moderation, by: String, name: String, seconds: UInt32, text: String) -> String {
        let reason = text.isEmpty ? "" : ": \(text)"
        let time = seconds == 0 ? "" : " for \(English.exactSpan(Int64(seconds)))"
        return switch action {
        case .op: "\(by) made \(name) an operator\(reason)"
        case .deop: "\(name) is no operator any more, says \(by)\(reason)"
        case .kick: "\(by) put \(name) out\(reason)"
        case .ban: "\(by) banned \(name)\(time)\(reason)"
        case .unban: "\(by) lets \(name) in again\(reason)"
        case .mute: "\(by) muted \(name)\(time)\(reason)"
        case .unmute: "\(by) gave \(name) the word back\(reason)"
        case .slow where seconds == 0: "\(by) ended slow mode"
        case .slow: "\(by) set slow mode: one line in \(English.exactSpan(Int64(seconds)))"
        }
    }
    func membership(group: String, _ action: GroupAction, by name: String, person: String) -> String {
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

    // MARK: Lists

    var noGroups: String { "There are no groups; :group create <name> makes one." }
    func group(_ group: GroupSummary) -> String {
        let notes = [group.isOwn ? "yours" : nil, group.isPrivate ? "private" : nil].compactMap { $0 }
        let members = English.count(Int64(group.memberCount), "member", "members")
        return "\(shown(group.name)): " + ([members] + notes).joined(separator: ", ")
    }
    func person(_ person: Presence) -> String {
        var parts = [shown(person.name)]
        if person.isOperator { parts.append("operator") }
        if person.roundTripMicroseconds > 0 {
            parts.append("round trip \(English.tenths(Int64(person.roundTripMicroseconds / 100))) ms")
        }
        parts.append("loss \(English.tenths(Int64(person.lossPerMille))) %")
        parts.append("last heard \(person.silenceMilliseconds / 1_000) s ago")
        if !person.away.isEmpty { parts.append("away: \(shown(person.away))") }
        return parts.joined(separator: ", ")
    }
    var seenByNobody: String { "Nobody else is there who could have it." }
    func seen(_ have: Int64, of total: Int64, missing: [String], more: Int64) -> String {
        guard have < total else { return "\(have) of \(total)" }
        return "\(have) of \(total); missing \(list(missing))" + (more > 0 ? " and \(more) more" : "")
    }
}
