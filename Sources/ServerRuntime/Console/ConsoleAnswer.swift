import Basics
import ChatDomain
import ChatProtocol
import ServerCore
import SocketIO
import TextSafety

/// What the console answers. Whatever members chose (names, reasons, topics, groups) is made visible here: no answer can
/// move the cursor or forge a line.
enum ConsoleAnswer {
    static func list(_ members: [MemberSummary], at now: Instant) -> String {
        guard !members.isEmpty else { return "Nobody is here." }
        let rows = members.map { member in
            [
                shown(member.name), member.address.description, CivilTime(local: member.since).clock,
                member.roundTrip.map(milliseconds) ?? "-",
                member.lastHeard.map { "\(max(0, (now - $0).components.seconds)) s ago" } ?? "-",
                [member.isOperator ? "operator" : "", member.isMuted ? "muted" : ""].filter { !$0.isEmpty }
                    .joined(separator: ", "),
            ]
        }
        return TextTable.aligned([["name", "address", "since", "round trip", "last heard", ""]] + rows)
    }

    /// `0.4 ms`, `87 ms`.
    static func milliseconds(_ duration: Duration) -> String {
        let tenths = max(0, duration.wholeNanoseconds) / 100_000
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10) ms" : "\(tenths / 10) ms"
    }

    /// What is said about an order that was carried out.
    static func done(_ order: OperatorOrder) -> String {
        switch order {
        case .moderate(let action, let name, let seconds, _): done(action, shown(name), seconds)
        case .rename(let old, let new): "\(shown(old)) is now \(shown(new))."
        case .personal(let name, _): "\(shown(name)) is told."
        case .topic(""): "The room has no topic any more."
        case .topic(let text): "The room's topic: \(shown(text))"
        }
    }

    private static func done(_ action: Moderation, _ name: String, _ seconds: UInt32) -> String {
        switch action {
        case .op: "\(name) is an operator."
        case .deop: "\(name) is an ordinary member again."
        case .kick: "\(name) was put out."
        case .ban: "\(name) is banned; :unban \(name) takes it back."
        case .unban: "\(name) is not banned any more."
        case .mute: seconds == 0 ? "\(name) is muted until :unmute." : "\(name) is muted for \(seconds / 60) min."
        case .unmute: "\(name) may write again."
        case .slow: seconds == 0 ? "Slow mode is off." : "Slow mode: one line in \(seconds) s for each member."
        }
    }

    static func groups(_ groups: [GroupSummary]) -> String {
        guard !groups.isEmpty else { return "There are no groups." }
        let rows = groups.map { [shown($0.name), "\($0.memberCount)", $0.isPrivate ? "private" : "open"] }
        return TextTable.aligned([["group", "members", ""]] + rows)
    }

    /// - Parameter names: nil where there is no such group.
    static func members(_ names: [String]?, of group: String) -> String {
        guard let names else { return "There is no group called \(shown(group))." }
        return "\(shown(group)) (\(names.count)): \(names.map(shown).joined(separator: ", "))"
    }

    static func bans(
        _ bans: [(shown: String, reason: String)], mutes: [(shown: String, left: Duration?)]
    ) -> String {
        guard !bans.isEmpty || !mutes.isEmpty else { return "Nobody is banned or muted." }
        let rows =
            bans.map { ["banned", shown($0.shown), shown($0.reason)] }
            + mutes.map { ["muted", shown($0.shown), $0.left.map { "\(minutes($0)) min left" } ?? "until :unmute"] }
        return TextTable.aligned(rows)
    }

    private static func minutes(_ left: Duration) -> Int64 { (left.components.seconds + 59) / 60 }

    static func audit(_ entries: [AuditEntry]) -> String {
        guard !entries.isEmpty else { return "No operator has done anything." }
        return TextTable.aligned(
            entries.map { entry in
                let time = CivilTime(local: entry.time)
                return ["\(time.date) \(time.clock)", shown(entry.actor), shown(entry.text)]
            })
    }

    private static func shown(_ text: String) -> String { VisibleText.forTerminal(text) }
}
