import Basics

/// What a benchmark came to, as a table for people and as one JSON object for programs.
package struct BenchReport: Sendable {
    /// One figure.
    struct Row: Sendable {
        /// Its name in JSON, and in `label` what people read.
        let key: String
        let label: String
        let value: Double
        /// Digits after the point.
        let digits: Int
        let unit: String
    }

    /// The word of the benchmark.
    package let name: String
    private(set) var rows: [Row] = []
    /// What people read instead of the rows, where those would be many.
    private var table: (heading: String, lines: [[String]])?
    /// What is wrong with the result, if something is.
    package private(set) var fault: String?

    init(_ name: String) {
        self.name = name
    }

    mutating func add(_ key: String, _ label: String, _ value: Double, digits: Int = 0, unit: String = "") {
        rows.append(Row(key: key, label: label, value: value.isNaN ? 0 : value, digits: digits, unit: unit))
    }

    mutating func add(_ key: String, _ label: String, _ value: Int, unit: String = "") {
        add(key, label, Double(value), unit: unit)
    }

    /// Shows a table instead of the rows; its first line names the columns, which are set flush right but for the first.
    mutating func show(_ lines: [[String]], under heading: String) {
        table = (heading, lines)
    }

    mutating func fail(_ text: String) {
        fault = text
    }

    /// The figure under a key; nil when there is none, or when it never came about.
    func figure(_ key: String) -> Double? {
        rows.first { $0.key == key }.map(\.value).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Several runs of one benchmark as one report: of each figure the median, and every fault.
    ///
    /// - Parameter runs: at least one; otherwise the report has nothing but a fault.
    static func median(of runs: [BenchReport]) -> BenchReport {
        guard var report = runs.first else {
            var report = BenchReport("nothing")
            report.fail("nothing was measured")
            return report
        }
        guard runs.count > 1 else { return report }
        report.rows = report.rows.map { row in
            let values = runs.compactMap { run in run.rows.first { $0.key == row.key }?.value }.sorted()
            return Row(
                key: row.key, label: row.label, value: values[values.count / 2], digits: row.digits, unit: row.unit)
        }
        report.add("runs", "medians of runs", runs.count)
        let faults = runs.compactMap(\.fault)
        report.fault = faults.isEmpty ? nil : faults.joined(separator: "; ")
        return report
    }

    /// A heading and a line for each figure, or the table.
    package var text: String {
        let fault = fault.map { ["  fault: " + $0] } ?? []
        guard let table else { return ([name] + rowLines + fault).joined(separator: "\n") }
        return ([table.heading] + Self.set(table.lines) + fault).joined(separator: "\n")
    }

    private static func set(_ lines: [[String]]) -> [String] {
        let columns = lines.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in lines.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return lines.map { line in
            let cells = zip(line, widths).enumerated().map { place, cell in
                let gap = String(repeating: " ", count: cell.1 - cell.0.count)
                return place == 0 ? cell.0 + gap : gap + cell.0
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    private var rowLines: [String] {
        let width = rows.map(\.label.count).max() ?? 0
        return rows.map { row in
            let figure = Self.decimal(row.value, digits: row.digits)
            let gap = String(repeating: " ", count: max(1, width + 14 - row.label.count - figure.count))
            return "  " + row.label + gap + figure + (row.unit.isEmpty ? "" : " " + row.unit)
        }
    }

    /// One line: `benchmark` and then each figure under its key; null for what never came about.
    package var json: String {
        let fields = rows.map { row in
            "\"\(row.key)\":" + (row.value.isFinite ? Self.decimal(row.value, digits: row.digits) : "null")
        }
        return "{" + (["\"benchmark\":\"\(name)\""] + fields).joined(separator: ",") + "}"
    }

    /// A number with a fixed count of digits after the point, in no one's language; "never" for infinity.
    static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return "never" }
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let whole = Int((value.magnitude * Double(scale)).rounded().clamped(to: 1e18))
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return sign + "\(whole)" }
        let fraction = String(whole % scale)
        return sign + "\(whole / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension Double {
    fileprivate func clamped(to limit: Double) -> Double { min(self, limit) }
}

/// Many measured times.
struct Samples {
    private var nanoseconds: [Int64] = []

    var count: Int { nanoseconds.count }

    mutating func add(_ time: Duration) {
        nanoseconds.append(time.wholeNanoseconds)
    }

    /// The time, in microseconds, that the share `quantile` (0...1) of all did not exceed.
    mutating func microseconds(at quantile: Double) -> Double {
        nanoseconds.sort()
        guard !nanoseconds.isEmpty else { return 0 }
        let place = min(nanoseconds.count - 1, Int((Double(nanoseconds.count) * quantile).rounded(.up)) - 1)
        return Double(nanoseconds[max(0, place)]) / 1000
    }
}
