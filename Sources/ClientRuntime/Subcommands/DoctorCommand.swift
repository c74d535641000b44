import ProgramFrame
import Sentences

/// `udp-client doctor`
enum DoctorCommand {
    @Sendable static func run(_ call: ClientCall) throws(ProgramFailure) -> ExitStatus {
        throw ProgramFailure(.usage) { $0.program.notYet("doctor") }
    }
}
