import Foundation
import Glibc
import SocketIO
import Testing

/// A folder that is removed with its owner.
final class TemporaryFolder {
    private let root: String

    init() throws {
        root = NSTemporaryDirectory() + "socketio-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] }

    func put(_ text: String, at name: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }
}

@Suite struct SmallFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("what is written is read again, and only its owner can read it")
    func writeAndRead() throws {
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        try SmallFile.write(bytes, to: folder.path("key"))
        #expect(try SmallFile.read(folder.path("key"), limit: 5000, audience: .ownerOnly) == bytes)
        #expect(try folder.mode("key") == 0o600)
    }

    @Test("writing replaces a file whole and leaves nothing else behind")
    func replace() throws {
        try folder.put("a longer text that must be gone", at: "key", mode: 0o644)
        try SmallFile.write([1, 2], to: folder.path("key"))
        #expect(try SmallFile.read(folder.path("key"), limit: 100) == [1, 2])
        #expect(folder.names == ["key"])
        #expect(try folder.mode("key") == 0o600)
    }

    @Test("a write that fails leaves the old file and nothing else")
    func failedWrite() throws {
        try SmallFile.makeDirectory(folder.path("taken"))
        try SmallFile.write([1], to: folder.path("taken/inside"))
        let error = #expect(throws: FileError.self) { try SmallFile.write([2], to: folder.path("taken")) }
        guard case .system(let reason) = error else { throw try #require(error) }
        #expect(reason.call == "rename")
        #expect(folder.names == ["taken"])
    }

    @Test("a file may be as long as its limit and not a byte longer")
    func limit() throws {
        try folder.put("12345", at: "file")
        #expect(try SmallFile.read(folder.path("file"), limit: 5).count == 5)
        #expect(throws: FileError.tooLarge(path: folder.path("file"), limit: 4)) {
            _ = try SmallFile.read(folder.path("file"), limit: 4)
        }
    }

    @Test(
        "the first line comes without its line end",
        arguments: [
            ("secret\n", "secret"), ("secret\r\n", "secret"), ("secret", "secret"), ("secret\nmore\n", "secret"),
            ("", ""), ("\n", ""), ("\r\n", ""), (" se cret \n", " se cret "), ("se\rcret\n", "se\rcret"),
            ("secret\r", "secret\r"),
        ])
    func firstLine(content: String, expected: String) throws {
        try folder.put(content, at: "password")
        let line = try SmallFile.readFirstLine(folder.path("password"), limit: 100, audience: .ownerOnly)
        #expect(String(decoding: line, as: UTF8.self) == expected)
    }

    @Test(
        "the limit is the line's alone: line end and what follows do not count",
        arguments: ["\n", "\r\n", "\nmore", ""])
    func firstLineLimit(end: String) throws {
        try folder.put("1234" + end, at: "password")
        #expect(try SmallFile.readFirstLine(folder.path("password"), limit: 4).count == 4)
        #expect(throws: FileError.tooLarge(path: folder.path("password"), limit: 3)) {
            _ = try SmallFile.readFirstLine(folder.path("password"), limit: 3)
        }
    }

    @Test("a secret that others can read or change is refused", arguments: [0o640, 0o604, 0o620, 0o644])
    func exposed(mode: Int) throws {
        try folder.put("secret", at: "password", mode: mode)
        #expect(throws: FileError.exposed(path: folder.path("password"), mode: UInt32(mode))) {
            _ = try SmallFile.readFirstLine(folder.path("password"), limit: 100, audience: .ownerOnly)
        }
        #expect(try SmallFile.read(folder.path("password"), limit: 100).count == 6)
    }

    @Test("a file that is missing and a folder in its place are errors with a path")
    func missing() throws {
        let missing = #expect(throws: FileError.self) { _ = try SmallFile.read(folder.path("none"), limit: 9) }
        guard case .system(let error) = missing else { throw try #require(missing) }
        #expect(error.isNotFound)
        #expect(error.description.contains(folder.path("none")))
        #expect(throws: FileError.self) { _ = try SmallFile.read(folder.path(""), limit: 9) }
        #expect(!SmallFile.exists(folder.path("none")) && SmallFile.exists(folder.path("")))
    }

    @Test("a folder is made with those above it, each for its owner alone")
    func makeDirectory() throws {
        try SmallFile.makeDirectory(folder.path("a/b//c/"))
        #expect(try folder.mode("a") == 0o700)
        #expect(try folder.mode("a/b/c") == 0o700)
        try SmallFile.makeDirectory(folder.path("a/b/c"))
    }

    @Test("an existing folder keeps its mode, and a file in the way is an error")
    func directoryInTheWay() throws {
        let before = try folder.mode("")
        try SmallFile.makeDirectory(folder.path(""))
        #expect(try folder.mode("") == before)
        try folder.put("", at: "file")
        for path in ["file", "file/below"] {
            let error = #expect(throws: FileError.self) { try SmallFile.makeDirectory(folder.path(path)) }
            guard case .system(let reason) = error else { throw try #require(error) }
            #expect(reason.name == "ENOTDIR")
        }
    }
}

@Suite struct DirectoryTests {
    @Test("a folder without a name is an error")
    func emptyName() {
        let error = #expect(throws: FileError.self) { try SmallFile.makeDirectory("") }
        #expect(error == .system(SystemError(call: "mkdir", subject: "", code: ENOENT)))
    }
}

@Suite struct FileLockTests {
    @Test("a lock is held once, and free again when its owner is gone")
    func exclusive() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("lock")
        let first = try FileLock(path: path)
        let error = #expect(throws: SystemError.self) { _ = try FileLock(path: path) }
        #expect(error?.isHeldElsewhere == true)
        #expect(error?.subject == path)
        #expect(try folder.mode("lock") == 0o600)
        _ = consume first
        _ = try FileLock(path: path)
    }

    @Test("a lock in a folder that is missing is an error")
    func missingFolder() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: SystemError.self) { _ = try FileLock(path: folder.path("none/lock")) }
        #expect(error?.isNotFound == true)
    }
}
