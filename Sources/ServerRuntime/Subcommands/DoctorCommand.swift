import ProgramFrame
import Sentences

/// `udp-server doctor`
enum DoctorCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        throw ProgramFailure(.usage) { $0.program.notYet("doctor") }
    }
}
