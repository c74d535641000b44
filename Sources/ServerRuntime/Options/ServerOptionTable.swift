import ProgramFrame
import TextSafety

/// All options of the server. No flag takes a password: it would show in the process list.
enum ServerOptionTable {
    static let table = OptionTable<ServerOptions>(
        program: "udp-server", operands: "<ip> [-p PORT] [options]",
        introduction: """
            Opens a chat room at a UDP port. <ip> is the address to listen at: IPv4, IPv6 or
            a name; 0.0.0.0 or :: for all interfaces.
            """,
        rows: rows,
        closing: """
            GAS_PASSWORD is the room password where there is no --password-file; else GAS1.
            SIGINT and SIGTERM stop the server, SIGHUP reads the password file again.
            Exit status: 0 fine, 64 usage, 71 cannot listen, 74 files, 78 password.
            """)

    private static let rows: [OptionRow<ServerOptions>] = [
        .value("-p", "--port", label: "PORT", help: "UDP port, default 8080; 0 lets the system choose") {
            options, value in
            guard let port = UInt16(decimal: value) else { return .reason("a port is a number from 0 to 65535") }
            options.port = port
            return nil
        },
        .value("--password-file", label: "FILE", help: "its first line is the room password") { options, value in
            guard !value.isEmpty else { return .reason("the file's name is empty") }
            options.passwordFile = value
            return nil
        },
        .value("--data", label: "DIR", help: "where history and key live; :memory: forgets") { options, value in
            guard !value.isEmpty else { return .reason("the folder's name is empty") }
            options.data = value == ":memory:" ? .memory : .folder(value)
            return nil
        },
        .value("--name", label: "NAME", help: "what the server is called, default the host's name") { options, value in
            if let fault = ServerName.fault(in: value) { return .reason(fault) }
            options.name = value
            return nil
        },
        .value("--operator", label: "NAME", help: "the name of the console, default SERVER") { options, value in
            do throws(NameError) {
                options.operatorName = try NameRule.prepare(value).display
                return nil
            } catch {
                return .reason(error.reason)
            }
        },
        .flag("--no-guests", help: "only people with a registered name come in") { $0.admitsGuests = false },
        .flag("--json", help: "print one JSON object a line") { $0.format = .json },
        .flag("--console", help: "read the operator's lines even from a pipe") { $0.console = .on },
        .flag("--no-console", help: "read nothing (default without a terminal)") { $0.console = .off },
        .value("--log-level", label: "LEVEL", help: "error, warning, info (default) or debug") { options, value in
            guard let level = LogLevel(name: value) else { return .reason("a level is error, warning, info or debug") }
            options.logLevel = level
            return nil
        },
    ]
}
