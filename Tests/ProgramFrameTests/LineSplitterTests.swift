import Basics
import Testing

@testable import ProgramFrame

@Suite("lines of a plain stream")
struct LineSplitterTests {
    @Test("lines come without their ends, the last one also without a line end")
    func lines() {
        var splitter = LineSplitter(limit: 100)
        #expect(splitter.take("one\r\ntwo\n\nla".utf8) == [.text("one"), .text("two"), .text("")])
        #expect(splitter.take("st".utf8) == [])
        #expect(splitter.finish() == .text("last"))
    }

    @Test("nothing is left after a line end")
    func finished() {
        var splitter = LineSplitter(limit: 100)
        _ = splitter.take("one\n".utf8)
        #expect(splitter.finish() == nil)
    }

    @Test("lines are the same however the bytes are cut", arguments: [UInt64(1), 2, 3])
    func cuts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bytes = Array("one\r\n\ntwo \u{e9}\nthree\r\rfour\nlast".utf8)
        let expected: [LineSplitter.Line] = ["one", "", "two \u{e9}", "three\r\rfour", "last"].map { .text($0) }
        for _ in 0..<50 {
            var splitter = LineSplitter()
            var lines: [LineSplitter.Line] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...8, using: &random)
                lines += splitter.take(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            if let last = splitter.finish() { lines.append(last) }
            #expect(lines == expected)
        }
    }

    @Test("a character cut by the end of a read arrives whole, bytes that are no UTF-8 are repaired")
    func characters() {
        var splitter = LineSplitter(limit: 100)
        #expect(splitter.take([0xc3]) == [])
        #expect(splitter.take([0xa9, 0x0a, 0xff, 0x0a]) == [.text("é"), .text("\u{fffd}")])
    }

    @Test("a line above the limit is skipped alone, also as the last one")
    func limit() {
        var splitter = LineSplitter(limit: 4)
        #expect(splitter.take("1234\r\n12345\n678\n".utf8) == [.text("1234"), .tooLong, .text("678")])
        _ = splitter.take("123456789".utf8)
        #expect(splitter.finish() == .tooLong)
    }
}
