import Basics
import ChatDomain
import ChatProtocol
import LineEditing
import ProgramFrame
import Sentences
import ServerCore
import SocketIO
import TextSafety
import Transport

/// What the operator and the system's administrator ask for. Each command has one answer.
extension ServerLoop {
    // MARK: The console

    mutating func readInput() {
        let words = input.editsLines ? completionWords : CompletionWords()
        for entry in input.read(knowing: words, poller: &poller) {
            switch entry {
            case .tooLong: notice("say", console.longLine(limit: LineSplitter.usualLimit))
            case .line(let text):
                guard let line = ConsoleLine(text) else { continue }
                if input.editsLines, !line.isSaid { input.show("> \(VisibleText.forTerminal(text))") }
                follow(line)
            case .secret, .endOfInput: continue
            }
        }
    }

    private var prompt: String { "\(VisibleText.forTerminal(core.operatorName))> " }

    /// Takes the terminal over, where the operator sits at one.
    mutating func beginConsole() {
        if input.editsLines {
            // What was said at the start stands above.
            output.writer.flush(patience: Self.lastOutputPatience)
            log.writer.flush(patience: Self.lastOutputPatience)
            log.isHeld = StandardStream.isTerminal(log.writer.descriptor)
        }
        input.enter(prompt: prompt, language.screen)
    }

    /// Gives the terminal back.
    mutating func endConsole() {
        showStatus(at: MonotonicClock.now)
        log.isHeld = false
        input.leave()
    }

    /// When the countdown in the status is a second shorter.
    var consoleDeadline: Instant? {
        guard input.editsLines, let countdown else { return nil }
        let left = max(0, (countdown.end - MonotonicClock.now).wholeNanoseconds)
        return MonotonicClock.now + .nanoseconds(left % 1_000_000_000 + 1)
    }

    private var completionWords: CompletionWords {
        CompletionWords(people: core.members.map(\.name), groups: core.groups.map(\.name))
    }

    /// Shows what happens, above the line being typed where one is.
    mutating func show(_ news: ServerNews, at wall: WallTime) {
        guard input.editsLines else { return output.write(news, at: wall) }
        input.show(output.render(news, at: wall))
    }

    /// Shows what is to be seen all the time.
    mutating func showStatus(at now: Instant) {
        guard input.editsLines else { return }
        let held = log.takeHeld()
        if !held.isEmpty { input.show(held) }
        let left = countdown.map { max(0, ($0.end - now).components.seconds) }
        let words = language.screen
        let stop = left.map(words.stops(seconds:)) ?? (phase == .serving ? nil : words.stopping)
        let parts = [stop, words.here(count: core.memberCount, in: core.roomName)].compactMap { $0 }
        let status = "-- " + parts.joined(separator: ", ")
        input.setStatus(VisibleText.cut(status, to: input.columns - 1), prompt: prompt)
        input.flush()
    }

    private mutating func follow(_ line: ConsoleLine) {
        // What an earlier line did stands before the answer to this one.
        defer { showRoom() }
        switch line {
        case .say(let text):
            let refusal = core.say(text, at: MonotonicClock.now, wall: WallClock.now)
            if let refusal { notice("say", VisibleText.forTerminal(language.text(ofServer: refusal.text))) }
        case .mistake(let word, let phrase): notice(word, phrase.text(in: language))
        case .command(let action, let word): follow(action, word)
        }
    }

    private mutating func follow(_ action: ConsoleAction, _ word: String) {
        let now = MonotonicClock.now
        switch action {
        case .list: notice(word, answer.list(core.members, at: now))
        case .stats:
            counters.note(kernelDrops: socket.kernelDrops)
            notice(word, counters.text(in: language, core.counts, drops: core.drops, uptime: now - started))
        case .help(let command): notice(word, ConsoleCommand.help(about: command, in: language))
        case .shutDown(let seconds): shutDown(after: seconds, word)
        case .goOn: goOn(word)
        case .order(let order):
            let refusal = core.operate(order, at: now, wall: WallClock.now)
            notice(
                word, refusal.map { VisibleText.forTerminal(language.text(ofServer: $0.text)) } ?? answer.done(order))
        case .groups: notice(word, answer.groups(core.groups))
        case .groupMembers(let name): notice(word, answer.members(core.members(ofGroup: name), of: name))
        case .bans: notice(word, answer.bans(core.bans, mutes: core.mutes(at: now)))
        case .audit(let count): notice(word, answer.audit(core.audit(last: count)))
        case .reload: notice(word, VisibleText.forTerminal(readAgain().text))
        }
    }

    private var console: any ConsoleSentences { language.console }
    private var answer: ConsoleAnswer { ConsoleAnswer(language) }

    mutating func notice(_ command: String, _ text: String) {
        show(.notice(command: command, text: text), at: WallClock.now)
    }

    // MARK: Stopping

    private mutating func shutDown(after seconds: Int, _ word: String) {
        guard phase == .serving else { return notice(word, console.stopsAlready) }
        guard seconds > 0 else {
            notice(word, console.stopsNow)
            return stop()
        }
        let now = MonotonicClock.now
        countdown = Countdown(seconds: seconds, at: now)
        let sentence = ServerSentence.stopsIn(seconds: seconds)
        notice(word, "\(language.text(sentence)) \(console.countdownHint)")
        core.announce(sentence, at: now, wall: WallClock.now)
    }

    private mutating func goOn(_ word: String) {
        guard countdown != nil else { return notice(word, console.noCountdown) }
        countdown = nil
        notice(word, console.goesOn)
        core.announce(.goesOn, at: MonotonicClock.now, wall: WallClock.now)
    }

    /// Tells how much time is left, or stops.
    mutating func count(at now: Instant) {
        guard let countdown else { return }
        if countdown.isOver(at: now) { return stop() }
        guard let mark = self.countdown?.takeMark(at: now) else { return }
        core.announce(.stopsIn(seconds: mark), at: now, wall: WallClock.now)
    }

    /// Begins to stop: members are told, and the loop goes on until they know.
    mutating func stop() {
        countdown = nil
        guard phase == .serving else { return }
        phase = .stopping
        let wall = WallClock.now
        show(.stopping, at: wall)
        endService()
        core.shutDown(at: MonotonicClock.now, wall: wall)
    }
}
