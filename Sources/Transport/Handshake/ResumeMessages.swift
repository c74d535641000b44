package import Basics

/// R1, a client's first message when it has a ticket: 1200 bytes, as M1, and by the same rule about cookies.
///
///     type 1 | version 4 | client ID 8 | sid 32 | AEAD choices 1 | flags 1 | X25519 share 32
///     cookie length 1 | cookie 0 or 32 | ticket 274 | length 2   (together: the front)
///     sealed payload | zeros
package struct ResumeHello: Hashable, Sendable {
    /// The front as far as it is the same as M1's.
    package var hello: Hello
    package var ticket: [UInt8]
    /// The payload and its tag.
    package var sealed: [UInt8]

    package init(hello: Hello, ticket: [UInt8], sealed: [UInt8]) {
        self.hello = hello
        self.ticket = ticket
        self.sealed = sealed
    }

    /// The front of a message with a sealed part of that length.
    package static func front(_ hello: Hello, ticket: [UInt8], sealedCount: Int) -> [UInt8] {
        var bytes = hello.front(.resume)
        bytes.append(contentsOf: ticket)
        bytes.put(UInt16(truncatingIfNeeded: sealedCount))
        return bytes
    }

    /// What the sealed part is bound to.
    package var front: [UInt8] { Self.front(hello, ticket: ticket, sealedCount: sealed.count) }

    package func encoded() -> [UInt8] {
        var bytes = front + sealed
        bytes.append(contentsOf: repeatElement(0, count: max(0, Limits.helloBytes - bytes.count)))
        return bytes
    }

    /// - Throws: `WireError` for every datagram that `encoded()` could not have made, padding included.
    package init(parsing datagram: Span<UInt8>) throws(WireError) {
        guard datagram.count == Limits.helloBytes else {
            throw .truncated(needed: Limits.helloBytes, remaining: datagram.count)
        }
        var input = datagram
        hello = try Hello(parsingFront: &input, type: .resume)
        ticket = try input.takeBytes(Limits.ticketBytes)
        sealed = try input.takeBytes(Int(try input.take(UInt16.self)))
        try input.expectZeros()
    }
}

/// The unencrypted front of R2, the answer to a good R1.
///
///     type 1 | client ID 8 | server ID 8 | AEAD 1 | X25519 share 32   (together: the front) | sealed payload
///
/// The payload is M4's: in or not, and why.
package struct ResumeAnswer: Hashable, Sendable {
    package var clientID: ConnectionID
    package var serverID: ConnectionID
    package var suite: CipherSuites
    package var share: [UInt8]

    package static let bytes = 50

    package init(clientID: ConnectionID, serverID: ConnectionID, suite: CipherSuites, share: [UInt8]) {
        self.clientID = clientID
        self.serverID = serverID
        self.suite = suite
        self.share = share
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = [PacketType.resumeAnswer.rawValue]
        bytes.put(clientID.rawValue)
        bytes.put(serverID.rawValue)
        bytes.append(suite.rawValue)
        bytes.append(contentsOf: share)
        return bytes
    }

    package init(parsing datagram: Span<UInt8>) throws(WireError) {
        guard datagram.count <= Limits.datagramBytes else {
            throw .tooLong(field: "resume answer", limit: Limits.datagramBytes)
        }
        var input = datagram
        guard try input.take(UInt8.self) == PacketType.resumeAnswer.rawValue else { throw .invalid(field: "type") }
        clientID = ConnectionID(rawValue: try input.take(UInt64.self))
        serverID = ConnectionID(rawValue: try input.take(UInt64.self))
        suite = CipherSuites(rawValue: try input.take(UInt8.self))
        share = try input.takeBytes(Hello.shareBytes)
    }
}

/// The answer to an R1 whose ticket is not good: expired, damaged, of an earlier password, of somebody who was banned,
/// or of keys that are gone. It does not say which.
///
///     type 1 | client ID 8 | SHA-512(R1)[0..<16] | signature 64
///
/// It is signed, since a client gives up its ticket for it, and names the R1 that it answers: one that was damaged on the
/// way is answered too, and its client takes that for loss.
package struct TicketRefusal: Hashable, Sendable {
    package var clientID: ConnectionID
    package var helloDigest: [UInt8]
    package var signature: [UInt8]

    package static let bytes = 89
    package static let digestBytes = 16

    package init(clientID: ConnectionID, helloDigest: [UInt8], signature: [UInt8]) {
        self.clientID = clientID
        self.helloDigest = helloDigest
        self.signature = signature
    }

    package var unsigned: [UInt8] {
        var bytes: [UInt8] = [PacketType.ticketRefusal.rawValue]
        bytes.put(clientID.rawValue)
        bytes.append(contentsOf: helloDigest)
        return bytes
    }

    package func encoded() -> [UInt8] {
        unsigned + signature
    }

    package init(parsing datagram: Span<UInt8>) throws(WireError) {
        var input = datagram
        guard try input.take(UInt8.self) == PacketType.ticketRefusal.rawValue else { throw .invalid(field: "type") }
        clientID = ConnectionID(rawValue: try input.take(UInt64.self))
        helloDigest = try input.takeBytes(Self.digestBytes)
        signature = try input.takeBytes(ServerHello.signatureBytes)
        try input.expectEnd()
    }
}
