/// A page of figures in the text format of Prometheus (version 0.0.4): families, each with its help, its type and its
/// samples.
package struct Exposition: Sendable {
    /// What a figure is.
    package enum Kind: String, Sendable {
        /// It only grows, from the start of the process on.
        case counter
        /// It is what it is now.
        case gauge
        case histogram
    }

    /// A sample's label: a word of ours, and what may come from elsewhere.
    package typealias Label = (name: String, value: String)

    package private(set) var text = ""

    package init() {}

    /// One figure.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
        begin(name, kind, help)
        line(name, [], "\(value)")
    }

    /// One figure; a value that is no number is left out.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        guard value.isFinite else { return }
        begin(name, kind, help)
        line(name, [], "\(value)")
    }

    /// One figure for each value of a label.
    package mutating func add(
        _ name: String, _ kind: Kind, _ help: String, by label: String, _ rows: [(value: String, count: UInt64)]
    ) {
        begin(name, kind, help)
        for row in rows { line(name, [(label, row.value)], "\(row.count)") }
    }

    /// Spans, in seconds.
    package mutating func add(_ name: String, _ help: String, _ histogram: Histogram) {
        begin(name, .histogram, help)
        var sum: UInt64 = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            sum &+= count
            line("\(name)_bucket", [("le", Self.seconds(milliseconds: bound))], "\(sum)")
        }
        line("\(name)_bucket", [("le", "+Inf")], "\(histogram.count)")
        line("\(name)_sum", [], "\(Double(histogram.sumNanoseconds) / 1e9)")
        line("\(name)_count", [], "\(histogram.count)")
    }

    private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ labels: [Label], _ value: String) {
        let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += pairs.isEmpty ? "\(name) \(value)\n" : "\(name){\(pairs)} \(value)\n"
    }

    /// A label's value can hold any text; these three would end it.
    static func escaped(_ value: String) -> String {
        value.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n", "\r\n": result += "\\n"
            default: result.append(character)
            }
        }
    }

    /// `0.002`, `5`: without an exponent, and without zeros behind.
    static func seconds(milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        guard rest > 0 else { return "\(whole)" }
        var digits = String(String(rest + 1_000).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
