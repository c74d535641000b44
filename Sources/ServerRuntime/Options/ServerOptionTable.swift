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
        .language { $0.language = $1 },
        .value("--log-level", label: "LEVEL", help: { $0.server.helpLogLevel }) { options, value in
            guard let level = LogLevel(name: value) else { return .because { $0.server.badLogLevel } }
            options.logLevel = level
            return nil
        },
    ]
}
