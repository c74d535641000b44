import Basics

/// Names a connection independently of addresses: 64 random bits, chosen by the side that receives under it.
package struct ConnectionID: Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package init(using random: inout some RandomNumberGenerator) {
        rawValue = random.next()
    }
}

/// A connection ID that a server gives its client, to be used at another address.
package struct ConnectionIDGrant: Hashable, Sendable {
    /// Counts the IDs of a connection; that of the handshake is 0.
    package var sequence: UInt64
    package var id: ConnectionID
    /// What a stateless reset of packets under this ID ends with; nil where the server told none.
    package var resetToken: [UInt8]?

    package init(sequence: UInt64, id: ConnectionID, resetToken: [UInt8]?) {
        self.sequence = sequence
        self.id = id
        self.resetToken = resetToken
    }

    /// Reads what follows the type of a NEW_CONNECTION_ID frame.
    init(parsing input: inout Span<UInt8>) throws(WireError) {
        sequence = try input.takeVarInt()
        guard sequence >= 1 else { throw .invalid(field: "sequence number") }
        id = ConnectionID(rawValue: try input.take(UInt64.self))
        resetToken = try input.takeBytes(StatelessReset.tokenBytes)
    }

    /// A grant without a token is of the handshake and never sent.
    func emit(into bytes: inout [UInt8]) {
        bytes.putVarInt(sequence)
        bytes.put(id.rawValue)
        bytes.append(contentsOf: resetToken ?? [UInt8](repeating: 0, count: StatelessReset.tokenBytes))
    }

    /// An upper bound of the frame's length.
    static let frameBytes = 1 + 8 + 8 + StatelessReset.tokenBytes
}
