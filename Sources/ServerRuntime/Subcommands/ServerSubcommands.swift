import ProgramFrame
import Sentences

/// What a subcommand of the server works with.
typealias ServerCall = SubcommandCall<ServerOptions>

extension ServerOptionTable {
    /// What the server does instead of opening a room. The work of each row is in the file of its name.
    static let subcommands: [Subcommand<ServerOptions>] = [
        Subcommand(
            "doctor", operands: "[<ip>]", counts: 0...1, options: ["--port", "--data", "--password-file"],
            help: { $0.program.helpDoctor }, manual: ServerSubcommandManual.doctor, run: DoctorCommand.run),
        Subcommand(
            "backup", operands: "FILE", counts: 1...1, completion: .file, options: ["--data"],
            help: { $0.server.helpBackup }, manual: ServerSubcommandManual.backup, run: BackupCommand.run),
        Subcommand(
            "restore", operands: "FILE", counts: 1...1, completion: .file, options: ["--data"],
            help: { $0.server.helpRestore }, manual: ServerSubcommandManual.restore, run: RestoreCommand.run),
        Subcommand(
            "export", operands: "[FILE]", counts: 0...1, completion: .file, options: ["--data"],
            help: { $0.server.helpExport }, manual: ServerSubcommandManual.export, run: ExportCommand.run),
        Subcommand(
            "check", operands: "[DIR]", counts: 0...1, completion: .folder, options: ["--data"],
            help: { $0.server.helpCheck }, manual: ServerSubcommandManual.check, run: CheckCommand.run),
        Subcommand(
            "password", operands: "[FILE]", counts: 0...1, completion: .file, options: ["--password-file"],
            help: { $0.server.helpNewPassword }, manual: ServerSubcommandManual.password, run: PasswordCommand.run),
    ]
}
