import ProgramFrame
import Sentences

/// `udp-server backup`
enum BackupCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        throw ProgramFailure(.usage) { $0.program.notYet("backup") }
    }
}
