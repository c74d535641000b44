import ProgramFrame
import Sentences
import ServerCore

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
            if source.isFile || setup.passwordSource.isFile { core.replacePassword(try source.load()) }
        } catch {
            let reason = error.text(in: language)
            return (.warning, change.hasFile ? language.setup.allStays(reason) : words.passwordStays(reason))
        }
        setup = next
        let options = setup.options
        core.configure(
            server: setup.serverName, memberLimit: options.memberLimit, admitsGuests: options.admitsGuests)
        log.level = options.logLevel
        guard change.hasFile else {
            return (.info, source.isFile ? words.passwordReadAgain : language.setup.nothingToReadAgain)
        }
        let sentence = language.setup.readAgain(
            withPassword: source.isFile, live: change.live, later: change.afterRestart)
        return (.info, sentence)
    }
}
