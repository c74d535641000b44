import Basics
import Crypto
import LineEditing
import ProgramFrame
import Sentences
import SocketIO
import TextSafety

/// Asks the person for what the arguments leave open.
struct Interview: ~Copyable {
    /// How often one question is asked before the person is left in peace.
    static let attempts = 5

    private var terminal: Terminal
    private let language: Language
    /// Whether lines are edited at the terminal once the chat begins.
    var editsLines: Bool { terminal.editsLines }
    /// Whether somebody can answer.
    let hasPerson: Bool

    init(terminal: consuming Terminal, language: Language) {
        self.language = language
        hasPerson = terminal.inputIsTerminal
        self.terminal = terminal
    }

    /// Gives the terminal back.
    consuming func end() -> Terminal { terminal }

    /// Asks for the server and the ports, unless they were given.
    ///
    /// - Throws: `ProgramFailure` with the status `usage` where nobody can be asked.
    mutating func completePlaces(_ options: inout ClientOptions) throws(ProgramFailure) {
        guard options.server == nil else { return }
        guard hasPerson else { throw ProgramFailure.misuse { $0.client.needsPositions } }
        let words = words
        let introduction = words.thisMachine(Self.ownAddresses()) + "\n"
        switch try askServer(introduction) {
        case .invite(let invite): options.take(invite)
        case .host(let host):
            options.server = host
            options.serverPort = try ask(words.askServerPort) { text in
                if text.isEmpty { return .success(8080) }
                guard let port = UInt16(decimal: text), port > 0 else {
                    return .failure(words.wrongServerPort(text))
                }
                return .success(port)
            }
        }
        options.clientPort = try ask(words.askClientPort) { text in
            if text.isEmpty { return .success(.firstFree) }
            guard let port = ClientPort(argument: text) else { return .failure(words.wrongClientPort(text)) }
            return .success(port)
        }
    }

    private enum Place {
        case host(String)
        case invite(Invite)
    }

    private var words: any ClientSentences { language.client }

    private mutating func askServer(_ introduction: String) throws(ProgramFailure) -> Place {
        let (words, language) = (words, language)
        return try ask(introduction + words.askServer) { text in
            guard text.contains(Invite.sign) else { return .success(.host(text.isEmpty ? "127.0.0.1" : text)) }
            do throws(Invite.Fault) {
                return .success(.invite(try Invite(reading: text)))
            } catch {
                return .failure(words.badInvite(text, error.reason(in: language)))
            }
        }
    }

    /// The name to chat under.
    ///
    /// - Throws: `ProgramFailure` with the status `refused` for a name that the server would refuse, `usage` where there
    ///   is none and nobody can be asked.
    mutating func name(_ options: ClientOptions) throws(ProgramFailure) -> SafeName {
        if let name = options.name {
            do throws(NameError) {
                return try NameRule.prepare(name)
            } catch {
                throw ProgramFailure(.refused) { $0.client.badName(name, $0.program.reason(error)) }
            }
        }
        guard hasPerson else { throw ProgramFailure.misuse { $0.client.needsName } }
        let language = language
        return try ask(words.askName) { text in
            do throws(NameError) {
                return .success(try NameRule.prepare(text))
            } catch {
                return .failure(language.program.reason(error))
            }
        }
    }

    /// How often the server may refuse what the person typed as the password.
    static let passwordAttempts = 3

    /// Asks for the room password.
    ///
    /// - Throws: `ProgramFailure` with the status `usage` where it is not answered.
    mutating func password() throws(ProgramFailure) -> RoomPassword {
        for _ in 0..<Self.attempts {
            var bytes: [UInt8]
            switch terminal.askSecret(words.askPassword) {
            case .entered(let typed): bytes = typed
            case .interrupted: throw ProgramFailure(.fine) { _ in "" }
            case .endOfInput: throw ProgramFailure(.usage) { $0.client.noAnswer }
            }
            do throws(PasswordError) {
                return try RoomPassword(wiping: &bytes)
            } catch {
                terminal.answer(language.program.reason(error))
            }
        }
        throw ProgramFailure(.usage) { $0.client.noAnswer }
    }

    /// Asks for the personal password of a registered name.
    ///
    /// - Throws: `ProgramFailure` with the status `usage` where it is not answered.
    mutating func personalPassword(of name: String) throws(ProgramFailure) -> PersonalPassword {
        for _ in 0..<Self.attempts {
            var bytes: [UInt8]
            switch terminal.askSecret(words.askPersonalPassword(name)) {
            case .entered(let typed): bytes = typed
            case .interrupted: throw ProgramFailure(.fine) { _ in "" }
            case .endOfInput: throw ProgramFailure(.usage) { $0.client.noAnswer }
            }
            do throws(PasswordError) {
                return try PersonalPassword(wiping: &bytes)
            } catch {
                terminal.answer(language.program.reason(error))
            }
        }
        throw ProgramFailure(.usage) { $0.client.noAnswer }
    }

    private enum Reading<Value> {
        case success(Value)
        case failure(String)
    }

    /// Asks until the answer can be read.
    private mutating func ask<Value>(
        _ question: String, read: (String) -> Reading<Value>
    ) throws(ProgramFailure) -> Value {
        var question = question
        for _ in 0..<Self.attempts {
            switch terminal.ask(question) {
            case .entered(let text):
                let blanks: Set<Character> = [" ", "\t"]
                let trimmed = text.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed()
                switch read(String(trimmed)) {
                case .success(let value): return value
                case .failure(let reason): question = "\(reason)\n\(question.split(separator: "\n").last ?? "")"
                }
            case .interrupted: throw ProgramFailure(.fine) { _ in "" }
            case .endOfInput: throw ProgramFailure(.usage) { $0.client.noAnswer }
            }
        }
        throw ProgramFailure(.usage) { $0.client.noAnswer }
    }

    /// What others could call this machine; the loopback address where there is nothing else.
    private static func ownAddresses() -> [String] {
        let all = (try? LocalAddresses.list()) ?? []
        let useful = all.filter { !$0.isLoopback && !$0.isLinkLocal }
        let texts = useful.map { SocketAddress(host: $0.host, port: 0).hostText }
        return texts.isEmpty ? ["127.0.0.1"] : texts
    }
}
