/// Running as a service.
struct EnglishService: ServiceSentences {
    // MARK: Options

    var helpMetrics: String { "figures for Prometheus, as at 127.0.0.1:9180" }
    var helpLogFormat: String { "text (default), or json: one object a line" }
    var helpBans: String { "a file of names and addresses to keep out" }
    var helpAskAgain: String { "ask who is in for a password that changed" }
    var expectsMetricsPlace: String { "an address and a port, as in 127.0.0.1:9180 or [::1]:9180" }
    var expectsLogFormat: String { "text or json" }

    // MARK: The log

    func builtInPassword(command: String) -> String {
        "the room password is GAS1, which everybody knows, and others can reach this address: anybody can come in, read"
            + " along and write. This makes a strong password and puts it where the server reads it: \(command)"
    }
    func listensAtPassedSocket(_ address: String) -> String {
        "the service manager keeps the socket at \(address); it stays open while the server restarts"
    }
    func passedSocketUnusable(_ reason: String) -> String {
        "a socket that the service manager passed can't be used: \(reason)"
    }
    func passedSocketsTooMany(_ count: Int) -> String {
        "the service manager passed \(count) sockets; the server listens at the first"
    }
    func metricsAt(_ address: String) -> String { "figures are at http://\(address)/metrics" }
    var metricsOpen: String {
        "the figures are not at a loopback address: whoever reaches it can read how the room is used"
    }
    func noMetrics(_ address: String, _ reason: String) -> String {
        "no figures can be had at \(logged(address)): \(reason)"
    }
    func bansUnusable(_ reason: String) -> String { "the bans stay as they were: \(logged(reason))" }
    func banRefused(_ path: String, line: Int, _ reason: String) -> String { "\(logged(path)):\(line): \(reason)" }
    func tooManyBans(_ path: String, limit: Int) -> String {
        "\(logged(path)) names more than \(limit): the rest is left out"
    }
    var askedAgain: String { "the room password changed: everybody is asked for the new one" }
    var stops: String { "the server stops" }

    // MARK: A new password

    func passwordMade(_ path: String) -> String { "a strong room password is in \(logged(path)) now" }
    var passwordTakes: String {
        "a server that reads it takes it at its next start; one that runs with this file takes it at SIGHUP or :reload"
    }
    func passwordThere(_ path: String) -> String {
        "there is a password in \(logged(path)) already: move it away first, or name another file"
    }
    func passwordNotKept(_ reason: String) -> String { "the password can't be kept: \(logged(reason))" }
    var noPasswordPlace: String { "neither HOME nor XDG folders are set: name a file, as in udp-server password FILE" }
}
