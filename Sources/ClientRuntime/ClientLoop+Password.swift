import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Crypto
import ProgramFrame
import Sentences
import TextSafety

/// What the person is asked while the room goes on.
enum PasswordQuestion: Sendable {
    /// For the first time.
    case chosen
    /// Once more, since nobody sees what is typed.
    case again(SecretBox)
}

/// Choosing a personal password for `:register`.
extension ClientLoop {
    mutating func askForPassword() {
        passwordQuestion = .chosen
        screen.askSecret(language.client.choosePassword)
    }

    /// Takes what was typed; nil when it was given up.
    mutating func take(secret typed: [UInt8]?, at now: Instant) {
        guard let question = passwordQuestion else { return }
        passwordQuestion = nil
        guard var typed, !typed.isEmpty else {
            screen.cancelSecret()
            return present(.notice(text: language.client.notRegistered))
        }
        switch question {
        case .chosen:
            passwordQuestion = .again(SecretBox(SecretBytes(moving: &typed)))
            screen.askSecret(language.client.choosePasswordAgain)
        case .again(let first):
            let second = SecretBytes(copying: typed.span)
            guard first.bytes.matches(second) else {
                typed.wipe()
                return present(.error(code: .usage, text: language.client.passwordsDiffer))
            }
            do throws(PasswordError) {
                core.register(with: try PersonalPassword(wiping: &typed), at: now)
            } catch {
                present(.error(code: .usage, text: language.program.reason(error)))
            }
        }
    }
}
