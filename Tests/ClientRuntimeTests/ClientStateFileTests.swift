import Basics
import ChatClient
import ClientCore
import Crypto
import FoundationEssentials
import ProgramFrame
import SocketIO
import Testing

@testable import ClientRuntime

@Suite("The client's state on disk")
final class ClientStateFileTests {
    private let folder: String

    init() throws {
        let name = "client-state-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        folder = FileManager.default.temporaryDirectory.appending(path: name).path
        try SmallFile.makeDirectory(folder)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private var path: String { "\(folder)/state" }

    private func core(former: StoredClient? = nil) throws -> ClientCore {
        var random = SeededGenerator(seed: 5)
        var password = Array("GAS1".utf8)
        return ClientCore(
            configuration: ClientCoreConfiguration(
                name: "ana", history: 0, reconnect: .seconds(5), pinnedServerKey: nil, former: former),
            identity: ClientIdentity(
                device: SigningKey(using: &random), password: try RoomPassword(wiping: &password), incarnation: 9),
            at: .origin, using: &random)
    }

    @Test("a typed line is written at once, readable for its owner alone, and a later run has it")
    func outboxIsKept() throws {
        var file = ClientStateFile(path: path)
        var core = try core()
        #expect(file.update(from: &core, at: .origin) == nil && !SmallFile.exists(path))
        core.enter("hello", at: .origin)
        #expect(file.update(from: &core, at: .origin) == nil)
        let kept = try ClientStateFile.read(path)
        #expect(kept.stored?.waitingCount == 1 && kept.damagedCopy == nil)
        let next = try self.core(former: kept.stored)
        #expect(next.unsentCount == 1)
    }

    @Test("what can wait is written after the pause, or at the end")
    func coalescing() throws {
        var file = ClientStateFile(path: path)
        var core = try core()
        core.enter("hello", at: .origin)
        _ = file.update(from: &core, at: .origin)
        core.enter(":ignore bo", at: .origin)
        let before = try SmallFile.read(path, limit: 1_000)
        _ = file.update(from: &core, at: .origin + .milliseconds(199))
        #expect(try SmallFile.read(path, limit: 1_000) == before)
        #expect(file.deadline(for: core) == .origin + ClientStateFile.pause)
        _ = file.update(from: &core, at: .origin + ClientStateFile.pause)
        let after = try SmallFile.read(path, limit: 1_000)
        #expect(after != before && file.deadline(for: core) == nil)
        core.enter(":ignore cy", at: .origin)
        _ = file.update(from: &core, isLast: true, at: .origin + ClientStateFile.pause)
        #expect(try SmallFile.read(path, limit: 1_000) != after)
    }

    @Test("a damaged file is kept aside, and everything begins anew")
    func damaged() throws {
        try SmallFile.write([1, 2, 3], to: path)
        let kept = try ClientStateFile.read(path)
        #expect(kept.stored == nil && kept.damagedCopy == path + ".damaged")
        #expect(try SmallFile.read(path + ".damaged", limit: 10) == [1, 2, 3])
    }

    @Test("where there is no file, nothing is known; where none is to be kept, none is written")
    func absent() throws {
        let missing = try ClientStateFile.read(path)
        #expect(missing.stored == nil && missing.damagedCopy == nil)
        #expect(try ClientStateFile.read(nil).stored == nil)
        var file = ClientStateFile(path: nil)
        var core = try core()
        core.enter("hello", at: .origin)
        #expect(file.update(from: &core, isLast: true, at: .origin) == nil && file.deadline(for: core) == nil)
    }

    @Test("a folder that can't be written is told once")
    func unwritable() throws {
        var file = ClientStateFile(path: "\(folder)/none/state")
        var core = try core()
        core.enter("one", at: .origin)
        #expect(file.update(from: &core, at: .origin) != nil)
        core.enter("two", at: .origin)
        #expect(file.update(from: &core, at: .origin) == nil)
    }
}
