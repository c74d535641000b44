import Basics
import ChatDomain
import ChatProtocol
import Sentences
import TextSafety
import Transport

/// What the loop counts, for `:stats` and the figures over HTTP.
struct LoopCounters: Hashable {
    /// Datagrams.
    var received: UInt64 = 0
    /// Datagrams.
    var sent: UInt64 = 0
    /// Datagrams that came and that the kernel dropped; nil where it does not tell.
    private(set) var droppedByKernel: UInt64?
    /// What the kernel said last: it begins again after 2^32 - 1.
    private var kernelDrops: UInt32 = 0
    /// In the room.
    var roomLines: UInt64 = 0
    /// In groups.
    var groupLines: UInt64 = 0
    /// Between two people.
    var privateLines: UInt64 = 0
    var joins: UInt64 = 0
    /// By their words, of which there are a few.
    var leaves: [String: UInt64] = [:]
    /// Who was not let in, by the words of the reasons, of which there are a few.
    var refusalsByReason: [String: UInt64] = [:]

    var messages: UInt64 { roomLines + groupLines + privateLines }
    var refusals: UInt64 { refusalsByReason.values.reduce(0, +) }

    /// Notes how many datagrams the kernel has dropped since the socket was opened, as it says itself.
    mutating func note(kernelDrops drops: UInt32?) {
        guard let drops else { return }
        droppedByKernel = (droppedByKernel ?? 0) + UInt64(drops &- kernelDrops)
        kernelDrops = drops
    }

    mutating func note(_ observation: RoomObservation) {
        switch observation {
        case .message: roomLines += 1
        case .group: groupLines += 1
        case .personal: privateLines += 1
        case .joined: joins += 1
        case .left(_, let reason): leaves[reason.rawValue, default: 0] += 1
        case .refused(_, _, let reason): refusalsByReason[reason.rawValue, default: 0] += 1
        case .renamed, .moderated, .topic: break
        }
    }

    func text(
        in language: Language, _ counts: ChatCounts, drops: DropCounters, uptime: Duration
    ) -> String {
        let words = language.console
        let rows = words.statsRows
        return TextTable.aligned([
            [rows.uptime, Self.span(uptime, in: language)],
            [rows.members, words.members(counts.members, reserved: counts.reserved)],
            [rows.people, "\(counts.accounts)"],
            [rows.groups, "\(counts.groups)"],
            [rows.bansAndMutes, "\(counts.bans), \(counts.mutes)"],
            [rows.topic, counts.topic.isEmpty ? "-" : VisibleText.forTerminal(counts.topic)],
            [rows.slowMode, words.slow(seconds: counts.slowSeconds)],
            [rows.lastEntry, "\(counts.roomEnd)"],
            [rows.messages, "\(messages)"],
            [rows.refusals, "\(refusals)"],
            [rows.datagrams, words.datagrams(received: received, sent: sent)],
            [
                rows.dropped,
                words.dropped(
                    foreign: drops.foreign, malformed: drops.malformed, unknown: drops.unknown,
                    unauthenticated: drops.unauthenticated, overLimit: drops.overLimit),
            ],
            [rows.droppedByKernel, droppedByKernel.map { "\($0)" } ?? "-"],
        ])
    }

    /// `3 d 04:05:06`, `04:05:06`.
    static func span(_ duration: Duration, in language: Language) -> String {
        let seconds = max(0, duration.components.seconds)
        let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return language.console.uptime(days: seconds / 86_400, clock: clock)
    }
}

/// The system calls that the loop makes for datagrams, and to wait for them: what it does is counted and not timed, so that
/// a machine under load tells the same.
struct SystemCalls: Hashable {
    /// `sendmmsg`.
    var sends: UInt64 = 0
    /// `recvmmsg`.
    var receives: UInt64 = 0
    /// `epoll_wait`.
    var waits: UInt64 = 0
    /// `timerfd_settime`.
    var timers: UInt64 = 0

    /// By the names of the calls.
    var rows: [(value: String, count: UInt64)] {
        [("epoll_wait", waits), ("recvmmsg", receives), ("sendmmsg", sends), ("timerfd_settime", timers)]
    }
}
