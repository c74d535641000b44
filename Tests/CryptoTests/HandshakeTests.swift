import Basics
import Crypto
import Testing

@Suite struct HandshakeTests {
    private static let session = bytes(1, 32)
    private static let channel = Array("channel".utf8)

    /// Both sides of a run, each with the password it believes in.
    private func keys(client: String, server: String, seed: UInt64 = 5) throws -> (SecretBox, SecretBox) {
        var random = SeededGenerator(seed: seed)
        let a = try party(client, &random)
        let b = try party(server, &random)
        let initiator = (share: a.share, data: [UInt8]("ADa".utf8))
        let responder = (share: b.share, data: [UInt8]("ADb".utf8))
        let keyA = try a.sharedSecret(peerShare: b.share, initiator: initiator, responder: responder)
        let keyB = try b.sharedSecret(peerShare: a.share, initiator: initiator, responder: responder)
        return (SecretBox(keyA), SecretBox(keyB))
    }

    private func party(_ password: String, _ random: inout SeededGenerator) throws -> CPaceParty {
        let room = RoomPassword(prepared: secret(Array(password.utf8)))
        return try CPaceParty(prs: room.prs, channel: Self.channel, session: Self.session, using: &random)
    }

    @Test("the same password gives both sides the same key")
    func samePassword() throws {
        let (client, server) = try keys(client: "GAS1", server: "GAS1")
        #expect(areMatching(client, server))
    }

    @Test("another password gives another key and other tags")
    func otherPassword() throws {
        let (client, server) = try keys(client: "GAS1", server: "GAS2")
        #expect(!areMatching(client, server))
        let first = HandshakeSecrets(sharedSecret: client.bytes, transcript: bytes(2, 64))
        let second = HandshakeSecrets(sharedSecret: server.bytes, transcript: bytes(2, 64))
        #expect(first.clientTag(over: [1]) != second.clientTag(over: [1]))
        #expect(first.serverTag(over: [1]) != second.serverTag(over: [1]))
    }

    @Test("a share with any bit changed gives another key or is refused")
    func changedShare() throws {
        var random = SeededGenerator(seed: 8)
        let a = try party("GAS1", &random)
        let b = try party("GAS1", &random)
        let honest = SecretBox(try a.point(peerShare: b.share))
        for index in 0..<256 {
            var share = b.share
            share[index / 8] ^= 1 << UInt8(index % 8)
            do throws(CPaceError) {
                let point = SecretBox(try a.point(peerShare: share))
                #expect(!areMatching(point, honest))
            } catch {
                #expect(error == .invalidShare)
            }
        }
    }

    @Test("a share of another length is refused", arguments: [0, 31, 33, 64])
    func shareLength(count: Int) throws {
        var random = SeededGenerator(seed: 8)
        let party = try party("GAS1", &random)
        #expect(throws: CPaceError.invalidShare) { _ = try party.point(peerShare: bytes(0, count)) }
    }

    @Test("each run has another share")
    func freshShares() throws {
        var random = SeededGenerator(seed: 9)
        let shares = try (0..<20).map { _ in try party("GAS1", &random).share }
        #expect(Set(shares).count == 20)
    }

    @Test("both sides derive the same handshake secrets, and the two directions differ")
    func handshakeSecrets() throws {
        let (client, server) = try keys(client: "GAS1", server: "GAS1")
        let first = HandshakeSecrets(sharedSecret: client.bytes, transcript: bytes(2, 64))
        let second = HandshakeSecrets(sharedSecret: server.bytes, transcript: bytes(2, 64))
        #expect(first.clientTag(over: [1]) == second.clientTag(over: [1]))
        #expect(first.serverTag(over: [1]) == second.serverTag(over: [1]))
        #expect(first.clientTag(over: [1]) != first.serverTag(over: [1]))
        #expect(first.clientTag(over: [1]) != first.clientTag(over: [2]))
        #expect(first.clientTag(over: [1]).count == HandshakeSecrets.tagBytes)
        #expect(first.loginExporter == second.loginExporter && first.loginExporter.count == 32)
        #expect(isOpened(by: second.clientKey, sealedBy: first.clientKey))
        #expect(isOpened(by: second.serverKey, sealedBy: first.serverKey))
        #expect(!isOpened(by: second.serverKey, sealedBy: first.clientKey))
    }

    @Test("another transcript gives other secrets")
    func transcriptBinding() throws {
        let (client, _) = try keys(client: "GAS1", server: "GAS1")
        let first = HandshakeSecrets(sharedSecret: client.bytes, transcript: bytes(2, 64))
        let second = HandshakeSecrets(sharedSecret: client.bytes, transcript: bytes(3, 64))
        #expect(first.clientTag(over: [1]) != second.clientTag(over: [1]))
        #expect(first.loginExporter != second.loginExporter)
        #expect(!isOpened(by: second.clientKey, sealedBy: first.clientKey))
    }

    @Test("application secrets are bound to the third message and differ from each other")
    func applicationSecrets() throws {
        let (client, server) = try keys(client: "GAS1", server: "GAS1")
        let first = HandshakeSecrets(sharedSecret: client.bytes, transcript: bytes(2, 64))
        let second = HandshakeSecrets(sharedSecret: server.bytes, transcript: bytes(2, 64))
        let mine = first.application(bindingTo: [7, 7])
        let theirs = second.application(bindingTo: [7, 7])
        let others = second.application(bindingTo: [7, 8])
        #expect(isOpened(by: theirs.client, sealedBy: mine.client))
        #expect(isOpened(by: mine.server, sealedBy: theirs.server))
        #expect(!isOpened(by: theirs.server, sealedBy: mine.client))
        #expect(!isOpened(by: others.client, sealedBy: mine.client))
        #expect(!isOpened(by: second.clientKey, sealedBy: mine.client))
        #expect(areMatching(mine.resumption, theirs.resumption))
        #expect(areMatching(mine.exporter, theirs.exporter))
        #expect(!areMatching(mine.resumption, mine.exporter))
        #expect(!areMatching(mine.exporter, others.exporter))
    }

    @Test(
        "the algorithm chosen is the one that seals",
        .enabled(if: AEAD.aes256GCM.isAvailable, "the processor lacks the instructions"))
    func algorithmChoice() {
        let shared = secret(bytes(5, 64))
        let aes = HandshakeSecrets(sharedSecret: shared, transcript: bytes(2, 64), algorithm: .aes256GCM)
        let chaCha = HandshakeSecrets(sharedSecret: shared, transcript: bytes(2, 64))
        #expect(aes.clientKey.algorithm == .aes256GCM)
        #expect(aes.application(bindingTo: []).server.algorithm == .aes256GCM)
        #expect(!isOpened(by: chaCha.clientKey, sealedBy: aes.clientKey))
    }

    private func isOpened(by reader: PacketKey, sealedBy writer: PacketKey) -> Bool {
        var packet = bytes(0x80, 20)
        writer.seal(&packet, headerCount: 4, packetNumber: 77)
        var plaintext: [UInt8] = []
        return reader.open(packet.span, headerCount: 4, packetNumber: 77, into: &plaintext)
            && plaintext == bytes(0x80, 16)
    }
}
