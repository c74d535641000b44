import Basics
import FoundationEssentials
import Testing

@testable import ProgramFrame

@Suite("lines of NDJSON")
struct JSONLineTests {
    @Test("the event comes first, then the fields in their order; those without a value are left out")
    func order() {
        let line = JSONLine.event(
            "e", ("z", .number(-7)), ("none", nil), ("b", .flag(true)), ("a", .texts(["x", "/"])), ("t", .text("")))
        #expect(line == #"{"event":"e","z":-7,"b":true,"a":["x","/"],"t":""}"#)
    }

    private struct Notice: Decodable {
        let event: String
        let text: String
    }

    @Test("any text comes back as it was, from one line without control characters")
    func textsSurvive() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            let scalars = (0..<20).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0xff : 0x10ffff), using: &random))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let line = JSONLine.event("notice", ("text", .text(text)))
            #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
            let notice = try JSONDecoder().decode(Notice.self, from: Data(line.utf8))
            #expect(notice.event == "notice")
            #expect(Array(notice.text.unicodeScalars) == scalars)
        }
    }
}
