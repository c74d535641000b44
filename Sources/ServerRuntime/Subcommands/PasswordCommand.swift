import ProgramFrame
import Sentences

/// `udp-server password`
enum PasswordCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        throw ProgramFailure(.usage) { $0.program.notYet("password") }
    }
}
