import Basics
import Crypto
import Foundation
import Testing

@testable import Transport

/// The handshakes that are checked in, byte for byte. `Tests/Oracle` checks the same file without this code.
///
/// A change of the format is a new version, or a mistake. While version 1 is not published, the file is written anew by
/// `GASCHAT_WRITE_VECTORS=1 swift test --disable-xctest --filter HandshakeVectorTests`.
@Suite(.serialized)
struct HandshakeVectorTests {
    private static func played() throws -> [HandshakePlayer] {
        try HandshakeVectors.blank.runs.map { run in
            var player = HandshakePlayer(run)
            try player.play()
            return player
        }
    }

    @Test("the handshakes come out as they are checked in, byte for byte")
    func handshakesAreAsCheckedIn() throws {
        var vectors = HandshakeVectors.blank
        vectors.runs = try Self.played().map(\.run)
        if ProcessInfo.processInfo.environment["GASCHAT_WRITE_VECTORS"] != nil {
            // A machine without AES would leave out what the others check.
            try #require(AEAD.aes256GCM.isAvailable)
            try vectors.write()
        }
        let stored = try HandshakeVectors.stored().playable
        #expect(stored.runs.map(\.name) == vectors.runs.map(\.name))
        for (run, kept) in zip(vectors.runs, stored.runs) {
            let names = Set(run.made.keys).union(kept.made.keys).filter { run.made[$0] != kept.made[$0] }
            #expect(names.isEmpty, "\(run.name): \(names.sorted())")
            #expect(run.given == kept.given && run.packets == kept.packets, "\(run.name)")
        }
        #expect(vectors == stored)
    }

    @Test("connections take the packets that are checked in, in their order")
    func packetsAreTaken() throws {
        let players = try Self.played().filter { !$0.run.packets.isEmpty }
        #expect(players.count == (AEAD.aes256GCM.isAvailable ? 3 : 2))
        for player in players {
            var client = Self.connection(.client, try #require(player.clientKeys))
            var server = Self.connection(.server, try #require(player.serverKeys))
            var scratch: [UInt8] = []
            for (place, packet) in player.run.packets.enumerated() {
                let datagram = HandshakePlayer.bytes(packet["datagram"])
                let isTaken =
                    packet["from"] == "client"
                    ? server.receive(datagram.span, scratch: &scratch, at: .start)
                    : client.receive(datagram.span, scratch: &scratch, at: .start)
                #expect(isTaken, "\(player.run.name), packet \(place)")
                #expect(scratch == HandshakePlayer.bytes(packet["plaintext"]))
            }
            while let event = client.pollEvent() {
                guard case .message(1, let message) = event else {
                    Issue.record("the client was told \(event)")
                    continue
                }
                #expect(message.bytes == Array("hello".utf8))
            }
            #expect(server.pollEvent() != nil && !server.isOpen, "the server was told a message and the end")
        }
    }

    /// A connection that has sent a packet, so that one may be acknowledged.
    private static func connection(_ role: Connection.Role, _ keys: SessionKeys) -> Connection {
        var connection = Connection(role: role, keys: keys, at: .start)
        connection.open(alias: 1, after: 0)
        _ = connection.sendControl([0])
        var datagram: [UInt8] = []
        while connection.pollTransmit(into: &datagram, from: TestLogs(), at: .start) {}
        return connection
    }
}
