/// Running as a service: what the log and the service manager hear, figures over HTTP, and a new room password.
package protocol ServiceSentences: Sendable {
    // MARK: Options

    /// The help of `--metrics`.
    var helpMetrics: String { get }
    /// The help of `--log-format`.
    var helpLogFormat: String { get }
    /// The help of `--bans`.
    var helpBans: String { get }
    /// The help of `--ask-again`.
    var helpAskAgain: String { get }
    /// What `--metrics` takes.
    var expectsMetricsPlace: String { get }
    /// What `--log-format` takes.
    var expectsLogFormat: String { get }

    // MARK: The log

    /// The room password is `GAS1` where others can come; `command` makes another one.
    func builtInPassword(command: String) -> String
    /// The server listens at a socket that the service manager passed.
    func listensAtPassedSocket(_ address: String) -> String
    /// What was passed is no socket that can be used.
    func passedSocketUnusable(_ reason: String) -> String
    /// More sockets were passed than one.
    func passedSocketsTooMany(_ count: Int) -> String
    /// Figures can be had at an address.
    func metricsAt(_ address: String) -> String
    /// Others can read the figures, too.
    var metricsOpen: String { get }
    /// The address of figures can't be bound.
    func noMetrics(_ address: String, _ reason: String) -> String
    /// The file of bans can't be read; those that hold stay.
    func bansUnusable(_ reason: String) -> String
    /// A line of the file of bans can't be followed.
    func banRefused(_ path: String, line: Int, _ reason: String) -> String
    /// The file of bans has more lines than there can be bans.
    func tooManyBans(_ path: String, limit: Int) -> String
    /// The password changed, and everybody is asked for it.
    var askedAgain: String { get }
    /// The server begins to stop.
    var stops: String { get }

    // MARK: A new password

    /// A strong password was made, and stands in a file.
    func passwordMade(_ path: String) -> String
    /// How the server takes it.
    var passwordTakes: String { get }
    /// There is a password in that file already.
    func passwordThere(_ path: String) -> String
    /// The file can't be written.
    func passwordNotKept(_ reason: String) -> String
    /// Nothing tells where the file may lie.
    var noPasswordPlace: String { get }
}
