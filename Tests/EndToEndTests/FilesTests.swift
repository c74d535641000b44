import Foundation
import Testing

/// What the programs keep on disk.
@Suite("files", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct FilesTests {
    /// Every file and folder that a home holds, with its permission bits.
    private func modes(of home: URL) throws -> [(path: String, isFolder: Bool, mode: Int)] {
        let manager = FileManager.default
        return try manager.subpathsOfDirectory(atPath: home.path).map { path in
            let attributes = try manager.attributesOfItem(atPath: home.appending(path: path).path)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            return (path, isFolder, attributes[.posixPermissions] as? Int ?? 0)
        }
    }

    @Test("everything that is kept is its owner's alone", arguments: ["server", "ana"])
    func permissions(home: String) throws {
        let house = try House()
        let server = try house.server()
        try house.member("ana", at: server).leave()
        let kept = try modes(of: house.folder.appending(path: "home-\(home)"))
        #expect(kept.contains { !$0.isFolder })
        for item in kept {
            #expect(item.mode == (item.isFolder ? 0o700 : 0o600), "\(item.path) \(String(item.mode, radix: 8))")
        }
    }

    @Test("damaged keys are named, and left as they are", arguments: ["server", "ana"])
    func damage(home: String) throws {
        let house = try House()
        let server = try house.server()
        let arguments = [
            "127.0.0.1", "\(server.port)", "0", "--name", "ana", "--password-file", house.passwordFile, "--json",
        ]
        try house.member("ana", at: server).leave()
        let folder = house.folder.appending(path: "home-\(home)")
        for item in try modes(of: folder) where !item.isFolder && item.path.hasSuffix(".key") {
            try house.write("no key\n", to: "home-\(home)/\(item.path)")
        }
        let program =
            home == "ana"
            ? try house.client(exactly: arguments, home: "ana")
            : try house.server(exactly: ["127.0.0.1", "-p", "0", "--password-file", house.passwordFile])
        #expect(try program.exit() == 74)
        #expect(program.complaints.count == 1 && program.complaints.first?.contains(".key") == true)
        for item in try modes(of: folder) where !item.isFolder && item.path.hasSuffix(".key") {
            #expect(try String(contentsOf: folder.appending(path: item.path), encoding: .utf8) == "no key\n")
        }
    }

    @Test("a place where nothing can be kept is named, on either side")
    func unusablePlace() throws {
        let house = try House()
        let place = try house.write("", to: "a-file-and-no-folder")
        let server = try house.server(
            exactly: ["127.0.0.1", "-p", "0", "--password-file", house.passwordFile, "--data", place])
        let client = try house.client(
            exactly: ["127.0.0.1", "9", "0", "--name", "ana", "--password-file", house.passwordFile],
            environment: ["XDG_DATA_HOME": place])
        for program in [server, client] {
            #expect(try program.exit() == 74)
            #expect(program.complaints.count == 1 && program.complaints.first?.contains(place) == true)
        }
    }

    @Test("a server keeps its key, also where it keeps nothing else", arguments: [[], ["--data", ":memory:"]])
    func sameKey(data: [String]) throws {
        let house = try House()
        let fingerprints = try (0..<2).map { _ in
            let program = try house.server(
                exactly: ["127.0.0.1", "-p", "0", "--json", "--password-file", house.passwordFile] + data)
            let fingerprint = try program.event("listening")["fingerprint"]
            program.signal(SIGTERM)
            #expect(try program.exit() == 0)
            return fingerprint
        }
        #expect(fingerprints[0] != nil && fingerprints[0] == fingerprints[1])
    }

    @Test("a reader that went away ends the client, not a crash")
    func brokenPipe() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let ana = try house.member("ana", at: server)
        ana.output.stopAfterNext()
        var status: Int32?
        // What is written before the reader is gone is still taken, so it needs some lines.
        for number in 1...100 where status == nil {
            // Not `say`, which reads on to the receipt: that ana left may be told before it.
            bob.send(lines: ["line \(number)"])
            status = try? ana.exit(within: 0.1)
        }
        #expect(status == 74)
        #expect(ana.complaints.count == 1)
        try bob.event("left") { $0["name"] == "ana" }
    }
}
