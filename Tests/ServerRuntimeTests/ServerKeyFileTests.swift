import Basics
import Crypto
import ProgramFrame
import Sentences
import Testing

@testable import ServerRuntime

struct ServerKeyFileTests {
    private func load(_ folder: String) throws(ProgramFailure) -> SigningKey {
        var random = SystemRandomNumberGenerator()
        return try ServerKeyFile.loadOrCreate(in: folder, using: &random)
    }

    @Test("a key comes back from its bytes")
    func roundTrip() {
        var random = SeededGenerator(seed: 1)
        let key = SigningKey(using: &random)
        let bytes = ServerKeyFile.encode(key)
        #expect(bytes.count == ServerKeyFile.byteCount)
        #expect(ServerKeyFile.decode(bytes)?.publicKey == key.publicKey)
    }

    @Test("a file with any bit flipped, cut short or made longer is no key")
    func damage() {
        var random = SeededGenerator(seed: 2)
        let bytes = ServerKeyFile.encode(SigningKey(using: &random))
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(ServerKeyFile.decode(damaged) == nil)
            #expect(ServerKeyFile.decode(Array(bytes.prefix(index))) == nil)
        }
        #expect(ServerKeyFile.decode(bytes + [10]) == nil)
    }

    @Test("the first start makes a private file, later ones use it")
    func firstStart() throws {
        let folder = try TemporaryFolder()
        let first = try load(folder.path + "/deep/er")
        #expect(try load(folder.path + "/deep/er").publicKey == first.publicKey)
        #expect(try folder.mode(of: "deep/er/server.key") == 0o600)
        #expect(try folder.mode(of: "deep") == 0o700)
    }

    @Test("servers that start at once on one folder get one key, and leave nothing else there")
    func race() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        let keys = await withTaskGroup(of: [UInt8]?.self) { group in
            for _ in 0..<8 { group.addTask { try? self.load(path).publicKey } }
            return await group.reduce(into: Set<[UInt8]?>()) { $0.insert($1) }
        }
        #expect(keys.count == 1 && !keys.contains(nil))
        #expect(folder.names == ["server.key"])
    }

    @Test("a damaged file stops the server with 74 and stays as it is")
    func damagedFile() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Array("nonsense".utf8), to: "server.key")
        let failure = #expect(throws: ProgramFailure.self) { _ = try load(folder.path) }
        #expect(failure?.status == .file)
        #expect(failure?.text(in: .english).contains("server.key") == true)
        #expect(folder.read("server.key") == Array("nonsense".utf8))
    }

    @Test("row 48: a key that others can read stops the server with 74")
    func exposedFile() throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 3)
        _ = try folder.write(ServerKeyFile.encode(SigningKey(using: &random)), to: "server.key", mode: 0o640)
        let failure = #expect(throws: ProgramFailure.self) { _ = try load(folder.path) }
        #expect(failure?.status == .file)
        #expect(failure?.text(in: .english).contains("chmod 600") == true)
    }

    @Test("a folder that can't be made stops the server with 74")
    func noFolder() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write([], to: "file")
        let failure = #expect(throws: ProgramFailure.self) { _ = try load(file) }
        #expect(failure?.status == .file)
    }

    @Test("the key lies where XDG says, and :memory: puts it into the state folder")
    func folders() throws {
        var environment = Environment()
        #expect(throws: ProgramFailure.self) { try DataFolder.path(for: .standard, in: environment) }
        environment.home = "/h"
        #expect(try DataFolder.path(for: .standard, in: environment) == "/h/.local/share/gaschat")
        #expect(try DataFolder.path(for: .memory, in: environment) == "/h/.local/state/gaschat")
        #expect(try DataFolder.path(for: .folder("x"), in: environment) == "x")
    }
}
