import ProgramFrame
import Sentences

/// `udp-server export`
enum ExportCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        throw ProgramFailure(.usage) { $0.program.notYet("export") }
    }
}
