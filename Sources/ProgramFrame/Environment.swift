package import Crypto
package import Sentences
package import SocketIO

/// What a program's environment says that concerns it. An empty variable counts as none, but for the password.
package struct Environment: Sendable {
    /// XDG_DATA_HOME.
    package var dataHome: String?
    /// XDG_STATE_HOME.
    package var stateHome: String?
    /// XDG_CONFIG_HOME.
    package var configurationHome: String?
    /// XDG_CONFIG_DIRS: folders between colons.
    package var configurationFolders: String?
    /// HOME.
    package var home: String?
    /// TERM.
    package var terminalName: String?
    /// COLORTERM.
    package var colourTerminal: String?
    /// NO_COLOR: whoever sets it wants no colours.
    package var refusesColours = false

    /// Whether a terminal here shows colours, if nobody says otherwise.
    package var allowsColours: Bool { !refusesColours && terminalName != nil && terminalName != "dumb" }
    /// GAS_PASSWORD, as bytes and never as a `String`, which could not be wiped. It may be empty.
    package var password: SecretBox?
    /// GAS_ACCOUNT_PASSWORD likewise: the personal password of a registered name.
    package var personalPassword: SecretBox?
    /// The language of LC_ALL, LC_MESSAGES and LANG.
    package var language = Language.english
    /// Whether the program runs as the system's administrator.
    package var isRoot = false
    /// What the service manager says, where one started the program.
    package var service = ServiceContext()
    /// The host's name; empty where it has none.
    package var hostName = ""

    package init() {}

    /// The variable that may hold the room password.
    package static let passwordVariable = "GAS_PASSWORD"
    /// The variable that may hold the personal password of a registered name.
    package static let personalPasswordVariable = "GAS_ACCOUNT_PASSWORD"

    /// Reads the environment of this process, and wipes the passwords there.
    ///
    /// To be called once, before another thread starts: the environment has no lock.
    package static func ofProcess() -> Environment {
        var environment = Environment()
        environment.dataHome = variable("XDG_DATA_HOME")
        environment.stateHome = variable("XDG_STATE_HOME")
        environment.configurationHome = variable("XDG_CONFIG_HOME")
        environment.configurationFolders = variable("XDG_CONFIG_DIRS")
        environment.home = variable("HOME")
        environment.terminalName = variable("TERM")
        environment.colourTerminal = variable("COLORTERM")
        environment.refusesColours = variable("NO_COLOR") != nil
        if var bytes = ProcessEnvironment.takeSecret(passwordVariable) {
            environment.password = SecretBox(SecretBytes(moving: &bytes))
        }
        if var bytes = ProcessEnvironment.takeSecret(personalPasswordVariable) {
            environment.personalPassword = SecretBox(SecretBytes(moving: &bytes))
        }
        environment.language = Language(
            environment: variable("LC_ALL"), variable("LC_MESSAGES"), variable("LANG"))
        environment.isRoot = ProcessEnvironment.isRoot
        environment.service = .ofProcess()
        environment.hostName = ProcessEnvironment.hostName
        return environment
    }

    private static func variable(_ name: String) -> String? {
        ProcessEnvironment.variable(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Where a person's files lie (XDG Base Directory Specification 0.8: relative paths there count as unset).
extension Environment {
    /// The product's folder for what must be kept; nil where nothing tells where it is.
    package var dataFolder: String? { folder(dataHome, below: ".local/share") }

    /// The product's folder for state; nil where nothing tells where it is.
    package var stateFolder: String? { folder(stateHome, below: ".local/state") }

    /// Where a configuration file may lie, the person's own place first: whichever is there first counts.
    ///
    /// - Parameter name: the file's name, without a folder.
    package func configurationPlaces(of name: String) -> [String] {
        let own = folder(configurationHome, below: ".config").map { ["\($0)/\(name)"] } ?? []
        let shared = (configurationFolders ?? "/etc/xdg").split(separator: ":").prefix(Self.configurationFoldersAtMost)
        return own + shared.filter { $0.hasPrefix("/") }.map { "\($0)/gaschat/\(name)" }
    }

    /// How many folders of XDG_CONFIG_DIRS are looked at.
    package static let configurationFoldersAtMost = 32

    private func folder(_ base: String?, below usual: String) -> String? {
        if let base, base.hasPrefix("/") { return base + "/gaschat" }
        guard let home, home.hasPrefix("/") else { return nil }
        return "\(home)/\(usual)/gaschat"
    }
}
