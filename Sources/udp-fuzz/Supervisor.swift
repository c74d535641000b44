import Foundation
import Fuzz

/// The parent: lets a child try the inputs of a target, and finds out which input killed it.
struct Supervisor {
    /// What a child came to.
    enum Outcome {
        case passed(tried: UInt64, accepted: UInt64, nanoseconds: UInt64, peakKiB: Int)
        case failed(index: UInt64, text: String)
        /// The child died and can't be made to die again.
        case unrepeatable(text: String)
    }

    /// A child that took more has a leak, or a table without bound.
    private static let peakLimitKiB = 1024 * 1024
    /// How long the second child may look for the input that killed the first.
    private static let searchSeconds = 120.0

    let target: FuzzTarget
    let seed: UInt64
    let corpus: String?

    func run(from start: UInt64, count: UInt64?, seconds: Double) throws -> Outcome {
        let first = try runChild(from: start, count: count, seconds: seconds, isCareful: false)
        if let outcome = first.outcome { return outcome }
        let second = try runChild(
            from: first.position ?? start, count: nil, seconds: Self.searchSeconds, isCareful: true)
        switch second.outcome {
        case .passed: return .unrepeatable(text: "\(first.death) near input \(first.position ?? start), once")
        case .failed, .unrepeatable: return second.outcome ?? .unrepeatable(text: first.death)
        case nil: return .failed(index: second.position ?? start, text: second.death)
        }
    }

    private struct Child {
        /// Nil when it died.
        var outcome: Outcome?
        /// The last input that it told about.
        var position: UInt64?
        var death = ""
    }

    private func runChild(from start: UInt64, count: UInt64?, seconds: Double, isCareful: Bool) throws -> Child {
        let process = Process()
        let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments =
            [
                isCareful ? "--work-carefully" : "--work", "--target", target.name, "--seed", "\(seed)",
                "--from", "\(start)", "--time", "\(seconds)",
            ] + (count.map { ["--count", "\($0)"] } ?? []) + (corpus.map { ["--corpus", $0] } ?? [])
        var environment = ProcessInfo.processInfo.environment
        // A trap shall end the child at once; and tables shall have the same order in each.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        environment["SWIFT_DETERMINISTIC_HASHING"] = "1"
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let told = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        var child = Self.read(String(decoding: told, as: UTF8.self))
        child.death =
            process.terminationReason == .uncaughtSignal
            ? "a trap (signal \(process.terminationStatus))" : "the child left with status \(process.terminationStatus)"
        return child
    }

    private static func read(_ told: String) -> Child {
        var child = Child()
        for line in told.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count > 1, let number = UInt64(words[1]) else { continue }
            switch words[0] {
            case "at": child.position = number
            case "hang": child.outcome = .failed(index: number, text: "no end within ten seconds")
            case "fault": child.outcome = .failed(index: number, text: words.count > 2 ? String(words[2]) : "")
            case "done": child.outcome = done(line.split(separator: " ").dropFirst().compactMap { UInt64($0) })
            default: continue
            }
        }
        return child
    }

    private static func done(_ numbers: [UInt64]) -> Outcome? {
        guard numbers.count == 4 else { return nil }
        let peak = Int(numbers[3])
        guard peak <= peakLimitKiB else { return .unrepeatable(text: "memory grew to \(peak) KiB") }
        return .passed(tried: numbers[0], accepted: numbers[1], nanoseconds: numbers[2], peakKiB: peak)
    }
}
