import Foundation
import Fuzz

/// `udp-fuzz`: arguments, files and processes; what is tried and what must hold is in `Fuzz`.
@main
struct FuzzProgram {
    private static let wrongUsage: Int32 = 64
    private static let fileTrouble: Int32 = 74

    static func main() {
        let arguments: Arguments
        do throws(Arguments.Misuse) {
            arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
        } catch {
            complain("\(error.text)\nTry udp-fuzz --help.")
            exit(wrongUsage)
        }
        do {
            exit(try run(arguments))
        } catch {
            complain("\(error)")
            exit(fileTrouble)
        }
    }

    private static func run(_ arguments: Arguments) throws -> Int32 {
        switch arguments.task {
        case .help: print(Arguments.usage)
        case .list:
            for target in FuzzTarget.all + FuzzTarget.planted { print(padded(target.name, 24) + target.summary) }
        case .fuzz: return try fuzz(arguments)
        case .replay(let path): return try replay(path, arguments)
        case .writeCorpus(let folder): try CorpusFolder(path: folder).write()
        case .work(let isCareful): return work(arguments, isCareful: isCareful)
        }
        return 0
    }

    // MARK: Tasks

    /// All targets, or the one that was named, each for its share of the time.
    private static func fuzz(_ arguments: Arguments) throws -> Int32 {
        let seed = arguments.seed ?? UInt64.random(in: 0...999_999_999)
        let corpus = arguments.corpus ?? standardCorpus
        print("seed \(seed)")
        print(padded("target", 24) + "     inputs   a second   taken   memory")
        let targets = arguments.target.map { [$0] } ?? FuzzTarget.all
        let weights = targets.reduce(0) { $0 + $1.weight }
        var status: Int32 = 0
        for target in targets {
            let supervisor = Supervisor(target: target, seed: seed, corpus: corpus)
            let outcome = try supervisor.run(
                from: arguments.start, count: arguments.count,
                seconds: arguments.seconds * Double(target.weight) / Double(weights))
            switch outcome {
            case .passed(let tried, let accepted, let nanoseconds, let peak):
                let rate = Double(tried) * 1e9 / Double(max(1, nanoseconds))
                let share = 100 * Double(accepted) / Double(max(1, tried))
                let figures = String(format: "%11d %10.0f %6.1f%% %4d MiB", tried, rate, share, peak / 1024)
                print(padded(target.name, 24) + figures)
            case .failed(let index, let text):
                status = 1
                print(padded(target.name, 24) + "FAULT")
                let input = FuzzInputs(target: target, seed: seed, corpus: inputs(of: target, in: corpus))
                try report(target, text, input: input.input(at: index), seed: seed, index: index)
            case .unrepeatable(let text):
                status = 1
                print(padded(target.name, 24) + "FAULT")
                complain("\(target.name): \(text); it began with --target \(target.name) --seed \(seed)")
            }
        }
        return status
    }

    private static func report(
        _ target: FuzzTarget, _ text: String, input: [UInt8], seed: UInt64, index: UInt64
    ) throws {
        let path = "fuzz-\(target.name)-\(seed)-\(index).input"
        try Data(input).write(to: URL(fileURLWithPath: path))
        complain("\(target.name): \(text)")
        complain("replay: \(CommandLine.arguments[0]) --target \(target.name) --replay \(path)")
    }

    private static func replay(_ path: String, _ arguments: Arguments) throws -> Int32 {
        guard let target = arguments.target else { return wrongUsage }
        let input = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        do throws(FuzzFault) {
            print(try target.check(input) ? "nothing wrong: taken" : "nothing wrong: refused")
            return 0
        } catch {
            complain("\(target.name): \(error)")
            return 1
        }
    }

    private static func work(_ arguments: Arguments, isCareful: Bool) -> Int32 {
        guard let target = arguments.target else { return wrongUsage }
        let inputs = FuzzInputs(
            target: target, seed: arguments.seed ?? 0, corpus: inputs(of: target, in: arguments.corpus))
        return Worker(
            target: target, inputs: inputs, start: arguments.start, count: arguments.count,
            seconds: arguments.seconds, isCareful: isCareful
        ).run()
    }

    // MARK: Helpers

    private static var standardCorpus: String? {
        FileManager.default.fileExists(atPath: CorpusFolder.standard) ? CorpusFolder.standard : nil
    }

    private static func inputs(of target: FuzzTarget, in folder: String?) -> [[UInt8]] {
        folder.map { CorpusFolder(path: $0).inputs(of: target) } ?? []
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func complain(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("udp-fuzz: \(text)\n".utf8))
    }
}
