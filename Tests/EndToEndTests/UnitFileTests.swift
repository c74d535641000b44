import Foundation
import Testing

/// The files for systemd, as far as that can be asked where it does not run.
@Suite("systemd's files", .ownThread, .timeLimit(.minutes(2)))
struct UnitFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "config/systemd")

    private func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/systemd-analyze")
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "SYSTEMD_PAGER": "", "LC_ALL": "C.UTF-8"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private func unit(_ name: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    }

    @Test("the service is exposed by 2.0 at most, of 10")
    func exposure() throws {
        let file = Self.folder.appending(path: "udp-server.service").path
        let (status, text) = try run(["security", "--offline=true", "--threshold=20", "--no-pager", file])
        #expect(status == 0, "\(text)")
        #expect(text.contains("Overall exposure level for udp-server.service: "))
    }

    @Test("systemd understands every line of them")
    func syntax() throws {
        let house = try House()
        // The program and its page are not where they will be.
        let service = try unit("udp-server.service")
            .replacing("ExecStart=/usr/bin/udp-server", with: "ExecStart=/bin/true")
            .replacing("Documentation=man:udp-server(8)\n", with: "")
        let socket = try unit("udp-server.socket").replacing("Documentation=man:udp-server(8)\n", with: "")
        let files = [
            try house.write(service, to: "udp-server.service", mode: 0o644),
            try house.write(socket, to: "udp-server.socket", mode: 0o644),
        ]
        let (status, text) = try run(["verify", "--man=no"] + files)
        // What other units of this machine lack is not said of ours.
        let findings = text.split(separator: "\n").filter { $0.contains("udp-server") }
        #expect(status == 0 || !text.contains("udp-server"), "\(text)")
        #expect(findings.isEmpty, "\(text)")
        let broken = try house.write(service + "\nNoSuchThing=yes\n", to: "broken.service", mode: 0o644)
        #expect(try run(["verify", "--man=no", broken]).text.contains("broken.service"))
    }

    @Test("the server is started with options that it has")
    func options() throws {
        let line = try #require(
            try unit("udp-server.service").split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
        let house = try House()
        let arguments = line.split(separator: " ").dropFirst().map(String.init).map {
            switch $0 {
            case "/etc/gaschat/server.json5": house.folder.path + "/server.json5"
            case "${STATE_DIRECTORY}": house.folder.path + "/data"
            default: $0
            }
        }
        try house.write("{ address: '127.0.0.1', port: 0, json: true }", to: "server.json5")
        let program = try house.server(exactly: arguments, environment: ["GAS_PASSWORD": house.password])
        try program.event("listening")
        program.signal(SIGTERM)
        #expect(try program.exit() == 0)
    }
}
