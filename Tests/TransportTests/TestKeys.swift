import Basics
import Crypto

@testable import Transport

/// What tests need of keys: always the same, so that a failure replays.
enum TestKeys {
    static func password(_ text: String) -> RoomPassword {
        let bytes = Array(text.utf8)
        return RoomPassword(prepared: SecretBytes(copying: bytes.span))
    }

    static func signing(_ seed: UInt64) -> SigningKey {
        var random = SeededGenerator(seed: seed)
        return SigningKey(using: &random)
    }

    /// The keys of a session, as a finished handshake would give them to both sides.
    static func session(roundTrip: Duration? = nil) -> SessionKeys {
        let shared = [UInt8](repeating: 0x5a, count: 64)
        let secrets = HandshakeSecrets(
            sharedSecret: SecretBytes(copying: shared.span), transcript: [UInt8](repeating: 0xa5, count: 64))
        return SessionKeys(
            secrets: secrets.application(bindingTo: [1, 2, 3]), clientID: ConnectionID(rawValue: 0x1111),
            serverID: ConnectionID(rawValue: 0x2222), roundTrip: roundTrip)
    }
}

extension Instant {
    /// Where the tests' time begins.
    static let start = Instant(nanoseconds: 1_000_000_000)
}

/// Strict prefixes of a datagram, the empty one included.
func truncations(of bytes: [UInt8]) -> some Sequence<[UInt8]> {
    (0..<bytes.count).lazy.map { Array(bytes.prefix($0)) }
}

/// A copy with one byte changed.
func changed(_ bytes: [UInt8], at index: Int, by mask: UInt8 = 1) -> [UInt8] {
    var copy = bytes
    copy[index] ^= mask
    return copy
}
