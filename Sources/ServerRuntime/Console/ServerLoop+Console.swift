import Basics
import ChatDomain
import ChatProtocol
import ProgramFrame
import ServerCore
import SocketIO
import TextSafety
import Transport

/// What the operator and the system's administrator ask for. Each command has one answer.
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
            if let refusal { notice("say", VisibleText.forTerminal(refusal.text)) }
        case .mistake(let word, let text): notice(word, text)
        case .command(let action, let word): follow(action, word)
        }
    }

    private mutating func follow(_ action: ConsoleAction, _ word: String) {
        let now = MonotonicClock.now
        switch action {
        case .list: notice(word, ConsoleAnswer.list(core.members, at: now))
        case .stats:
            notice(word, counters.text(core.counts, drops: core.drops, uptime: now - started))
        case .help(let command): notice(word, ConsoleCommand.help(about: command))
        case .shutDown(let seconds): shutDown(after: seconds, word)
        case .goOn: goOn(word)
        case .order(let order):
            let refusal = core.operate(order, at: now, wall: WallClock.now)
            notice(word, refusal.map { VisibleText.forTerminal($0.text) } ?? ConsoleAnswer.done(order))
        case .groups: notice(word, ConsoleAnswer.groups(core.groups))
        case .groupMembers(let name): notice(word, ConsoleAnswer.members(core.members(ofGroup: name), of: name))
        case .bans: notice(word, ConsoleAnswer.bans(core.bans, mutes: core.mutes(at: now)))
        case .audit(let count): notice(word, ConsoleAnswer.audit(core.audit(last: count)))
        case .reload: notice(word, VisibleText.forTerminal(readPasswordAgain().text))
        }
    }

    mutating func notice(_ command: String, _ text: String) {
        output.write(.notice(command: command, text: text), at: WallClock.now)
    }

    // MARK: Stopping

    private mutating func shutDown(after seconds: Int, _ word: String) {
        guard phase == .serving else { return notice(word, "The server stops already.") }
        guard seconds > 0 else {
            notice(word, "The server stops now.")
            return stop()
        }
        let now = MonotonicClock.now
        countdown = Countdown(seconds: seconds, at: now)
        notice(word, "\(Countdown.sentence(seconds)) :shutdown cancel ends the countdown.")
        // The members hear it as any other line of the operator; what follows is for those who are there.
        _ = core.say(Countdown.sentence(seconds), at: now, wall: WallClock.now)
    }

    private mutating func goOn(_ word: String) {
        guard countdown != nil else { return notice(word, "There is no countdown.") }
        countdown = nil
        notice(word, "The server goes on.")
        _ = core.say("The server does not stop after all.", at: MonotonicClock.now, wall: WallClock.now)
    }

    /// Tells how much time is left, or stops.
    mutating func count(at now: Instant) {
        guard let countdown else { return }
        if countdown.isOver(at: now) { return stop() }
        guard let mark = self.countdown?.takeMark(at: now) else { return }
        core.announce(Countdown.sentence(mark), at: now, wall: WallClock.now)
    }

    /// Begins to stop: members are told, and the loop goes on until they know.
    mutating func stop() {
        countdown = nil
        guard phase == .serving else { return }
        phase = .stopping
        let wall = WallClock.now
        output.write(.stopping, at: wall)
        core.shutDown(at: MonotonicClock.now, wall: wall)
    }

    // MARK: Reading again

    /// Members stay; who logs in from now on needs the password as it is now. A file that can't be used changes nothing.
    ///
    /// - Returns: what came of it, for the operator or the log.
    mutating func readPasswordAgain() -> (level: LogLevel, text: String) {
        guard case .file = passwordSource else { return (.info, "there is no password file to read again") }
        do throws(ProgramFailure) {
            core.replacePassword(try passwordSource.load())
            return (.info, "the password file was read again")
        } catch {
            return (.warning, "the password stays as it was: \(error.text)")
        }
    }
}
