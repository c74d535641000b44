import Basics
import Foundation
import SocketIO
import Testing

@testable import LineEditing

extension CompletionTable {
    static let example = CompletionTable(
        signs: [":", "/"],
        rows: [
            Row(words: ["pm", "msg"], arguments: [.person, .text]), Row(words: ["list"], arguments: []),
            Row(words: ["re"], arguments: [.place, .other, .text]), Row(words: ["help"], arguments: [.command]),
            Row(words: ["send"], arguments: [.path]), Row(words: ["slow"], arguments: [.word(["off"])]),
            Row(
                words: ["group"],
                arguments: [
                    .choice([
                        CommandChoice("list"), CommandChoice("send", [.group, .text]),
                        CommandChoice("invite", [.group, .person]),
                    ])
                ]),
        ])
}

@Suite("completion")
struct CompletionTests {
    private static let words = CompletionWords(people: ["bob", "ana", "Anatol", "漢字"], groups: ["tea", "talk"])

    private func candidates(_ text: String) -> [String] {
        CompletionTable.example.completion(of: text, knowing: Self.words)?.candidates ?? []
    }

    @Test(
        "the word that is begun is completed by what may stand there",
        arguments: [
            ("b", ["bob: "]), ("hello b", ["bob "]), ("AN", ["ana: ", "Anatol: "]), ("@b", ["@bob: "]), ("", []),
            ("hello ", []), ("#t", ["#talk ", "#tea "]), ("漢", ["漢字: "]), (":p", [":pm "]), ("/m", ["/msg "]),
            (":s", [":send ", ":slow "]), ("::p", []), (":pm ", ["ana ", "Anatol ", "bob ", "漢字 "]),
            (":PM b", ["bob "]), (":msg bob hi an", ["ana ", "Anatol "]), (":list ", []), (":re te", ["tea "]),
            (":re -1 bo", ["bob "]), (":re bob -1 an", ["ana ", "Anatol "]), (":group s", ["send "]),
            (":group send t", ["talk ", "tea "]), (":group send tea hi b", ["bob "]), (":group invite tea b", ["bob "]),
            (":group list t", []), (":help s", ["send ", "slow "]), (":slow o", ["off "]), (":nothing b", []),
        ] as [(String, [String])])
    func words(typed: String, offered: [String]) { #expect(candidates(typed) == offered) }

    @Test("what is replaced is counted in scalars")
    func replaced() {
        let completion = CompletionTable.example.completion(of: "hello 漢", knowing: Self.words)
        #expect(completion?.replaced == 1)
    }

    @Test("the number of candidates is bounded")
    func bound() {
        let many = CompletionWords(people: (0..<10_000).map { "a\($0)" })
        let completion = CompletionTable.example.completion(of: "a", knowing: many)
        #expect(completion?.candidates.count == CompletionTable.candidatesAtMost)
    }

    @Test("files are offered, folders with their sign, hidden ones when they are asked for, odd names not at all")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gaschat-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/inside", withIntermediateDirectories: true)
        for name in ["it.txt", ".hidden", "ou\u{1b}t"] {
            #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil))
        }
        #expect(candidates(":send \(folder)/i") == ["\(folder)/inside/", "\(folder)/it.txt "])
        #expect(candidates(":send \(folder)/") == ["\(folder)/inside/", "\(folder)/it.txt "])
        #expect(candidates(":send \(folder)/.h") == ["\(folder)/.hidden "])
        #expect(candidates(":send \(folder)/none/") == [])
    }
}

@Suite("the history of entered lines")
struct LineHistoryTests {
    @Test("blank, repeated, long and many-lined texts are not added, and the oldest goes first")
    func adding() {
        var history = LineHistory()
        for line in ["", "  ", "a", "a", "b\nc", "d\u{1b}[2J", String(repeating: "x", count: 1_001), "e"] {
            history.add(line)
        }
        #expect(history.lines == ["a", "e"])
        for number in 0..<600 { history.add("line \(number)") }
        #expect(history.lines.count == LineHistory.linesAtMost && history.lines.last == "line 599")
    }

    @Test("it is kept for its owner alone, and what was changed by others can't bring controls to the terminal")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "gaschat-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var history = LineHistory(path: path)
        #expect(history.lines == [])
        history.add("hello 漢字")
        history.write(to: path)
        #expect(!history.isChanged)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(LineHistory(path: path).lines == ["hello 漢字"])
        try SmallFile.write(Array("fine\n\u{1b}]52;c;x\u{7}\nfine too\n".utf8) + [0xff, 0x0a], to: path)
        #expect(LineHistory(path: path).lines == ["fine", "fine too", "\u{fffd}"])
    }
}

@Suite("pasted text")
struct PastedTextTests {
    private func paste(_ text: String) -> PastedText.Step {
        var paste = PastedText()
        var last = PastedText.Step.open
        for byte in text.utf8 { last = paste.take(byte) }
        return last
    }

    @Test("controls are gone, line ends are LF, and the last ones are not there")
    func cleaned() {
        #expect(paste("a\r\nb\rc\n\n\u{1b}[201~") == .text("a\nb\nc"))
        #expect(paste("\u{1b}[2J\u{7}x\ty\u{9b}z\u{1b}[201~") == .text("[2Jx    yz"))
        #expect(paste("a\u{1b}[200~b\u{1b}[201~") == .text("a[200~b"))
    }

    @Test("a text that is too long is not taken, and does not grow in memory")
    func bound() {
        #expect(paste(String(repeating: "x", count: PastedText.limitBytes + 1) + "\u{1b}[201~") == .tooLong)
        #expect(paste(String(repeating: "x", count: 4 * PastedText.limitBytes)) == .open)
    }
}

@Suite("colours of people")
struct PersonColourTests {
    @Test("every colour can be read on black and on white", arguments: PersonColour.ofMany)
    func contrast(index: UInt32) {
        let steps: [Double] = [0, 95, 135, 175, 215, 255]
        let cube = Int(index) - 16
        let parts = [cube / 36, cube / 6 % 6, cube % 6].map { step -> Double in
            let value = steps[step] / 255
            return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        let luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        #expect(1.05 / (luminance + 0.05) >= 3.6 && (luminance + 0.05) / 0.05 >= 3.6)
    }

    @Test("the same person has the same colour, in any case of letters, and the colour ends with the name")
    func stable() {
        let painted = PersonColour.many.paint("bob", name: "bob")
        #expect(painted == PersonColour.many.paint("bob", name: "BOB") && painted.hasSuffix("bob\u{1b}[39m"))
        #expect(PersonColour.none.paint("bob", name: "bob") == "bob")
        #expect(PersonColour(terminal: "xterm-256color", colours: nil) == .many)
        #expect(PersonColour(terminal: "xterm", colours: "truecolor") == .many)
        #expect(PersonColour(terminal: "linux", colours: nil) == .sixteen)
    }
}
