import Foundation
import Sentences
import SocketIO
import Testing

@testable import ProgramFrame

@Suite("writing without waiting")
struct StreamWriterTests {
    @Test("a reader that does not read makes nobody wait, and gets what it missed later, in order")
    func slowReader() throws {
        let pipe = Pipe()
        var writer = StreamWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        for number in 0..<30_000 { writer.write(String(format: "%09d\n", number)) }
        writer.flush()
        let isBehind = writer.isPending
        #expect(isBehind)
        var received = Data()
        while received.count < 300_000 {
            received += pipe.fileHandleForReading.availableData
            writer.flush()
        }
        let isStillBehind = writer.isPending
        #expect(!isStillBehind)
        let lines = String(decoding: received, as: UTF8.self).split(separator: "\n")
        #expect(lines.compactMap { Int($0) } == Array(0..<30_000))
    }

    @Test("beyond the bound whole lines are left out and counted")
    func boundedOutput() throws {
        let pipe = Pipe()
        var writer = StreamWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let line = String(repeating: "x", count: 1_023) + "\n"
        for _ in 0..<(StreamWriter.pendingLimit / 1_024 + 5) { writer.write(line) }
        let counts = [writer.takeSkippedCount(), writer.takeSkippedCount()]
        #expect(counts == [5, 0])
    }

    @Test("a reader that is gone ends the output, not the program")
    func closedReader() throws {
        ProcessStart.secureStreams()
        let pipe = Pipe()
        var writer = StreamWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        try pipe.fileHandleForReading.close()
        writer.write("hello\n")
        writer.flush()
        let state = [writer.isClosed, writer.hasFailed, writer.isPending]
        #expect(state == [true, true, false])
    }

    @Test("a full disk is told by the exit status of an answer")
    func fullDisk() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let voice = ProgramVoice(
            program: "p", language: .english, output: full.fileDescriptor, errors: full.fileDescriptor)
        #expect(voice.answer("hello\n") == .file)
    }

    @Test("each line of a report begins with the program's name, and nothing is said of nothing")
    func report() throws {
        let pipe = Pipe()
        let voice = ProgramVoice(program: "p", language: .english, errors: pipe.fileHandleForWriting.fileDescriptor)
        #expect(voice.report(ProgramFailure(.system) { _ in "no" }) == .system)
        voice.report(["a", "", "b"])
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text == "p: no\np: a\np: b\n")
    }
}
