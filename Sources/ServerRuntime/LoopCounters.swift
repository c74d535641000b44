import ChatDomain
import TextSafety
import Transport

/// What the loop counts, for `:stats`.
struct LoopCounters: Hashable {
    /// Datagrams.
    var received: UInt64 = 0
    /// Datagrams.
    var sent: UInt64 = 0
    var messages: UInt64 = 0
    var refusals: UInt64 = 0

    mutating func note(_ observation: RoomObservation) {
        switch observation {
        case .message, .group, .personal: messages += 1
        case .refused: refusals += 1
        case .joined, .left, .renamed, .moderated, .topic: break
        }
    }

    func text(_ counts: ChatCounts, drops: DropCounters, uptime: Duration) -> String {
        TextTable.aligned([
            ["up", Self.span(uptime)],
            ["members", "\(counts.members), and \(counts.reserved) names kept for those who were lost"],
            ["known people", "\(counts.accounts)"],
            ["groups", "\(counts.groups)"],
            ["bans, mutes", "\(counts.bans), \(counts.mutes)"],
            ["topic", counts.topic.isEmpty ? "-" : VisibleText.forTerminal(counts.topic)],
            ["slow mode", counts.slowSeconds == 0 ? "off" : "\(counts.slowSeconds) s"],
            ["room's last entry", "\(counts.roomEnd)"],
            ["messages", "\(messages)"],
            ["logins refused", "\(refusals)"],
            ["datagrams", "\(received) received, \(sent) sent"],
            [
                "dropped",
                "\(drops.foreign) foreign, \(drops.malformed) malformed, \(drops.unknown) of no connection, "
                    + "\(drops.unauthenticated) not authentic, \(drops.overLimit) over a limit",
            ],
        ])
    }

    /// `3 d 04:05:06`, `04:05:06`.
    static func span(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return seconds < 86_400 ? clock : "\(seconds / 86_400) d \(clock)"
    }
}
