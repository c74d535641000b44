import Basics
import ChatDomain
import ChatProtocol
import Sentences
import ServerCore
import SocketIO
import TextSafety

/// What the console answers. Whatever members chose (names, reasons, topics, groups) is made visible here: no answer can
/// move the cursor or forge a line.
struct ConsoleAnswer {
    private let words: any ConsoleSentences

    init(_ language: Language) {
        words = language.console
    }

    func list(_ members: [MemberSummary], at now: Instant) -> String {
        guard !members.isEmpty else { return words.nobodyHere }
        let rows = members.map { member in
            [
                shown(member.name), member.address.description, CivilTime(local: member.since).clock,
                member.roundTrip.map(milliseconds) ?? "-",
                "\(member.lossPerMille / 10).\(member.lossPerMille % 10) %", member.lag.map { "\($0)" } ?? "-",
                member.lastHeard.map { words.ago(seconds: max(0, (now - $0).components.seconds)) } ?? "-",
                [member.isOperator ? words.isOperator : "", member.isMuted ? words.isMuted : ""].filter { !$0.isEmpty }
                    .joined(separator: ", "),
            ]
        }
        return TextTable.aligned([words.listColumns] + rows)
    }

    /// `0.4 ms`, `87 ms`.
    func milliseconds(_ duration: Duration) -> String {
        words.milliseconds(tenths: max(0, duration.wholeNanoseconds) / 100_000)
    }

    /// What is said about an order that was carried out.
    func done(_ order: OperatorOrder) -> String {
        switch order {
        case .moderate(let action, let name, let seconds, _): words.done(action, name, seconds: seconds)
        case .rename(let old, let new): words.renamed(old, new)
        case .personal(let name, _): words.told(name)
        case .topic(let text): words.topic(text)
        }
    }

    func groups(_ groups: [GroupSummary]) -> String {
        guard !groups.isEmpty else { return words.noGroups }
        let rows = groups.map { [shown($0.name), "\($0.memberCount)", $0.isPrivate ? words.isPrivate : words.isOpen] }
        return TextTable.aligned([words.groupColumns] + rows)
    }

    /// - Parameter names: nil where there is no such group.
    func members(_ names: [String]?, of group: String) -> String {
        names.map { words.members($0, of: group) } ?? words.noSuchGroup(group)
    }

    func bans(
        _ bans: [(shown: String, reason: String)], mutes: [(shown: String, left: Duration?)]
    ) -> String {
        guard !bans.isEmpty || !mutes.isEmpty else { return words.noBans }
        let rows =
            bans.map { [words.banned, shown($0.shown), shown($0.reason)] }
            + mutes.map {
                [words.muted, shown($0.shown), $0.left.map { words.left(minutes: minutes($0)) } ?? words.untilUnmute]
            }
        return TextTable.aligned(rows)
    }

    private func minutes(_ left: Duration) -> Int64 { (left.components.seconds + 59) / 60 }

    func audit(_ entries: [AuditEntry]) -> String {
        guard !entries.isEmpty else { return words.noActs }
        return TextTable.aligned(
            entries.map { entry in
                let time = CivilTime(local: entry.time)
                return ["\(time.date) \(time.clock)", shown(entry.actor), shown(entry.text)]
            })
    }

    private func shown(_ text: String) -> String { VisibleText.forTerminal(text) }
}
