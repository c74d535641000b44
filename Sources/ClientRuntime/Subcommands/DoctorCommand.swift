import Doctor
import ProgramFrame

/// `udp-client doctor`
enum DoctorCommand {
    @Sendable static func run(_ call: ClientCall) throws(ProgramFailure) -> ExitStatus {
        try ClientDoctor(options: call.settings, environment: call.environment).examine()
            .tell(by: call.voice, in: call.language)
    }
}
