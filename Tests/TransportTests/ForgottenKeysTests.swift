import Basics
import Crypto
import Testing

@testable import Transport

/// Keys end with what they belong to. The count of secrets is one for the whole process, so each test has a process of
/// its own.
@Suite("keys that are forgotten")
struct ForgottenKeysTests {
    /// Lets so much time pass that nobody waits for a confirmation, and no handshake is remembered.
    private static func forget(_ world: inout LoginWorld) {
        for _ in 0..<60 { _ = world.pass(.seconds(1)) }
    }

    /// Five people come in, say something and go.
    ///
    /// - Returns: how many secrets there were meanwhile.
    private static func visit(_ world: inout LoginWorld) throws -> Int {
        var clients: [Connection] = []
        for port in UInt16(5000)..<5005 {
            let address = SocketAddress.loopback(port: port)
            var client = try world.login(from: address)
            _ = world.say([1, 2, 3], over: &client, from: address)
            clients.append(client)
        }
        let count = SecretSlab.shared.slotsInUse
        for peer in world.peers { world.server.close(peer, CloseReason(code: 1, text: "quit"), at: world.now) }
        return count
    }

    @Test("row 52: of people who have left no key is kept")
    func afterLogout() async {
        await #expect(processExitsWith: .success) {
            var world = LoginWorld(givesTickets: true)
            _ = try Self.visit(&world)
            Self.forget(&world)
            // The world's own: the server's key and password, keys of tickets and cookies, the last ticket given.
            let before = SecretSlab.shared.slotsInUse
            let meanwhile = try Self.visit(&world)
            try #require(meanwhile > before + 5 * 4, "\(before) secrets, then \(meanwhile)")
            Self.forget(&world)
            try #require(world.server.peerCount == 0 && world.server.load.handshakes == 0)
            let after = SecretSlab.shared.slotsInUse
            try #require(after <= before, "\(before) secrets, then \(after)")
        }
    }

    @Test("row 52: of those who tried a wrong password, or went away half way, no key is kept")
    func afterRefusal() async {
        await #expect(processExitsWith: .success) {
            var world = LoginWorld()
            var counts: [Int] = []
            for round in UInt16(0)..<2 {
                var client = try world.initiator(password: "wrong")
                world.converse(&client, from: SocketAddress.loopback(port: 5000 + round))
                try #require(client.isRejected)
                _ = try world.handshakeUntilFinish()
                Self.forget(&world)
                counts.append(SecretSlab.shared.slotsInUse)
            }
            try #require(world.server.load.handshakes == 0 && world.wrongPasswords == 2)
            try #require(counts[0] == counts[1], "\(counts)")
        }
    }
}
