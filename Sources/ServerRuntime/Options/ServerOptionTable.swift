import Basics
import History
import ProgramFrame
import Sentences
import TextSafety

/// All options of the server. No flag takes a password: it would show in the process list.
enum ServerOptionTable {
    static let table = OptionTable<ServerOptions>(
        program: ServerProgram.name, operands: { $0.server.helpOperands }, introduction: { $0.server.helpBegin },
        rows: rows, closing: { $0.server.helpEnd })

    private static let rows: [OptionRow<ServerOptions>] = [
        .value("-p", "--port", label: "PORT", help: { $0.server.helpPort }) {
            options, value in
            guard let port = UInt16(decimal: value) else { return .because { $0.server.badPort } }
            options.port = port
            return nil
        },
        .value("--password-file", label: "FILE", help: { $0.server.helpPasswordFile }) { options, value in
            guard !value.isEmpty else { return .because { $0.server.emptyFileName } }
            options.passwordFile = value
            return nil
        },
        .value("--data", label: "DIR", help: { $0.server.helpData }) { options, value in
            guard !value.isEmpty else { return .because { $0.server.emptyFolderName } }
            options.data = value == ":memory:" ? .memory : .folder(value)
            return nil
        },
        .value("--durability", label: "HOW", help: { $0.server.helpDurability }) { options, value in
            guard let durability = HistoryConfiguration.Durability(rawValue: value) else {
                return .because { $0.server.badDurability }
            }
            options.durability = durability
            return nil
        },
        .value("--keep", label: "LIMITS", help: { $0.server.helpKeep }) { options, value in
            guard let retention = retention(value) else { return .because { $0.server.badRetention } }
            options.retention = retention
            return nil
        },
        .value("--name", label: "NAME", help: { $0.server.helpName }) { options, value in
            if let fault = ServerName.fault(in: value) { return .reason(fault) }
            options.name = value
            return nil
        },
        .value("--operator", label: "NAME", help: { $0.server.helpOperator }) { options, value in
            do throws(NameError) {
                options.operatorName = try NameRule.prepare(value).display
                return nil
            } catch {
                return .because { $0.program.reason(error) }
            }
        },
        .flag("--no-guests", help: { $0.server.helpNoGuests }) { $0.admitsGuests = false },
        .flag("--json", help: { $0.server.helpJSON }) { $0.format = .json },
        .flag("--console", help: { $0.server.helpConsole }) { $0.console = .on },
        .flag("--no-console", help: { $0.server.helpNoConsole }) { $0.console = .off },
        .value("--timestamps", label: "STYLE", help: { $0.server.helpTimestamps }) { options, value in
            guard let timestamps = Timestamps(rawValue: value) else { return .takes { $0.client.expectsTimestamps } }
            options.timestamps = timestamps
            return nil
        },
        .language { $0.language = $1 },
        .value("--log-level", label: "LEVEL", help: { $0.server.helpLogLevel }) { options, value in
            guard let level = LogLevel(name: value) else { return .because { $0.server.badLogLevel } }
            options.logLevel = level
            return nil
        },
    ]

    /// Limits of age, number and size, each at most once, such as `90d,5000,200M`; nil for anything else.
    private static func retention(_ text: String) -> HistoryConfiguration.Retention? {
        var limits = HistoryConfiguration.Retention()
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            switch word.last {
            case "d":
                guard limits.age == nil, let days = count(word.dropLast(), upTo: 36_500) else { return nil }
                limits.age = .seconds(days * 86_400)
            case "M":
                guard limits.bytes == nil, let size = count(word.dropLast(), upTo: 1 << 30) else { return nil }
                limits.bytes = size * 1_024 * 1_024
            default:
                guard limits.entries == nil, let entries = count(word, upTo: .max) else { return nil }
                limits.entries = entries
            }
        }
        return limits
    }

    /// A number from 1 to `limit`; nil for anything else.
    private static func count(_ text: Substring, upTo limit: Int) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), (1...limit).contains(number)
        else { return nil }
        return number
    }
}
