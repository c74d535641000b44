package import Basics
package import ChatClient
import ChatProtocol
package import ClientCore
package import Sentences
import TextSafety

/// The row above the line being typed: how the link is, and how far one's own lines have got.
package struct StatusLine: Hashable, Sendable {
    /// From how long a silence on it is told. A link that is well is never silent for longer than its keep-alive.
    package static let silenceIsTold: Duration = .seconds(4)

    package var phase = LinkStatus.Phase.connecting
    package var room: String?
    package var memberCount = 0
    package var unsent = 0
    package var delivery: Delivery?
    /// In tenths of a millisecond.
    package var roundTrip: Int64?
    package var lossPerMille: Int?
    /// In seconds.
    package var silence: Int64?
    /// For how many more seconds the server hears no password.
    package var muted: Int64?
    /// For how many more seconds it is tried to reach the server.
    package var remaining: Int64?

    package init() {}

    /// What changes all the time, as it is now.
    mutating func sample(_ status: LinkStatus, at now: Instant) {
        phase = status.phase
        roundTrip = status.roundTrip.map { max(0, $0.wholeNanoseconds) / 100_000 }
        lossPerMille = status.lossPerMille
        let silence = status.lastHeard.map { now - $0 }
        self.silence = silence.flatMap { $0 >= Self.silenceIsTold ? $0.components.seconds : nil }
        muted = status.mutedUntil.flatMap { $0 > now ? ($0 - now).wholeSecondsUp : nil }
        remaining = status.givesUpAt.map { max(0, ($0 - now).wholeSecondsUp) }
    }

    /// The row.
    ///
    /// - Parameter columns: how many it may take; what matters less is left out.
    package func text(columns: Int, _ words: any ScreenSentences) -> String {
        var parts = self.parts(words)
        while parts.count > 1, VisibleText.width(Self.joined(parts)) > columns { parts.removeLast() }
        return VisibleText.cut(Self.joined(parts), to: columns)
    }

    private static func joined(_ parts: [String]) -> String { "-- " + parts.joined(separator: ", ") }

    /// What matters most comes first.
    private func parts(_ words: any ScreenSentences) -> [String] {
        var parts: [String] = []
        if let muted {
            parts.append(words.passwordWait(seconds: muted))
        } else if phase == .connecting {
            parts.append(
                room == nil ? words.connecting(seconds: remaining) : words.reconnecting(seconds: remaining))
        } else if phase == .leaving {
            parts.append(words.leaving)
        }
        if let room { parts.append(words.here(count: memberCount, in: room)) }
        if unsent > 0 { parts.append(words.unsent(unsent)) }
        if let silence { parts.append(words.lastHeard(seconds: silence)) }
        if let delivery, unsent == 0 { parts.append(words.text(of: delivery)) }
        if phase == .online, let roundTrip { parts.append(words.milliseconds(tenths: roundTrip)) }
        if phase == .online, let lossPerMille { parts.append(words.loss(tenths: Int64(lossPerMille))) }
        return parts
    }
}

extension ScreenSentences {
    /// One sign: the server has the line. Two: everybody has it.
    fileprivate func text(of delivery: Delivery) -> String {
        if delivery.total == 0 { return "\u{2713} \(stored)" }
        if delivery.isComplete { return "\u{2713}\u{2713} \(allHaveIt)" }
        let have = Int64(delivery.total) - Int64(delivery.missing)
        return "\u{2713} \(haveIt(have, of: Int64(delivery.total)))"
    }
}

extension Duration {
    /// Rounded up.
    fileprivate var wholeSecondsUp: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
