import Basics
import Foundation
import ProgramFrame
import Sentences
import SocketIO
import Testing

@testable import ServerRuntime

struct ServerProgramTests {
    /// Runs a whole server in this process until its input stops it.
    private func run(
        _ arguments: [String], typing lines: String = ""
    ) throws -> (status: ProgramFrame.ExitStatus, output: String, errors: String) {
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        input.fileHandleForWriting.write(Data(lines.utf8))
        try input.fileHandleForWriting.close()
        let status = ServerProgram.run(
            arguments: arguments, environment: Environment(), signals: nil,
            streams: ServerStreams(
                input: input.fileHandleForReading.fileDescriptor, output: output.fileHandleForWriting.fileDescriptor,
                errors: errors.fileHandleForWriting.fileDescriptor))
        try output.fileHandleForWriting.close()
        try errors.fileHandleForWriting.close()
        func text(_ pipe: Pipe) -> String {
            String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        return (status, text(output), text(errors))
    }

    private func events(_ output: String) throws -> [[String: Any]] {
        try output.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    @Test("a server listens, says what the operator types, answers commands in order, and stops")
    func wholeLife() throws {
        let folder = try TemporaryFolder()
        let (status, output, errors) = try run(
            ["127.0.0.1", "-p", "0", "--data", folder.path, "--json", "--console"],
            typing: "hello\n:list\n\u{0}\n:nonsense\n:shutdown\n")
        #expect(status == .fine)
        #expect(errors == "")
        let events = try events(output)
        let kinds = events.compactMap { $0["event"] as? String }
        // Commands are answered at once; the line is shown when it is stored.
        #expect(kinds.filter { $0 != "message" } == ["listening", "notice", "notice", "notice", "notice", "stopping"])
        #expect((events[0]["port"] as? Int ?? 0) > 0)
        let said = try #require(events.first { $0["event"] as? String == "message" })
        #expect(said["from"] as? String == "SERVER" && said["text"] as? String == "hello")
        #expect(events.compactMap { $0["command"] as? String } == ["list", "say", "nonsense", "shutdown"])
        #expect(folder.names == ["history.sqlite", "history.sqlite-lock", "server.key", "tickets.key"])
    }

    @Test("a countdown begins, and ends with the server")
    func countdown() throws {
        let folder = try TemporaryFolder()
        let (status, output, _) = try run(
            ["::1", "-p", "0", "--data", folder.path, "--console"], typing: ":shutdown 1\n")
        #expect(status == .fine)
        #expect(output.contains("The server stops in 1 s. :shutdown cancel ends the countdown.\n"))
        #expect(output.hasSuffix("The server stops.\n"))
    }

    @Test("the built-in password is warned about where others can reach the server, and only there")
    func warning() throws {
        let folder = try TemporaryFolder()
        let options = ["-p", "0", "--data", folder.path, "--console"]
        #expect(try run(["0.0.0.0"] + options, typing: ":shutdown\n").errors.contains("warning: the room password"))
        #expect(try run(["127.0.0.1"] + options, typing: ":shutdown\n").errors == "")
    }

    @Test("buffers that are smaller than asked for are warned about once, and how the kernel is told to allow them")
    func buffers() throws {
        let folder = try TemporaryFolder()
        let socket = try UDPSocket(binding: .loopback(port: 0))
        let isSmall = min(socket.receiveBufferBytes, socket.sendBufferBytes) < UDPSocket.wantedBufferBytes
        for (language, path) in [("en", "to keep it"), ("id", "supaya tetap")] {
            let options = ["0.0.0.0", "-p", "0", "--data", folder.path, "--console", "--lang", language]
            let lines = try run(options, typing: ":shutdown\n").errors.split(separator: "\n")
            let warnings = lines.filter { $0.contains("net.core.rmem_max=8388608 net.core.wmem_max=8388608") }
            #expect(warnings.count == (isSmall ? 1 : 0))
            #expect(warnings.allSatisfy { $0.contains("/etc/sysctl.d/60-gaschat.conf \(path)") })
        }
    }

    @Test("errors are one line on standard error and an exit status")
    func failures() throws {
        let (status, output, errors) = try run(["127.0.0.1", "--thread", "2"])
        #expect(status == .usage && output == "")
        #expect(errors.hasPrefix("udp-server: ") && errors.filter { $0.isNewline }.count == 1)
        #expect(try run(["--help"]).output == ServerOptionTable.table.helpText(in: .english))
        #expect(try run(["--version"]).output == "udp-server \(ProgramVersion.text)\n")
    }
}
