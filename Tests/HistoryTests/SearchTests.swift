import Basics
import ChatProtocol
import Testing

@testable import History

@Suite struct SearchTests {
    private func room(_ texts: [String]) throws -> Store {
        var store = try Made.store(HistoryConfiguration(location: .memory))
        try store.write(Made.log(1), Made.log(2))
        try store.write(all: texts.enumerated().map { Made.entry(UInt64($0 + 1), $1) })
        return store
    }

    @Test(
        "every word must occur, the last one with its beginning; the newest comes first, case and accents do not count")
    func words() throws {
        var store = try room(["Café au lait", "cafe noir", "tea and LAITUE", "lait seul"])
        #expect(try store.found("CAFE") == ["cafe noir", "Café au lait"])
        #expect(try store.found("café lai") == ["Café au lait"])
        #expect(try store.found("lai") == ["lait seul", "tea and LAITUE", "Café au lait"])
        #expect(try store.found("lai café") == [])
        #expect(try store.found("lait", limit: 1) == ["lait seul"])
        #expect(try store.found("lait", log: 2) == [])
    }

    @Test(
        "nothing that is typed is syntax",
        arguments: [
            "\"", "\"\"\"", "*", "a*b", "NEAR(a b)", "a AND", "OR", "NOT x", "text:a", "{text}:", "(", "a)", "^a",
            "a + b",
            "-a", "'; DROP TABLE entries; --", "!!!", "\0", "a\0b", "\u{1F600}", " ", "", "日本語",
            String(repeating: "a ", count: 3_000), String(repeating: "\"", count: 3_000),
        ])
    func syntax(text: String) throws {
        var store = try room(["a b text", "NEAR OR NOT and x 日本語"])
        // Whatever it finds, it is an answer and no error.
        #expect(try store.found(text).count <= 2)
        #expect(try store.found("text") == ["a b text"])
    }

    @Test("operators are words like others")
    func operators() throws {
        var store = try room(["this OR that", "this that"])
        #expect(try store.found("this OR that") == ["this OR that"])
        #expect(try store.found("日本") == [])
    }

    @Test("an entry that got another text is found by that and keeps its bytes; one that lost its text is not found")
    func replaced() throws {
        var store = try room(["red apple", "green apple", "apple pie"])
        while try store.index(limit: 1_000) {}
        let bytes = Array("red apple".utf8)
        func entry(_ number: EntryNumber, _ text: String?) -> StoreChange {
            .replace(
                StoredEntry(
                    log: Made.room, number: number, time: WallTime(milliseconds: 0),
                    bytes: number == 1 ? bytes : Array("green apple".utf8), text: text))
        }
        try store.write(entry(1, "red pear"), entry(2, nil))
        #expect(try store.found("apple") == ["apple pie"])
        #expect(try store.found("pear") == ["red apple"], "whoever asks gets the bytes, and the text beside them")
        let item = LogItem(number: 1, bytes: bytes, searched: .text("red pear"))
        let end = StoreLimits.entryNumber
        #expect(try store.reading.search(SearchQuery("pear"), in: Made.room, before: end, limit: 9) == [item])
        #expect(try store.reading.search(SearchQuery(""), in: Made.room, before: end, limit: 9).last == item)
        #expect(try store.load().logs.first?.tail.map(\.searched) == [.text("red pear"), .nothing, .text("apple pie")])
    }

    @Test("a search gives no more than its bound, and goes on before a number")
    func bounds() throws {
        var store = try room((1...250).map { "line \($0)" })
        #expect(try store.found("line", limit: 1_000).count == HistoryLimits.searchResults)
        let earlier = try store.reading.search(SearchQuery("line"), in: Made.room, before: 3, limit: 10)
        #expect(earlier.map(\.number) == [2, 1])
    }

    @Test("what was not indexed when the process was killed is found afterwards, once")
    func afterKill() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.write(Made.log(1), Made.log(2))
        try store.write(all: (1...50).map { Made.entry($0, "line \($0)") })
        try store.write(all: (1...50).map { Made.entry($0, "other \($0)", log: 2) })
        #expect(try store.index(limit: 70))
        var next = try Made.store(try folder.killed())
        _ = try next.load()
        #expect(try next.found("line").count == 50 && next.found("other", log: 2).count == 50)
        try next.checkIndex()
        _ = consume store
    }
}
