import ProgramFrame
import Sentences

/// What a subcommand of the client works with.
typealias ClientCall = SubcommandCall<ClientOptions>

extension ClientOptionTable {
    /// What the client does instead of joining a room. The work of each row is in the file of its name.
    static let subcommands: [Subcommand<ClientOptions>] = [
        Subcommand(
            "doctor", operands: "[<server-ip> <server-port> <client-port>]", counts: 0...3,
            options: ["--password-file", "--name"],
            help: { $0.program.helpDoctor }, manual: Manual.doctor, run: DoctorCommand.run)
    ]
}
