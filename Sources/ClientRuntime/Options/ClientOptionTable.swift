import ChatProtocol
import ProgramFrame

/// All options of the client. No flag takes a password: it would show in the process list.
enum ClientOptionTable {
    static let table = OptionTable<ClientOptions>(
        program: Sentences.program, operands: Sentences.helpOperands,
        introduction: Sentences.helpBegin, rows: rows, closing: Sentences.helpEnd)

    /// The longest time that `--reconnect` takes, in seconds: a year.
    static let reconnectSecondsAtMost = 365 * 86_400

    private static let rows: [OptionRow<ClientOptions>] = [
        .value("--name", label: "NAME", help: Sentences.helpName) { options, value in
            options.name = value
            return nil
        },
        .value("--password-file", label: "FILE", help: Sentences.helpPasswordFile) { options, value in
            options.passwordFile = value
            return value.isEmpty ? .expected(Sentences.expectsText) : nil
        },
        .flag("--json", help: Sentences.helpJSON) { $0.isJSON = true },
        .value("--history", label: "N", help: Sentences.helpHistory) { options, value in
            guard let count = Int(decimal: value), count <= ChatLimits.historyOnLogin else {
                return .expected(Sentences.expectsHistory)
            }
            options.history = count
            return nil
        },
        .value("--reconnect", label: "SECONDS", help: Sentences.helpReconnect) { options, value in
            guard let seconds = Int(decimal: value), seconds <= reconnectSecondsAtMost else {
                return .expected(Sentences.expectsSeconds)
            }
            options.reconnect = .seconds(seconds)
            return nil
        },
        .value("--send", label: "TEXT", help: Sentences.helpSend) { options, value in
            options.send = value
            return value.allSatisfy(\.isWhitespace) ? .expected(Sentences.expectsText) : nil
        },
        .flag("--follow", help: Sentences.helpFollow) { $0.follows = true },
        .flag("--typing", help: Sentences.helpTyping) { $0.sharesTyping = true },
        .flag("--no-color", help: Sentences.helpNoColour) { $0.showsColours = false },
        .value("--timestamps", label: "STYLE", help: Sentences.helpTimestamps) { options, value in
            guard let timestamps = Timestamps(rawValue: value) else { return .expected(Sentences.expectsTimestamps) }
            options.timestamps = timestamps
            return nil
        },
    ]
}
