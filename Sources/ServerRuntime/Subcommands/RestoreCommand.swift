import ProgramFrame
import Sentences

/// `udp-server restore`
enum RestoreCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        throw ProgramFailure(.usage) { $0.program.notYet("restore") }
    }
}
