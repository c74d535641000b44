import Basics
import Crypto
import FoundationEssentials
import ProgramFrame
import Sentences
import SocketIO
import Testing
import Transport

@testable import ClientRuntime

@Suite("What a client keeps")
final class ClientFolderTests {
    private let data: String

    init() {
        let name = "client-folder-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        data = FileManager.default.temporaryDirectory.appending(path: name).path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: data)
    }

    private func open(server: String = "127.0.0.1:8080", name: String = "ana") throws(ProgramFailure) -> ClientFolder {
        var random = SystemRandomNumberGenerator()
        return try ClientFolder(data: data, server: server, nameKey: name, using: &random)
    }

    private var serverFolder: String { "\(data)/clients/127.0.0.1%3a8080" }

    @Test("the device key is the same in the next session, and another for another name")
    func deviceKeyStays() throws {
        let first = try deviceKey()
        #expect(try deviceKey() == first)
        #expect(try deviceKey(name: "bob") != first)
        #expect(try deviceKey(server: "[::1]:8080") != first)
    }

    private func deviceKey(server: String = "127.0.0.1:8080", name: String = "ana") throws -> [UInt8] {
        let folder = try open(server: server, name: name)
        return folder.device.publicKey
    }

    @Test("a second process under the same name is a stranger with a key of its own")
    func lockedNameMakesStrangers() throws {
        let first = try open()
        let second = try open()
        let isStranger = [first.isStranger, second.isStranger]
        #expect(isStranger == [false, true])
        #expect(first.device.publicKey != second.device.publicKey)
    }

    @Test("the server's key is pinned once, for all names")
    func pinStays() throws {
        let first = try open()
        #expect(first.pinnedServerKey == nil)
        try first.pin(Array(repeating: 7, count: 32))
        let second = try open(name: "bob")
        #expect(second.pinnedServerKey == Array(repeating: 7, count: 32))
        try second.pin(Array(repeating: 8, count: 32))
        let third = try open()
        #expect(third.pinnedServerKey == Array(repeating: 7, count: 32))
    }

    @Test("a damaged file is named, with the status for files", arguments: ["", "zz", "00"])
    func damagedFilesAreNamed(contents: String) throws {
        let key = try deviceKey()
        #expect(key.count == 32)
        for path in ["\(serverFolder)/names/ana/device.key", "\(serverFolder)/server.key"] {
            try SmallFile.write(Array(contents.utf8), to: path)
            let failure = #expect(throws: ProgramFailure.self) { try deviceKey() }
            #expect(failure?.status == .file)
            #expect(failure?.text(in: .english).contains(path) == true)
            try SmallFile.write(Array(String(repeating: "0a", count: 32).utf8), to: path)
        }
    }

    @Test("a ticket is there in the next session, for its owner alone, until it is erased or the server is another")
    func ticketStays() throws {
        let key = [UInt8](repeating: 7, count: 32)
        let path = "\(serverFolder)/names/ana/ticket"
        do {
            let folder = try open()
            try folder.pin(key)
            folder.keep(try Self.ticket(byte: 1, key: key))
            folder.keep(try Self.ticket(byte: 2, key: key))
        }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        do {
            let folder = try open()
            let secret = folder.ticket?.secret.bytes.revealed()
            #expect(secret == [UInt8](repeating: 2, count: 64) && folder.ticket?.serverKey == key)
            #expect(folder.ticket?.sealed == [UInt8](repeating: 2, count: Limits.ticketBytes))
            let second = try open()
            #expect(second.isStranger && second.ticket == nil, "a second process has none")
            second.eraseTicket()
            second.keep(try Self.ticket(byte: 3, key: key))
        }
        let whole = try SmallFile.read(path, limit: 4096)
        for damaged in [[], Array(whole.dropLast()), whole + [0x30], Array(repeating: 0x7a, count: whole.count)] {
            try SmallFile.write(damaged, to: path)
            let folder = try open()
            #expect(folder.ticket == nil)
        }
        try SmallFile.write(whole, to: path)
        try SmallFile.write(Array(String(repeating: "0a", count: 32).utf8), to: "\(serverFolder)/server.key")
        do {
            let folder = try open()
            #expect(folder.ticket == nil, "another server's")
            folder.eraseTicket()
            folder.eraseTicket()
        }
        #expect(!SmallFile.exists(path))
    }

    private static func ticket(byte: UInt8, key: [UInt8]) throws -> ResumptionTicket {
        let secret = [UInt8](repeating: byte, count: ResumptionSecrets.secretBytes)
        return try #require(
            ResumptionTicket(
                sealed: Array(repeating: byte, count: Limits.ticketBytes),
                secret: SecretBox(SecretBytes(copying: secret.span)), serverKey: key))
    }

    @Test("a folder that can't be made is the status for files")
    func impossibleFolder() {
        var random = SystemRandomNumberGenerator()
        let failure = #expect(throws: ProgramFailure.self) {
            _ = try ClientFolder(data: "/proc/none", server: "s:1", nameKey: "ana", using: &random)
        }
        #expect(failure?.status == .file)
    }

    @Test("different names have different file names that every file system takes")
    func fileNamesAreSafe() {
        let long = String(repeating: "ü", count: 80)
        let texts = [
            "", ".", "..", "a", "A", "a/b", "a%2fb", "-", "é", "e\u{301}", "a.b", ".a", "\0", "%", "%-", long,
            long + "x",
            String(repeating: "a", count: 200), String(repeating: "a", count: 201),
        ]
        let names = texts.map(ClientFolder.fileName)
        #expect(Set(names.map { $0.lowercased() }).count == texts.count)
        for name in names {
            #expect(!name.isEmpty && name.utf8.count <= 200 && !name.contains("/") && !name.hasPrefix("."))
            #expect(name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
        }
    }
}
