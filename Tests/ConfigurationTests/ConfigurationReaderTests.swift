import Basics
import Foundation
import ProgramFrame
import Sentences
import Testing

@testable import Configuration

@Suite("configuration files")
struct ConfigurationReaderTests {
    private func entries(_ text: String) throws(ProgramFailure) -> [ConfigurationEntry] {
        try ConfigurationReader.entries(of: Array(text.utf8), path: "f")
    }

    /// What is wrong with a text; nil when nothing is.
    private func fault(_ text: String) -> String? { fault(Array(text.utf8)) }

    private func fault(_ bytes: [UInt8]) -> String? {
        do throws(ProgramFailure) {
            _ = try ConfigurationReader.entries(of: bytes, path: "f")
            return nil
        } catch {
            return error.status == .configuration ? error.text(in: .english) : "another status"
        }
    }

    @Test("every kind of value, with comments and strings that look like something else")
    func values() throws {
        let text = """
            // { a: 1 }
            {
              one: 1, /* two: 2,
              still a comment */ 'two': "2 // no comment",
              "three": true, four: null, five: '}\\'{', six: 0x10,
              // seven: 7,
              eight: [1, { a: ']' } /* ] */, "]\\
            ]"], nine: 1.5,
              ten: "ab",
              eleven: -3,
            }
            // the end

            """
        let read = try entries(text)
        #expect(read.map(\.key) == ["one", "two", "three", "four", "five", "six", "eight", "nine", "ten", "eleven"])
        #expect(
            read.map(\.value) == [
                .number(1), .text("2 // no comment"), .boolean(true), .null, .text("}'{"), .number(16), .other, .other,
                .text("ab"), .number(-3),
            ])
        #expect(read.map(\.line) == [3, 4, 5, 5, 5, 5, 7, 8, 9, 10])
    }

    @Test("line ends of all systems count once", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) throws {
        #expect(try entries("{\(end)a: 1,\(end)\(end)b: 2}").map(\.line) == [2, 4])
    }

    @Test("an empty object says nothing")
    func empty() throws {
        #expect(try entries(" \u{feff}{ } // nothing") == [])
    }

    @Test("row 47: what is no JSON5 is named with its line, and with the key where there is one")
    func broken() {
        #expect(fault("") == "f:1: a configuration is an object: { key: value, ... }")
        #expect(fault("[1]") == "f:1: a configuration is an object: { key: value, ... }")
        #expect(fault("{\n a: 1\n b: 2}") == "f:3: a comma or the closing brace is missing before this")
        #expect(fault("{\n a: 1,\n b 2}") == "f:3: a colon is missing after the key b")
        #expect(fault("{\n a: 1,\n b: }") == "f:3: the key b has no value")
        #expect(fault("{\n a: 1,\n b: @@\n}") == "f:3: the key b or its value is no JSON5")
        #expect(fault("{\n a: 1,\n b-c: 1\n}") == "f:3: the key b-c or its value is no JSON5")
        #expect(fault("{\n a: 1,\n") == "f:3: the closing brace is missing")
        #expect(fault("{\n a: 'x\n }") == "f:2: a text in quotes is not closed")
        #expect(fault("{\n a: [1, [2]\n ,\n") == "f:2: a bracket is not closed")
        #expect(fault("{\n a: [1, 2}\n }\n") == "f:2: the key a or its value is no JSON5")
        #expect(fault("{ /* \n a: 1 }") == "f:1: a comment is not closed: */")
        #expect(fault("{ a: 1 }\n\n{}") == "f:3: there is more after the closing brace")
        #expect(fault("{ a: 1,, b: 2 }") == "f:1: a key is expected here")
        #expect(fault("{\n a: 1,\n 'a': 2}") == "f:3: the key a stands here for the second time")
        #expect(fault("{\n a: 1,\n \"\\u0061\": 2}") == "f:3: the key a stands here for the second time")
        #expect(fault(Array("{\n a: 1,\n b: '".utf8) + [0xff] + Array("'}".utf8)) == "f:3: this is no UTF-8")
    }

    @Test("row 47: control characters of a file are shown as visible escapes")
    func controls() {
        #expect(fault("{ \u{1b}[2J: 1 }")?.contains("\u{1b}") == false)
        #expect(fault("{ a\u{1b}: 1 }")?.contains("\u{1b}") == false)
    }

    @Test("row 47: huge files, many keys and deep nesting end with a sentence")
    func huge() throws {
        let many = (0..<300).map { "k\($0): 1,\n" }.joined()
        #expect(fault("{\n\(many)}") == "f:258: there are too many keys")
        let deep = String(repeating: "[", count: 20_000)
        #expect(fault("{ a: \(deep)") == "f:1: a bracket is not closed")
        let closed = deep + String(repeating: "]", count: 20_000)
        #expect(fault("{ a: \(closed) }") == "f:1: the key a or its value is no JSON5")

        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json5")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(repeating: 0x20, count: ConfigurationReader.byteLimit + 1).write(to: file)
        let failure = #expect(throws: ProgramFailure.self) { try ConfigurationReader.read(file.path) }
        #expect(failure?.status == .configuration)
        #expect(failure?.text(in: .english) == "the configuration file \(file.path): longer than 65536 bytes")
    }

    @Test("row 47: a file that is not there, or is a folder, is named")
    func missing() {
        for path in ["/nowhere/at/all.json5", "/"] {
            let failure = #expect(throws: ProgramFailure.self) { try ConfigurationReader.read(path) }
            #expect(failure?.status == .configuration && failure?.text(in: .english).contains(path) == true)
        }
    }

    @Test("row 47: random bytes and damaged files never trap", arguments: [UInt64(1), 2, 3])
    func anyBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "{", "}", "[", "]", ":", ",", "'", "\"", "\\", "/", "//", "/*", "*/", "\n", "\r", " ", "a", "1", "null",
            "\u{feff}", "\u{2028}", "ä", "\u{0}", "-", "+", ".5", "key: 'x',",
        ]
        for _ in 0..<600 {
            var bytes = (0..<Int.random(in: 0..<24, using: &random)).flatMap { _ in
                Array((pieces.randomElement(using: &random) ?? "").utf8)
            }
            if Bool.random(using: &random), !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let lines = bytes.count { $0 == 0x0a || $0 == 0x0d } + 1
            if let line = fault(bytes)?.split(separator: ":").dropFirst().first.flatMap({ Int($0) }) {
                #expect((1...lines).contains(line), "\(bytes) seed \(seed)")
            }
        }
    }

    @Test("the person's own place comes first, then the shared ones; none is no fault")
    func places() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ place: String) throws {
            let file = folder.appending(path: "\(place)/gaschat/client.json5")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("{ name: '\(place)' }".utf8).write(to: file)
        }
        var environment = Environment()
        environment.home = folder.path
        environment.configurationHome = folder.appending(path: "own").path
        environment.configurationFolders = "relative:\(folder.path)/first:\(folder.path)/second"
        func found() throws -> ConfigurationValue? {
            try ConfigurationReader.find(given: nil, name: "client.json5", in: environment)?.value(of: "name")
        }
        #expect(try found() == nil)
        try write("second")
        #expect(try found() == .text("second"))
        try write("first")
        #expect(try found() == .text("first"))
        try write("own")
        #expect(try found() == .text("own"))
        environment.configurationHome = nil
        try write(".config")
        #expect(try found() == .text(".config"))
    }
}
