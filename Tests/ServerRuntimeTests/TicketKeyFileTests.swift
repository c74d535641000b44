import Basics
import Crypto
import ProgramFrame
import Testing
import Transport

@testable import ServerRuntime

struct TicketKeyFileTests {
    private static func keys(_ count: Int) -> [TicketKey] {
        var random = SeededGenerator(seed: 6)
        return (0..<count).map { number in
            TicketKey(
                id: random.next(), made: Int64(number) - 3,
                secret: SecretBox(SecretBytes(count: SealedBox.keyBytes, using: &random)))
        }
    }

    private static func forms(_ keys: [TicketKey]?) -> [String]? {
        keys?.map { "\($0.id) \($0.made) \($0.secret.bytes.revealed())" }
    }

    @Test("keys come back from their bytes", arguments: [0, 1, Limits.ticketKeys])
    func roundTrip(count: Int) {
        let bytes = TicketKeyFile.encode(Self.keys(count))
        #expect(bytes.count <= TicketKeyFile.byteLimit)
        #expect(Self.forms(TicketKeyFile.decode(bytes)) == Self.forms(Self.keys(count)))
    }

    @Test("a file that is cut inside a line, or has anything else in it, holds no keys")
    func damage() {
        let bytes = TicketKeyFile.encode(Self.keys(2))
        let whole = TicketKeyFile.encode(Self.keys(1)).count
        let title = TicketKeyFile.encode([]).count
        for length in bytes.indices where length != whole && length != title {
            #expect(TicketKeyFile.decode(Array(bytes.prefix(length))) == nil, "\(length)")
        }
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] = UInt8(ascii: "x")
            #expect(TicketKeyFile.decode(damaged) == nil)
        }
        #expect(TicketKeyFile.decode(bytes + [10]) == nil)
    }

    @Test("the file is private and replaced as a whole; a damaged one is none, and an exposed one stops the server")
    func file() throws {
        let folder = try TemporaryFolder()
        #expect(Self.forms(try TicketKeyFile.load(from: folder.path)) == [])
        #expect(TicketKeyFile.store(Self.keys(3), in: folder.path) == nil)
        #expect(TicketKeyFile.store(Self.keys(2), in: folder.path) == nil)
        #expect(try folder.mode(of: TicketKeyFile.name) == 0o600 && folder.names == [TicketKeyFile.name])
        #expect(Self.forms(try TicketKeyFile.load(from: folder.path)) == Self.forms(Self.keys(2)))
        _ = try folder.write(Array("nonsense".utf8), to: TicketKeyFile.name)
        #expect(try TicketKeyFile.load(from: folder.path) == nil)
        _ = try folder.write(TicketKeyFile.encode(Self.keys(1)), to: TicketKeyFile.name, mode: 0o644)
        let failure = #expect(throws: ProgramFailure.self) { _ = try TicketKeyFile.load(from: folder.path) }
        #expect(failure?.status == .file)
        #expect(TicketKeyFile.store([], in: folder.path + "/none") != nil)
    }
}
