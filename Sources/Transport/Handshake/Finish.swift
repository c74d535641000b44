package import Basics

/// The unencrypted front of M3 and M4.
///
///     type 1 | connection ID 8 | packet number 8 | tag 32 | sealed payload
///
/// M3 goes to the server's ID with the tag Ta, M4 to the client's with Tb. The front is associated data of the payload.
package struct ConfirmationHeader: Hashable, Sendable {
    package var type: PacketType
    package var destination: ConnectionID
    package var packetNumber: UInt64
    package var tag: [UInt8]

    package static let bytes = 49
    package static let tagBytes = 32

    package init(type: PacketType, destination: ConnectionID, packetNumber: UInt64, tag: [UInt8]) {
        self.type = type
        self.destination = destination
        self.packetNumber = packetNumber
        self.tag = tag
    }

    package init(parsing datagram: Span<UInt8>, type expected: PacketType) throws(WireError) {
        guard datagram.count <= Limits.datagramBytes else {
            throw .tooLong(field: "confirmation", limit: Limits.datagramBytes)
        }
        var input = datagram
        guard try input.take(UInt8.self) == expected.rawValue else { throw .invalid(field: "type") }
        type = expected
        destination = ConnectionID(rawValue: try input.take(UInt64.self))
        packetNumber = try input.take(UInt64.self)
        tag = try input.takeBytes(Self.tagBytes)
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = [type.rawValue]
        bytes.put(destination.rawValue)
        bytes.put(packetNumber)
        bytes.append(contentsOf: tag)
        return bytes
    }
}

/// The payload of M3: who wants in.
///
///     device key 32 | proof 64 | application payload (block) | extensions (block)
package struct LoginPayload: Hashable, Sendable {
    /// The client's Ed25519 device key.
    package var deviceKey: [UInt8]
    /// A signature by it over this handshake, so that it can't be used elsewhere.
    package var proof: [UInt8]
    package var application: [UInt8]

    package init(deviceKey: [UInt8], proof: [UInt8], application: [UInt8]) {
        self.deviceKey = deviceKey
        self.proof = proof
        self.application = application
    }

    package func encoded() -> [UInt8] {
        var bytes = deviceKey + proof
        bytes.putBlock(application)
        bytes.putBlock([])
        return bytes
    }

    /// Extensions that this version does not know are skipped.
    package init(parsing span: Span<UInt8>) throws(WireError) {
        var input = span
        deviceKey = try input.takeBytes(ServerHello.keyBytes)
        proof = try input.takeBytes(ServerHello.signatureBytes)
        application = try input.takeBlock(limit: Limits.loginPayloadBytes, field: "login")
        _ = try input.takeBlock(limit: Limits.datagramBytes, field: "extensions")
        try input.expectEnd()
    }
}

/// The payload of M4: in, or not and why.
///
///     accepted 1 | application payload (block) | extensions (block)
///
/// Extensions: type (varint) | content (block), one after the other. Type 1: the connection's reset token, 16 bytes.
/// Type 2: a ticket.
package struct VerdictPayload: Hashable, Sendable {
    package var isAccepted: Bool
    package var application: [UInt8]
    /// What a stateless reset of the connection ends with; nil when the server sends none.
    package var resetToken: [UInt8]?
    /// What the client may resume with; nil when the server gives none.
    package var ticket: [UInt8]?

    private static let resetTokenType: UInt64 = 1
    private static let ticketType: UInt64 = 2

    package init(isAccepted: Bool, application: [UInt8], resetToken: [UInt8]? = nil, ticket: [UInt8]? = nil) {
        self.isAccepted = isAccepted
        self.application = application
        self.resetToken = resetToken
        self.ticket = ticket
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = [isAccepted ? 1 : 0]
        bytes.putBlock(application)
        var extensions: [UInt8] = []
        if let resetToken {
            extensions.putVarInt(Self.resetTokenType)
            extensions.putBlock(resetToken)
        }
        if let ticket {
            extensions.putVarInt(Self.ticketType)
            extensions.putBlock(ticket)
        }
        bytes.putBlock(extensions)
        return bytes
    }

    /// Extensions that this version does not know are skipped.
    package init(parsing span: Span<UInt8>) throws(WireError) {
        var input = span
        switch try input.take(UInt8.self) {
        case 0: isAccepted = false
        case 1: isAccepted = true
        default: throw .invalid(field: "verdict")
        }
        application = try input.takeBlock(limit: Limits.loginPayloadBytes, field: "verdict")
        let extensions = try input.takeBlock(limit: Limits.datagramBytes, field: "extensions")
        try input.expectEnd()
        try parseExtensions(extensions.span)
    }

    private mutating func parseExtensions(_ span: Span<UInt8>) throws(WireError) {
        var input = span
        while !input.isEmpty {
            let type = try input.takeVarInt()
            let content = try input.takeBlock(limit: Limits.datagramBytes, field: "extension")
            switch type {
            case Self.resetTokenType:
                guard content.count == StatelessReset.tokenBytes, resetToken == nil else {
                    throw .invalid(field: "reset token")
                }
                resetToken = content
            case Self.ticketType:
                guard content.count == Limits.ticketBytes, ticket == nil else { throw .invalid(field: "ticket") }
                ticket = content
            default: continue
            }
        }
    }
}

/// The answer to an M3 that proved no password, or was not looked at. It is signed, since only the server may say so, and names the M3 it
/// answers, since otherwise anybody could end a login with an old one.
///
///     type 1 | client ID 8 | code 1 | retry after 2 (seconds) | SHA-512(M3)[0..<16] | signature 64
package struct Reject: Hashable, Sendable {
    package enum Code: UInt8, Sendable {
        case wrongPassword = 1
        /// Too many wrong ones came before: this one was not looked at, so the answer tells nothing about it.
        case tryLater = 2
    }

    package var clientID: ConnectionID
    package var code: Code
    /// Seconds until another password will be heard; 0: at once.
    package var retryAfter: UInt16
    package var finishDigest: [UInt8]
    package var signature: [UInt8]

    package static let bytes = 92
    package static let digestBytes = 16

    package init(
        clientID: ConnectionID, code: Code, retryAfter: UInt16, finishDigest: [UInt8], signature: [UInt8]
    ) {
        self.clientID = clientID
        self.code = code
        self.retryAfter = retryAfter
        self.finishDigest = finishDigest
        self.signature = signature
    }

    package var unsigned: [UInt8] {
        var bytes: [UInt8] = [PacketType.reject.rawValue]
        bytes.put(clientID.rawValue)
        bytes.append(code.rawValue)
        bytes.put(retryAfter)
        bytes.append(contentsOf: finishDigest)
        return bytes
    }

    package func encoded() -> [UInt8] {
        unsigned + signature
    }

    package init(parsing datagram: Span<UInt8>) throws(WireError) {
        var input = datagram
        guard try input.take(UInt8.self) == PacketType.reject.rawValue else { throw .invalid(field: "type") }
        clientID = ConnectionID(rawValue: try input.take(UInt64.self))
        guard let code = Code(rawValue: try input.take(UInt8.self)) else { throw .invalid(field: "code") }
        self.code = code
        retryAfter = try input.take(UInt16.self)
        finishDigest = try input.takeBytes(Self.digestBytes)
        signature = try input.takeBytes(ServerHello.signatureBytes)
        try input.expectEnd()
    }
}
