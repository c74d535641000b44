import Basics
import Foundation
import History
import SocketIO

/// The benchmarks one after the other, within a budget of time: medians of several runs, as a report and a picture.
struct Tour {
    static let usualSeconds = 300.0
    private static let runs = 5
    private static let shortRuns = 3
    /// In percent; those that the picture shows.
    private static let losses: [Double] = [0, 1, 5, 10, 20]

    /// Where what was found goes to, in the folder that was asked for.
    private enum File {
        static let report = "Figures.md"
        static let picture = "bench.svg"
        static let figures = "bench.json"
    }

    /// What belongs together, and how much of the usual budget it takes at most, in seconds. A stage begins only when
    /// that much is left.
    private struct Stage: Sendable {
        let name: String
        let seconds: Double
        let run: @Sendable (Tour) throws(SystemError) -> [BenchReport]
    }

    private let seconds: Double
    private let seed: UInt64
    private let end: Instant

    private(set) var results: [BenchReport] = []
    /// Stages for which there was no time.
    private(set) var leftOut: [String] = []

    init(seconds: Double, seed: UInt64) {
        self.seconds = seconds
        self.seed = seed
        end = MonotonicClock.now + .nanoseconds(Int64(seconds * 1e9))
    }

    /// Whether nothing was lost or left out. What is slower than it should be is told, and no fault of the tour.
    var isSound: Bool { leftOut.isEmpty && results.allSatisfy { ($0.figure("missing") ?? 0) == 0 } }

    /// How much of the usual time there is for everything.
    private var scale: Double { seconds / Self.usualSeconds }

    private func left(atMost seconds: Double) -> Double { max(0.1, seconds * scale) }

    mutating func run(show: (BenchReport) -> Void) throws(SystemError) {
        for stage in Self.stages {
            guard MonotonicClock.now + .nanoseconds(Int64(stage.seconds * scale * 1e9)) <= end else {
                leftOut.append(stage.name)
                continue
            }
            for report in try stage.run(self) {
                results.append(report)
                show(report)
            }
        }
    }

    /// The costly ones last.
    private static let stages: [Stage] = [
        Stage(name: "work", seconds: 8) { tour throws(SystemError) in
            PeerFigures.windows.map {
                WorkBench(members: 100, window: $0).run(seconds: tour.left(atMost: 2), lines: 1_000)
            }
        },
        Stage(name: "floor", seconds: 4) { tour throws(SystemError) in
            [
                try median(shortRuns) { () throws(SystemError) in
                    try FloorBench(members: 100, seconds: tour.left(atMost: 1)).run()
                }
            ]
        },
        Stage(name: "login", seconds: 4) { tour throws(SystemError) in
            [
                try median(shortRuns) { () throws(SystemError) in
                    try LoginBench(seconds: tour.left(atMost: 1)).run()
                }
            ]
        },
        Stage(name: "echo", seconds: 10) { tour throws(SystemError) in
            [
                try median(shortRuns) { () throws(SystemError) in
                    try EchoBench(seconds: tour.left(atMost: 3)).run()
                }
            ]
        },
        Stage(name: "store", seconds: 10) { tour throws(SystemError) in
            [
                try StoreBench(durability: .process, seconds: tour.left(atMost: 2)).run(),
                try StoreBench(durability: .power, seconds: tour.left(atMost: 2)).run(),
            ]
        },
        Stage(name: "latency", seconds: 40) { tour throws(SystemError) in
            losses.map {
                LatencyBench(
                    path: .loss($0), interval: .milliseconds(100), messages: max(100, Int(4_000 * tour.scale)),
                    seed: tour.seed
                ).run()
            }
        },
        Stage(name: "fanout 100", seconds: 25) { tour throws(SystemError) in try tour.fanout(100) },
        Stage(name: "fanout 1000", seconds: 30) { tour throws(SystemError) in try tour.fanout(1_000) },
        Stage(name: "room", seconds: 20) { tour throws(SystemError) in
            [try RoomBench(members: 1_000, rate: 100, seconds: tour.left(atMost: 8)).run()]
        },
        Stage(name: "idle", seconds: 15) { tour throws(SystemError) in
            [try IdleBench(members: 1_000, seconds: tour.left(atMost: 5)).run()]
        },
        Stage(name: "fanout 5000", seconds: 90) { tour throws(SystemError) in try tour.fanout(5_000) },
    ]

    private static func median(
        _ runs: Int, of run: () throws(SystemError) -> BenchReport
    ) throws(SystemError) -> BenchReport {
        var reports: [BenchReport] = []
        for _ in 0..<runs { reports.append(try run()) }
        return BenchReport.median(of: reports)
    }

    private func fanout(_ members: Int) throws(SystemError) -> [BenchReport] {
        // What it takes to have everybody in is what is left when the measuring has its time.
        let measuring = Duration.nanoseconds(Int64(20 * scale * 1e9))
        return try FanoutBench(
            members: members, windows: PeerFigures.windows, senders: FanoutBench.senders,
            seconds: left(atMost: 1), runs: Self.runs,
            patience: max(.seconds(5), end - MonotonicClock.now - measuring)
        ).run()
    }

    /// Writes the report, its picture and the figures for programs.
    ///
    /// - Throws: `SystemError` that names the file that can't be written.
    func write(into folder: String) throws(SystemError) {
        let files = [
            (File.report, TourReport(results: results, leftOut: leftOut, picture: File.picture).text),
            (File.picture, TourPicture(results: results).svg),
            (File.figures, "[\n" + results.map(\.json).joined(separator: ",\n") + "\n]\n"),
        ]
        let folder = URL(filePath: folder, directoryHint: .isDirectory)
        for (name, text) in files {
            let file = folder.appending(path: name)
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            } catch {
                throw SystemError(call: "open", subject: file.path, code: EACCES)
            }
        }
    }
}
