import Basics
import ChatDomain
import ChatProtocol
import ProgramFrame
import Sentences
import ServerCore
import SocketIO
import TextSafety

/// What `:reload` and SIGHUP do: members stay, whatever changes.
extension ServerLoop {
    /// Reads the configuration and the password file again. What can change does so for whoever comes in from now on; a
    /// file that can't be used changes nothing at all.
    ///
    /// - Returns: what came of it, for the operator or the log.
    mutating func readAgain() -> (level: LogLevel, text: String) {
        var next = setup
        let change: ServerSetup.Change
        do throws(ProgramFailure) {
            change = try next.readAgain()
        } catch {
            return (.warning, language.setup.configurationStays(error.text(in: language)))
        }
        let source = next.passwordSource
        do throws(ProgramFailure) {
            if source.isFile || setup.passwordSource.isFile {
                let isNew = core.replacePassword(try source.load())
                if isNew, next.options.asksAgain { askEverybodyAgain() }
            }
        } catch {
            let reason = error.text(in: language)
            return (.warning, change.hasFile ? language.setup.allStays(reason) : words.passwordStays(reason))
        }
        setup = next
        let options = setup.options
        core.configure(
            server: setup.serverName, memberLimit: options.memberLimit, admitsGuests: options.admitsGuests)
        log.level = options.logLevel
        store.setRetention(DataFolder.retention(for: options), at: MonotonicClock.now)
        followBans()
        if language != setup.language {
            language = setup.language
            output.speak(language)
        }
        guard change.hasFile else {
            return (.info, source.isFile ? words.passwordReadAgain : language.setup.nothingToReadAgain)
        }
        let sentence = language.setup.readAgain(
            withPassword: source.isFile, live: change.live, later: change.afterRestart)
        return (.info, sentence)
    }

    private mutating func askEverybodyAgain() {
        log.write(.info, language.service.askedAgain)
        core.askEverybodyAgain(at: MonotonicClock.now, wall: WallClock.now)
    }

    /// Keeps out whom the file of bans names, and lets back in whom it does not name any more.
    mutating func followBans() {
        var wanted: [BanList.Line] = []
        if let path = setup.options.bansFile {
            do throws(FileError) {
                wanted = BanList.lines(in: try SmallFile.read(path, limit: BanList.byteLimit))
            } catch {
                return log.write(.warning, language.service.bansUnusable(error.text(in: language)))
            }
            if wanted.count > BanList.linesAtMost {
                log.write(.warning, language.service.tooManyBans(path, limit: BanList.linesAtMost))
                wanted.removeLast(wanted.count - BanList.linesAtMost)
            }
        }
        let subjects = Set(wanted.map(\.subject))
        for subject in listedBans.subtracting(subjects).sorted() { _ = order(.unban, subject, "") }
        // What a run before this one was told to keep out is kept out still.
        let held = listedBans.union(core.bans.map(\.shown))
        for line in wanted where !held.contains(line.subject) {
            guard let refusal = order(.ban, line.subject, line.reason), let path = setup.options.bansFile else {
                continue
            }
            log.write(.warning, language.service.banRefused(path, line: line.number, refusal))
        }
        listedBans = subjects
    }

    /// - Returns: why it could not be done; nil when it was.
    private mutating func order(_ action: Moderation, _ name: String, _ reason: String) -> String? {
        let order = OperatorOrder.moderate(action, name: name, seconds: 0, text: reason)
        let refusal = core.operate(order, at: MonotonicClock.now, wall: WallClock.now)
        return refusal.map { VisibleText.forLog(language.text(ofServer: $0.text)) }
    }
}
