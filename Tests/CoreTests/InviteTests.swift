import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Crypto
import Testing

/// Row 32 as a person meets it who was invited.
struct InviteTests {
    private static let now = Instant(nanoseconds: 1_000_000_000)

    private static func client(pinned: [UInt8]?, invited: KeyFingerprint) -> ClientCore {
        var random = SeededGenerator(seed: 1)
        let bytes = Array("right".utf8)
        return ClientCore(
            configuration: ClientCoreConfiguration(
                name: "ana", history: 0, reconnect: .seconds(60), pinnedServerKey: pinned, invitedKey: invited),
            identity: ClientIdentity(
                device: SigningKey(using: &random),
                password: RoomPassword(prepared: SecretBytes(copying: bytes.span)), incarnation: 1),
            at: now, using: &random)
    }

    @Test("row 32: an invite that contradicts the remembered key ends the client before it sends anything")
    func contradiction() throws {
        let pinned = [UInt8](repeating: 1, count: 32)
        var client = Self.client(pinned: pinned, invited: KeyFingerprint(of: [UInt8](repeating: 2, count: 32)))
        let finish = try #require(client.finish)
        #expect(finish.reason == .keyChanged)
        let first = client.pollEvent()
        let last = client.pollEvent()
        #expect(first == .error(code: .keyChanged, text: finish.text) && last == .bye(reason: "key-changed"))
        var datagram: [UInt8] = []
        let hasDatagram = client.pollTransmit(into: &datagram, at: Self.now)
        #expect(!hasDatagram)
        #expect(client.nextDeadline == nil)
    }

    @Test("an invite that agrees with the remembered key changes nothing")
    func agreement() {
        let pinned = [UInt8](repeating: 1, count: 32)
        var client = Self.client(pinned: pinned, invited: KeyFingerprint(of: pinned))
        var datagram: [UInt8] = []
        let hasDatagram = client.pollTransmit(into: &datagram, at: Self.now)
        #expect(hasDatagram && client.finish == nil)
    }
}
