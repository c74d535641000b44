package import Basics

/// M2, the server's answer to a hello: 183 bytes, none of which depends on a key that the password gave.
///
///     type 1 | version 4 | client ID 8 | server ID 8 | nonce 32 | AEAD 1 | flags 1 | server key 32   (together: ADb)
///     Yb 32 | signature 64
package struct ServerHello: Hashable, Sendable {
    package var clientID: ConnectionID
    package var serverID: ConnectionID
    package var nonce: [UInt8]
    package var suite: CipherSuites
    /// The server's Ed25519 key, which clients pin.
    package var serverKey: [UInt8]
    /// The server's CPace share.
    package var share: [UInt8]
    /// Ed25519, over what `signed` returns.
    package var signature: [UInt8]

    package static let bytes = 183
    package static let nonceBytes = 32
    package static let keyBytes = 32
    package static let signatureBytes = 64

    package init(
        clientID: ConnectionID, serverID: ConnectionID, nonce: [UInt8], suite: CipherSuites, serverKey: [UInt8],
        share: [UInt8], signature: [UInt8]
    ) {
        self.clientID = clientID
        self.serverID = serverID
        self.nonce = nonce
        self.suite = suite
        self.serverKey = serverKey
        self.share = share
        self.signature = signature
    }

    /// ADb alone, which the shares are bound to.
    package var associatedData: [UInt8] {
        var bytes: [UInt8] = [PacketType.serverHello.rawValue]
        bytes.put(Limits.version)
        bytes.put(clientID.rawValue)
        bytes.put(serverID.rawValue)
        bytes.append(contentsOf: nonce)
        bytes.append(suite.rawValue)
        bytes.append(0)
        bytes.append(contentsOf: serverKey)
        return bytes
    }

    /// Everything before the signature.
    package var unsigned: [UInt8] {
        associatedData + share
    }

    package func encoded() -> [UInt8] {
        unsigned + signature
    }

    package init(parsing datagram: Span<UInt8>) throws(WireError) {
        var input = datagram
        guard try input.take(UInt8.self) == PacketType.serverHello.rawValue else { throw .invalid(field: "type") }
        guard try input.take(UInt32.self) == Limits.version else { throw .invalid(field: "version") }
        clientID = ConnectionID(rawValue: try input.take(UInt64.self))
        serverID = ConnectionID(rawValue: try input.take(UInt64.self))
        nonce = try input.takeBytes(Self.nonceBytes)
        suite = CipherSuites(rawValue: try input.take(UInt8.self))
        guard try input.take(UInt8.self) == 0 else { throw .invalid(field: "flags") }
        serverKey = try input.takeBytes(Self.keyBytes)
        share = try input.takeBytes(Hello.shareBytes)
        signature = try input.takeBytes(Self.signatureBytes)
        try input.expectEnd()
    }
}
