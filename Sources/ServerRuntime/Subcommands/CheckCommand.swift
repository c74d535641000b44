import ProgramFrame
import Sentences

/// `udp-server check`
enum CheckCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        throw ProgramFailure(.usage) { $0.program.notYet("check") }
    }
}
