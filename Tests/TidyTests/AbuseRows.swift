import Foundation

/// The rows of abuse and faults that are tests, by their number in a title: `row 17: a byte stream goes on`,
/// `rows 38 and 39: ...`, `17: ...`, or in brackets at a title's end.
enum AbuseRows {
    /// All rows of the design's list.
    static let all = 1...53

    /// Rows whose subject is not built yet. Whoever builds it writes the test and takes the row out here.
    static let notDue: [Int: String] = [
        40: "files", 41: "files", 42: "files",
    ]

    /// The numbers of rows that a title names.
    static func named(in title: Substring) -> Set<Int> {
        var named: Set<Int> = []
        if let match = title.prefixMatch(of: #/(\d+):\s/#), let number = Int(match.1) { named.insert(number) }
        for match in title.matches(of: /\brows? (\d+(?:(?:, | and )\d+)*)/) {
            for number in match.1.matches(of: /\d+/) {
                if let row = Int(number.output) { named.insert(row) }
            }
        }
        return named
    }

    /// The titles of tests and suites in a file.
    static func titles(in text: String) -> [Substring] {
        text.matches(of: /@(?:Test|Suite)\(\s*"((?:[^"\\]|\\.)*)"/).map(\.1)
    }

    /// Rows without a test that are due, and rows with one that are said not to be.
    static func findings(in texts: [String]) -> [String] {
        let tested = texts.reduce(into: Set<Int>()) { tested, text in
            for title in titles(in: text) { tested.formUnion(named(in: title)) }
        }
        let missing = all.filter { !tested.contains($0) && notDue[$0] == nil }.map { "no test's title names row \($0)" }
        let early = notDue.keys.filter(tested.contains).sorted()
            .map { "row \($0) has a test: take it out of the table" }
        let unknown = tested.subtracting(all).sorted().map { "there is no row \($0)" }
        return missing + early + unknown
    }
}
