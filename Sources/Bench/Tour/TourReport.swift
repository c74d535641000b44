import Foundation
import LatencyModels

/// What a tour found, in Markdown.
struct TourReport {
    let results: [BenchReport]
    let leftOut: [String]
    /// The file of the picture, beside the report.
    let picture: String

    var text: String {
        ([introduction, fanout, lossyPaths].filter { !$0.isEmpty } + others + [faults])
            .filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var introduction: String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return """
            # Figures

            What `make bench` found on a machine of \(cores) cores, over the loopback interface: medians of several runs of
            `udp-bench tour`. Lines have 100 bytes; every packet is sealed, every line acknowledged, and stored before it
            is told.

            ![CPU of the server for each delivery, ours beside others; and how soon 99 of 100 messages arrive on a lossy \
            path](\(picture))
            """
    }

    /// Ours beside the others.
    private var fanout: String {
        let reports = results.filter { $0.name == "fanout" }
        guard !reports.isEmpty else { return "" }
        let heading =
            ["members", "under way", "this", "floor", "ratio", "deliveries a second", "missing", "bytes a member"]
            + PeerFigures.all.map(\.name)
        let lines = reports.map { report -> [String] in
            let load = PeerFigures.Load(
                members: Int(report.figure("members") ?? 0), window: Int(report.figure("window") ?? 0))
            return [
                "\(load.members)", "\(load.window)", Self.microseconds(report.figure("cpuNanosecondsPerDelivery")),
                Self.microseconds(report.figure("floorNanoseconds")), Self.number(report.figure("floorRatio"), 2),
                Self.number(report.figure("deliveriesPerSecond"), 0), Self.number(report.figure("missing"), 0),
                Self.number(report.figure("bytesPerMember"), 0),
            ] + PeerFigures.all.map { Self.microseconds($0.perDelivery[load]) }
        }
        let memory = PeerFigures.all.map { "\($0.name) \($0.memory)" }.joined(separator: ", ")
        return """
            ## Fan-out

            CPU of the server process for each delivery, in microseconds; the floor is `sendmmsg` alone, of one datagram of
            120 bytes to each. Those of the other servers are given: they were measured in the same way, with their own
            programs, on a machine of 2 cores, where differences under a quarter mean nothing.

            \(Self.table(heading, lines))

            Memory for a member: \(memory).
            """
    }

    private var lossyPaths: String {
        let reports = results.filter { $0.name == "latency" }
        guard !reports.isEmpty else { return "" }
        let lines = reports.map { report in
            ["\(Self.number(report.figure("lossPercent"), 0)) %"]
                + TourPicture.contenders.map { Self.number(report.figure($0.rawValue + "P99"), 0) }
        }
        return """
            ## Lossy paths

            Milliseconds within which 99 of 100 messages arrive, one each 100 ms over 40 ms one way with loss both ways, in
            virtual time; the others are models. A dash: fewer arrived.

            \(Self.table(["loss"] + TourPicture.contenders.map(\.name), lines))
            """
    }

    private var others: [String] {
        results.filter { $0.name != "fanout" && $0.name != "latency" }.map { report in
            let lines = report.rows.map { row in
                [row.label.trimmingCharacters(in: .whitespaces), Self.number(row.value, row.digits), row.unit]
            }
            return "## " + report.name.prefix(1).uppercased() + report.name.dropFirst() + "\n\n"
                + Self.table(["what", "figure", "unit"], lines)
        }
    }

    private var faults: String {
        let lines =
            results.compactMap { report in report.fault.map { "- \(report.name): \($0)" } }
            + leftOut.map { "- \($0): left out for want of time" }
        return lines.isEmpty ? "" : "## What is not as it should be\n\n" + lines.joined(separator: "\n")
    }

    private static func microseconds(_ nanoseconds: Double?) -> String {
        number(nanoseconds.map { $0 / 1_000 }, 2)
    }

    private static func number(_ value: Double?, _ digits: Int) -> String {
        guard let value, value.isFinite else { return "-" }
        return BenchReport.decimal(value, digits: digits)
    }

    private static func table(_ heading: [String], _ lines: [[String]]) -> String {
        let rule = heading.map { _ in "---" }
        return ([heading, rule] + lines).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
