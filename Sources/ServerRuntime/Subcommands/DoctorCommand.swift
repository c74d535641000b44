import Doctor
import ProgramFrame

/// `udp-server doctor`
enum DoctorCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        var options = call.settings
        options.host = call.operands.first ?? options.host
        return try ServerDoctor(options: options, environment: call.environment).examine()
            .tell(by: call.voice, in: call.language)
    }
}
