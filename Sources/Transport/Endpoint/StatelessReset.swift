import Basics
import Crypto

/// What a server says to data of a connection that it does not know: most likely it was restarted, and its client should
/// come back at once instead of waiting for a time-out (after RFC 9000, section 10.3).
///
///     80 or 81 | random bytes | token 16
///
/// It looks like a data packet, and only the client of that connection, which learned the token with the ID, can tell that it
/// is none. The tokens come from the server's identity, so that a restarted server knows them without having stored
/// anything. One that is seen by others is worth nothing: its connection is gone.
package enum StatelessReset {
    /// The length of a token.
    package static let tokenBytes = 16
    /// The longest reset. It is one of the shorter data packets.
    package static let longest = 40
    /// The shortest one: a header to the client and the token.
    package static let shortest = DataHeader.bytesToClient + tokenBytes

    /// Makes a reset.
    ///
    /// - Parameter triggerBytes: length of the datagram that it answers. The reset is shorter, so that two hosts that
    ///   take each other for a client soon have nothing more to say.
    /// - Returns: nil when what it answers is too short.
    static func datagram(
        answering triggerBytes: Int, token: [UInt8], using random: inout some RandomNumberGenerator
    ) -> [UInt8]? {
        let count = min(triggerBytes - 1, longest)
        guard count >= shortest else { return nil }
        var bytes = random.bytes(count - token.count)
        bytes[0] = PacketType.data.rawValue | bytes[0] & PacketType.keyPhaseBit
        return bytes + token
    }

    /// Whether a datagram that did not authenticate ends with the token. The time that it takes tells nothing about the
    /// token.
    static func matches(_ datagram: Span<UInt8>, token: [UInt8]) -> Bool {
        guard datagram.count >= shortest, datagram.count <= longest else { return false }
        return ConstantTime.areEqual(
            [UInt8](copying: datagram.extracting(droppingFirst: datagram.count - tokenBytes)), token)
    }
}

/// A server's resets: what they are made from, and how many there may be.
struct ResetSource: Sendable {
    private static let label = Array("gaschat/1 stateless reset".utf8)
    private static let keyBytes = 32

    private let key: SecretBox
    private var budget: TokenBucket

    init(identity: SigningKey, at now: Instant) {
        key = SecretBox(HKDF.expand(identity.seed(), info: Self.label, count: Self.keyBytes))
        budget = TokenBucket(rate: Limits.resetsPerSecond, at: now)
    }

    /// The token of a connection, always the same for the same identity.
    func token(of connection: ConnectionID) -> [UInt8] {
        var input: [UInt8] = []
        input.put(connection.rawValue)
        return Digest.keyedBlake2b(key: key.bytes, input: input, count: StatelessReset.tokenBytes)
    }

    /// A further ID of a connection, always the same for the same identity. Who does not know the identity can't tell
    /// which IDs belong together.
    ///
    /// - Parameters:
    ///   - first: the connection's ID in the handshake.
    ///   - sequence: at least 1.
    func grant(to first: ConnectionID, _ sequence: UInt64) -> ConnectionIDGrant {
        // Another length of the hash is another function: no ID is a part of a token.
        var input: [UInt8] = []
        input.put(first.rawValue)
        input.put(sequence)
        let digest = Digest.keyedBlake2b(key: key.bytes, input: input, count: 32)
        let id = ConnectionID(rawValue: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        return ConnectionIDGrant(sequence: sequence, id: id, resetToken: token(of: id))
    }

    /// The answer to data of an unknown connection.
    ///
    /// - Returns: nil when the budget is used up, or the datagram is too short for an answer.
    mutating func answer(
        _ connection: ConnectionID, triggerBytes: Int, at now: Instant, using random: inout some RandomNumberGenerator
    ) -> [UInt8]? {
        guard triggerBytes > StatelessReset.shortest, budget.take(at: now) else { return nil }
        return StatelessReset.datagram(answering: triggerBytes, token: token(of: connection), using: &random)
    }
}
