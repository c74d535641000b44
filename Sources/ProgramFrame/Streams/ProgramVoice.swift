package import Sentences
import SocketIO

/// What a program says besides its work: the answer to `--help`, and why it ends.
package struct ProgramVoice: Sendable {
    /// The program's name, which begins each line on standard error.
    private let program: String
    private let language: Language
    private let output: Int32
    private let errors: Int32

    /// How long a slow reader is waited for, in milliseconds for each piece of 4 KiB.
    private static let patience: Int32 = 1_000

    package init(
        program: String, language: Language, output: Int32 = StandardStream.output,
        errors: Int32 = StandardStream.errors
    ) {
        self.program = program
        self.language = language
        self.output = output
        self.errors = errors
    }

    /// Where answers go, for one that is too long to be put together first.
    package var outputDescriptor: Int32 { output }

    /// Says what was asked for on standard output.
    ///
    /// - Parameter text: whole lines, each with its end.
    /// - Returns: `file` when it could not be written.
    package func answer(_ text: String) -> ExitStatus {
        var writer = StreamWriter(descriptor: output)
        writer.write(text)
        writer.flush(patience: Self.patience)
        return writer.hasFailed || writer.isPending ? .file : .fine
    }

    /// Answers what every program is asked.
    package func answer<Settings>(_ question: StandardQuestion, of table: OptionTable<Settings>) -> ExitStatus {
        answer(table.answer(to: question, in: language))
    }

    /// Says lines on standard error.
    ///
    /// - Parameter lines: printable and without line ends; empty ones are left out.
    package func report(_ lines: [String]) {
        var writer = StreamWriter(descriptor: errors)
        for line in lines where !line.isEmpty { writer.write(onStandardError(line)) }
        writer.flush(patience: Self.patience)
    }

    /// Says why the program ends.
    ///
    /// - Returns: how it ends.
    package func report(_ failure: ProgramFailure) -> ExitStatus {
        report([failure.text(in: language)])
        return failure.status
    }

    /// A line as it stands on standard error, with its end.
    package func onStandardError(_ line: String) -> String { "\(program): \(line)\n" }
}
