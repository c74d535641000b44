import Basics
import LatencyModels
import Simulation

/// How soon small messages arrive on a lossy path: our scheme beside the rules of others, in virtual time.
struct LatencyBench {
    /// What a path does, as it is asked for.
    enum Path {
        /// Random loss in percent.
        case loss(Double)
        /// Outages of 100 ms in the mean, 5 % of the time.
        case outages
    }

    /// The paths that are played when none is asked for.
    static let paths: [Path] = [.loss(0), .loss(1), .loss(5), .loss(10), .loss(20), .outages]
    /// Flows of the others among which the messages are shared, so that one that collapses is not all.
    private static let flows = 20

    var path: Path
    var interval: Duration
    var messages: Int
    var seed: UInt64

    func run() -> BenchReport {
        var report = BenchReport("latency")
        report.add("intervalMilliseconds", "from message to message", interval.inMilliseconds, digits: 1, unit: "ms")
        switch path {
        case .loss(let percent): report.add("lossPercent", "loss", percent, digits: 1, unit: "%")
        case .outages: report.add("outagePercent", "outages of 100 ms", 5, unit: "%")
        }
        report.add("messages", "messages", messages)
        var table = [["", "p50", "p99", "p99.9 ms", "packets", "bytes a byte", "never came"]]
        for contender in Contender.allCases {
            let result = contender.play(scenario(for: contender))
            report.add(contender.rawValue + "P50", "", result.percentile(0.5), digits: 1)
            report.add(contender.rawValue + "P99", "", result.percentile(0.99), digits: 1)
            report.add(contender.rawValue + "P999", "", result.percentile(0.999), digits: 1)
            report.add(contender.rawValue + "Packets", "", result.packetsPerMessage, digits: 2)
            report.add(contender.rawValue + "BytesPerByte", "", bytesPerByte(result), digits: 2)
            report.add(contender.rawValue + "Undelivered", "", result.undelivered)
            table.append(row(contender, result))
            if contender == .ours, result.undelivered > 0 {
                report.fail("\(result.undelivered) messages of ours never came")
            }
        }
        report.show(table, under: heading)
        return report
    }

    private var heading: String {
        let every = "one every \(BenchReport.decimal(interval.inMilliseconds, digits: 0)) ms"
        switch path {
        case .loss(let percent): return "latency, \(BenchReport.decimal(percent, digits: 1)) % loss, \(every)"
        case .outages: return "latency, outages of 100 ms, 5 % in all, \(every)"
        }
    }

    private func scenario(for contender: Contender) -> LatencyCase {
        let loss: LatencyCase.Loss =
            switch path {
            case .loss(let percent): .independent(percent / 100)
            case .outages: .outages(Outages(share: 0.05, mean: .milliseconds(100)))
            }
        var scenario = LatencyCase(name: contender.name, loss: loss, interval: interval, messages: messages)
        scenario.seed = seed
        if contender != .ours {
            scenario.members = Self.flows
            scenario.messages = max(1, messages / Self.flows)
        }
        return scenario
    }

    private func bytesPerByte(_ result: LatencyResult) -> Double {
        Double(result.bytes) / Double(max(1, result.messages) * 100)
    }

    private func row(_ contender: Contender, _ result: LatencyResult) -> [String] {
        let times = [0.5, 0.99, 0.999].map { BenchReport.decimal(result.percentile($0), digits: 1) }
        let sent = [result.packetsPerMessage, bytesPerByte(result)].map { BenchReport.decimal($0, digits: 2) }
        return [contender.name] + times + sent + ["\(result.undelivered)"]
    }
}

extension Duration {
    /// In milliseconds.
    var inMilliseconds: Double { Double(wholeNanoseconds) / 1e6 }
}
