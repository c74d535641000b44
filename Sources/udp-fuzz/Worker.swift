import Foundation
import Fuzz
import Synchronization

/// The child process: tries inputs of one target and tells its parent how far it is.
///
/// It writes lines: `at I` now and then, `fault I TEXT`, `hang I`, and in the end `done TRIED ACCEPTED NANOSECONDS`.
struct Worker {
    let target: FuzzTarget
    let inputs: FuzzInputs
    let start: UInt64
    let count: UInt64?
    let seconds: Double
    /// Tell the number of each input before it is tried, so that the last one told is the one that killed us.
    let isCareful: Bool

    /// An input that takes longer hangs.
    private static let patience = 10.0
    private static let pace = 0.1

    /// - Returns: the exit status.
    func run() -> Int32 {
        let position = Position()
        let watch = Thread { Self.watch(position) }
        watch.start()
        let clock = ContinuousClock()
        let begin = clock.now
        let end = begin + .seconds(seconds)
        let last = count.map { start &+ $0 }
        var asked: UInt64 = 0
        let result = target.run(inputs, from: start) { index in
            if let last, index >= last { return false }
            // The clock is asked only now and then: it costs more than a short input.
            if asked % 16 == 0, last == nil, clock.now >= end { return false }
            asked += 1
            if isCareful { Self.tell("at \(index)") }
            position.index.store(index, ordering: .relaxed)
            return true
        }
        if let failure = result.failure {
            let line = failure.fault.description.split(separator: "\n").joined(separator: " ")
            Self.tell("fault \(failure.index) \(line)")
            return 1
        }
        let spent = (clock.now - begin).components
        let nanoseconds = spent.seconds * 1_000_000_000 + spent.attoseconds / 1_000_000_000
        Self.tell("done \(result.tried) \(result.accepted) \(nanoseconds) \(Self.peakKiB)")
        return 0
    }

    /// Which input is being tried.
    private final class Position: Sendable {
        let index = Atomic<UInt64>(0)
    }

    private static func watch(_ position: Position) {
        var last: UInt64 = .max
        var since = 0.0
        while true {
            let index = position.index.load(ordering: .relaxed)
            since = index == last ? since + pace : 0
            if index != last { tell("at \(index)") }
            last = index
            if since > patience {
                tell("hang \(index)")
                exit(1)
            }
            Thread.sleep(forTimeInterval: pace)
        }
    }

    private static func tell(_ line: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }

    /// The most memory that the process ever had, in KiB.
    private static var peakKiB: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first ?? 0
    }
}
