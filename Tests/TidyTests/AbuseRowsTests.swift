import Testing

@Suite("the list of abuse and faults")
struct AbuseRowsTests {
    @Test("every row that is due is named by a test, and every test names a row that exists")
    func allRows() {
        // These files hold titles as examples.
        let files = Repository.tests.filter { !$0.path.hasPrefix("Tests/TidyTests/") }
        for finding in AbuseRows.findings(in: files.map { String(decoding: $0.bytes, as: UTF8.self) }) {
            Issue.record("\(finding)")
        }
    }

    @Test(
        "a title names rows in several ways",
        arguments: [
            ("7: reflected data is dropped", [7]), ("row 48: a key", [48]), ("rows 38 and 39: no text", [38, 39]),
            ("rows 1, 2 and 3", [1, 2, 3]), ("names: what is refused (row 35)", [35]), ("12 packets", []),
            ("throws 5", []), ("row 23: of 10,000 lines", [23]), ("a row without a number", []),
        ])
    func names(title: String, rows: [Int]) {
        #expect(AbuseRows.named(in: title[...]) == Set(rows))
    }

    @Test("titles are found in one line and in several, with quotes in them")
    func titles() {
        let text = """
            @Test("row 1: a \\"b\\"") func a() {}
            @Test(
                "row 2: c", arguments: [1])
            @Suite("d (row 3)", .serialized)
            """
        #expect(AbuseRows.titles(in: text) == ["row 1: a \\\"b\\\"", "row 2: c", "d (row 3)"])
    }

    @Test("a row without a test, one that was said to be none's, and one that does not exist are found")
    func findings() {
        let due = AbuseRows.all.filter { AbuseRows.notDue[$0] == nil }
        let all = due.map { "@Test(\"row \($0): x\")" }
        #expect(AbuseRows.findings(in: all) == [])
        #expect(AbuseRows.findings(in: Array(all.dropFirst())).count == 1)
        #expect(AbuseRows.findings(in: all + ["@Test(\"row 40: x\")"]).count == 1)
        #expect(AbuseRows.findings(in: all + ["@Test(\"54: x\")"]).count == 1)
    }
}
