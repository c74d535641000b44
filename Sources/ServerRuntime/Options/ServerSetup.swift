import Configuration
import ProgramFrame
import Sentences
import SocketIO

/// What the server was told, and how it is told anew: `:reload` and SIGHUP read the configuration again.
struct ServerSetup: Sendable {
    private let arguments: [String]
    private let environment: Environment
    private(set) var options: ServerOptions
    /// The configuration that the server began with.
    private let first: ConfigurationContents?
    /// The configuration that was read last.
    private var latest: ConfigurationContents?

    /// The file's name in the usual places.
    static let fileName = ServerOptionTable.manual.configuration

    init(
        arguments: [String], environment: Environment, options: ServerOptions, configuration: ConfigurationContents?
    ) {
        self.arguments = arguments
        self.environment = environment
        self.options = options
        first = configuration
        latest = configuration
    }

    /// Where the room password comes from: the file of the arguments, the environment, the service manager, the file of
    /// the configuration, the one that `udp-server password` made, or what everybody knows.
    var passwordSource: PasswordSource {
        PasswordSource(
            file: options.passwordFile, environment: environment, configuredFile: options.configuredPasswordFile)
            ?? Self.installedPassword(in: environment).map { .file($0) } ?? .builtIn
    }

    /// Where `udp-server password` puts a password that no file is named for: beside the configuration.
    static let passwordFileName = "password"

    /// Where the service's files are, where it is installed.
    private static let serviceFolder = "/etc/gaschat"

    /// Where such a password may lie, the usual place first. The administrator's is the service's, where that is installed.
    static func passwordPlaces(in environment: Environment) -> [String] {
        let isService =
            environment.isRoot && environment.configurationHome == nil && SmallFile.exists(serviceFolder)
        let own = environment.configurationPlaces(of: passwordFileName)
        return isService ? ["\(serviceFolder)/\(passwordFileName)"] + own : own
    }

    private static func installedPassword(in environment: Environment) -> String? {
        passwordPlaces(in: environment).first { SmallFile.exists($0) }
    }

    /// The language of what people see here.
    var language: Language { options.language ?? environment.language }

    /// What the server is called.
    var serverName: String { options.name ?? ServerName.from(host: environment.hostName) }

    /// What came of reading the configuration again.
    struct Change: Hashable {
        /// Whether there is or was a file at all.
        let hasFile: Bool
        /// Keys whose new value holds from now on.
        let live: [String]
        /// Keys whose new value holds when the server is started again.
        let afterRestart: [String]
    }

    /// Reads the configuration again and takes what it says.
    ///
    /// - Throws: `ProgramFailure` with the status `configuration`; everything stays as it was then.
    mutating func readAgain() throws(ProgramFailure) -> Change {
        let found = try ConfigurationReader.find(
            given: options.configurationFile, name: Self.fileName, in: environment)
        options = try ServerOptions(arguments: arguments, configured: found)
        let hadFile = latest != nil
        let changed = ServerOptionTable.table.keys.filter { key in
            // What needs a restart is as it was at the start, however often the file was read since.
            let former = key.isLive ? latest : first
            return key.value(in: former) != key.value(in: found) && isEffective(key, former, found)
        }
        latest = found
        return Change(
            hasFile: hadFile || found != nil, live: changed.filter(\.isLive).map(\.name),
            afterRestart: changed.filter { !$0.isLive }.map(\.name))
    }

    /// Whether a key's change makes a difference: what the arguments say counts before it.
    private func isEffective(
        _ key: ConfigurationKey, _ former: ConfigurationContents?, _ latest: ConfigurationContents?
    ) -> Bool {
        func options(_ contents: ConfigurationContents?) -> ServerOptions? {
            let entries = contents?.entries.filter { $0.key == key.name } ?? []
            let alone = ConfigurationContents(path: contents?.path ?? "", entries: entries)
            return try? ServerOptions(merging: arguments, with: alone)
        }
        return options(former) != options(latest)
    }
}
