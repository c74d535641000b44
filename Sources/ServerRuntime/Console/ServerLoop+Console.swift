import Basics
import ChatProtocol
import ProgramFrame
import ServerCore
import SocketIO
import TextSafety
import Transport

/// What the operator and the system's administrator ask for.
extension ServerLoop {
    // MARK: The console

    mutating func readInput() {
        for line in input.readLines(poller: &poller) {
            switch line {
            case .tooLong: notice("say", "This line is longer than \(LineSplitter.usualLimit) bytes and was left out.")
            case .text(let text):
                if let line = ConsoleLine(text) { follow(line) }
            }
        }
    }

    private mutating func follow(_ line: ConsoleLine) {
        // What an earlier line did stands before the answer to this one.
        defer { showRoom() }
        switch line {
        case .say(let text):
            let refusal = core.say(text, at: MonotonicClock.now, wall: WallClock.now)
            if let refusal { notice("say", refusal.text) }
        case .mistake(let word, let text): notice(word, text)
        case .command(.list, let word): notice(word, memberList)
        case .command(.stats, let word): notice(word, counters.text(members: core.members.count, drops: core.drops))
        case .command(.help, let word): notice(word, ConsoleLine.helpText)
        case .command(.shutDown(let seconds), let word): shutDown(after: seconds, word)
        }
    }

    private mutating func shutDown(after seconds: Int, _ word: String) {
        guard seconds > 0 else {
            notice(word, "The server stops now.")
            return stop()
        }
        let now = MonotonicClock.now
        countdownEnd = now + .seconds(seconds)
        let text = "The server stops in \(seconds) s."
        notice(word, text)
        // The members hear it as any other line of the operator.
        _ = core.say(text, at: now, wall: WallClock.now)
    }

    private mutating func notice(_ command: String, _ text: String) {
        output.write(.notice(command: command, text: text), at: WallClock.now)
    }

    private var memberList: String {
        let members = core.members
        guard !members.isEmpty else { return "Nobody is here." }
        let now = MonotonicClock.now
        let rows = members.map { member in
            [
                VisibleText.forTerminal(member.name), member.address.description, CivilTime(local: member.since).clock,
                member.roundTrip.map(Self.milliseconds) ?? "-",
                member.lastHeard.map { "\(max(0, (now - $0).components.seconds)) s ago" } ?? "-",
            ]
        }
        return TextTable.aligned([["name", "address", "since", "round trip", "last heard"]] + rows)
    }

    /// `0.4 ms`, `87 ms`.
    static func milliseconds(_ duration: Duration) -> String {
        let tenths = max(0, duration.wholeNanoseconds) / 100_000
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10) ms" : "\(tenths / 10) ms"
    }

    // MARK: Stopping and reading again

    /// Begins to stop: members are told, and the loop goes on until they know.
    mutating func stop() {
        countdownEnd = nil
        guard phase == .serving else { return }
        phase = .stopping
        let wall = WallClock.now
        output.write(.stopping, at: wall)
        core.shutDown(at: MonotonicClock.now, wall: wall)
    }

    /// Members stay; who logs in from now on needs the password as it is now. A file that can't be used changes nothing.
    mutating func readPasswordAgain() {
        guard case .file = passwordSource else {
            return log.write(.info, "there is no password file to read again")
        }
        do throws(ProgramFailure) {
            core.replacePassword(try passwordSource.load())
            log.write(.info, "the password file was read again")
        } catch {
            log.write(.warning, "the password stays as it was: \(error.text)")
        }
    }
}
