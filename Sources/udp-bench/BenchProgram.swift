import Bench
import Foundation

/// `udp-bench`: arguments in, results out; the measuring is in `Bench`.
@main
struct BenchProgram {
    private static let unsound: Int32 = 1
    private static let wrongUsage: Int32 = 64
    private static let systemTrouble: Int32 = 71

    static func main() {
        let command: BenchCommand
        do throws(BenchCommand.Misuse) {
            command = try BenchCommand(Array(CommandLine.arguments.dropFirst()))
        } catch {
            complain("\(error.text)\nTry udp-bench --help.")
            exit(wrongUsage)
        }
        guard !command.wantsHelp else { return print(BenchCommand.usage) }
        do {
            let isSound = try command.run { report in
                // Each result at once, also into a pipe.
                let shown = command.isJSON ? report.json + "\n" : report.text + "\n\n"
                try? FileHandle.standardOutput.write(contentsOf: Data(shown.utf8))
                if let fault = report.fault { complain("\(report.name): \(fault)") }
            }
            exit(isSound ? 0 : unsound)
        } catch {
            complain("\(error)")
            exit(systemTrouble)
        }
    }

    private static func complain(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("udp-bench: \(text)\n".utf8))
    }
}
