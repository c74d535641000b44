import Basics
import ChatProtocol
import ProgramFrame
import Sentences

/// All options of the client. No flag takes a password: it would show in the process list.
enum ClientOptionTable {
    static let table = OptionTable<ClientOptions>(
        program: ClientProgram.name, operands: { $0.client.helpOperands }, introduction: { $0.client.helpBegin },
        rows: rows, closing: { $0.client.helpEnd })

    /// The longest time that `--reconnect` takes, in seconds: a year.
    static let reconnectSecondsAtMost = 365 * 86_400

    private static let rows: [OptionRow<ClientOptions>] = [
        .value("--name", label: "NAME", help: { $0.client.helpName }) { options, value in
            options.name = value
            return nil
        },
        .value("--password-file", label: "FILE", help: { $0.client.helpPasswordFile }) { options, value in
            options.passwordFile = value
            return value.isEmpty ? .takes { $0.client.expectsText } : nil
        },
        .flag("--json", help: { $0.client.helpJSON }) { $0.isJSON = true },
        .value("--history", label: "N", help: { $0.client.helpHistory(usual: ClientOptions.defaultHistory) }) {
            options, value in
            guard let count = Int(decimal: value), count <= ChatLimits.historyOnLogin else {
                return .takes { $0.client.expectsHistory }
            }
            options.history = count
            return nil
        },
        .value("--reconnect", label: "SECONDS", help: { $0.client.helpReconnect }) { options, value in
            guard let seconds = Int(decimal: value), seconds <= reconnectSecondsAtMost else {
                return .takes { $0.client.expectsSeconds }
            }
            options.reconnect = .seconds(seconds)
            return nil
        },
        .value("--send", label: "TEXT", help: { $0.client.helpSend }) { options, value in
            options.send = value
            return value.allSatisfy(\.isWhitespace) ? .takes { $0.client.expectsText } : nil
        },
        .flag("--follow", help: { $0.client.helpFollow }) { $0.follows = true },
        .flag("--typing", help: { $0.client.helpTyping }) { $0.sharesTyping = true },
        .flag("--no-color", help: { $0.client.helpNoColour }) { $0.showsColours = false },
        .flag("--no-bell", help: { $0.client.helpNoBell }) { $0.ringsBell = false },
        .language { $0.language = $1 },
        .value("--timestamps", label: "STYLE", help: { $0.client.helpTimestamps }) { options, value in
            guard let timestamps = Timestamps(rawValue: value) else { return .takes { $0.client.expectsTimestamps } }
            options.timestamps = timestamps
            return nil
        },
    ]
}
