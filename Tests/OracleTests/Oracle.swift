import Foundation
import Testing

/// The decoder in Python under `Tests/Oracle`, which follows the written specification and shares nothing with ours.
enum Oracle {
    /// Why it gave no answers.
    struct Trouble: Error, CustomStringConvertible {
        let description: String
    }

    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let program = tests.appending(path: "Oracle/oracle.py").path
    /// The handshakes that are checked in.
    static let vectors = tests.appending(path: "TransportTests/Vectors/handshake-v1.json").path

    /// Answers to inputs, each a format's name and bytes, in their order: canonical JSON, or nil for what was refused.
    static func decode(_ inputs: [(format: String, bytes: [UInt8])]) throws -> [String?] {
        var questions = ""
        for input in inputs { questions += input.format + " " + hex(input.bytes) + "\n" }
        let (status, text) = try run([], input: questions)
        let lines = text.split(separator: "\n")
        guard status == 0, lines.count == inputs.count else {
            throw Trouble(description: "\(lines.count) answers to \(inputs.count) questions, status \(status)")
        }
        return lines.map { $0.hasPrefix("ok ") ? String($0.dropFirst(3)) : nil }
    }

    /// Runs it to its end.
    ///
    /// - Returns: its status and what it printed.
    static func run(_ arguments: [String], input: String = "") throws -> (status: Int32, output: String) {
        // A file, since whoever fills one pipe while the other is full waits for ever.
        let questions = FileManager.default.temporaryDirectory.appending(path: "oracle-\(UUID().uuidString)")
        try Data(input.utf8).write(to: questions)
        defer { try? FileManager.default.removeItem(at: questions) }
        let process = Process()
        let answers = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // -B: nothing is written into the sources.
        process.arguments = ["python3", "-B", program] + arguments
        process.standardInput = try FileHandle(forReadingFrom: questions)
        process.standardOutput = answers
        try process.run()
        let output = try answers.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else {
            throw Trouble(description: "there is no python3 here; `make test` installs it")
        }
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
