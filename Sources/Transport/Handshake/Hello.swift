package import Basics

/// M1, the client's first message: always 1200 bytes, so that no answer to it amplifies.
///
///     type 1 | version 4 | client ID 8 | sid 32 | AEAD choices 1 | flags 1   (together: ADa)
///     Ya 32 | cookie length 1 | cookie 0 or 32 | zeros
package struct Hello: Hashable, Sendable {
    package var clientID: ConnectionID
    /// Random; names this attempt and separates its keys from every other's.
    package var sessionID: [UInt8]
    package var suites: CipherSuites
    /// The client's CPace share.
    package var share: [UInt8]
    package var cookie: [UInt8]

    package static let sessionIDBytes = 32
    package static let shareBytes = 32
    package static let cookieBytes = 32
    /// How many bytes at the front are the associated data ADa.
    package static let associatedBytes = 47

    package init(clientID: ConnectionID, sessionID: [UInt8], suites: CipherSuites, share: [UInt8], cookie: [UInt8]) {
        self.clientID = clientID
        self.sessionID = sessionID
        self.suites = suites
        self.share = share
        self.cookie = cookie
    }

    /// ADa alone, which the shares are bound to.
    package var associatedData: [UInt8] {
        var bytes: [UInt8] = [PacketType.hello.rawValue]
        bytes.put(Limits.version)
        bytes.put(clientID.rawValue)
        bytes.append(contentsOf: sessionID)
        bytes.append(suites.rawValue)
        bytes.append(0)
        return bytes
    }

    /// Everything up to the cookie, in a message of that type.
    func front(_ type: PacketType) -> [UInt8] {
        var bytes = associatedData
        bytes[0] = type.rawValue
        bytes.append(contentsOf: share)
        bytes.append(UInt8(truncatingIfNeeded: cookie.count))
        bytes.append(contentsOf: cookie)
        return bytes
    }

    package func encoded() -> [UInt8] {
        var bytes = front(.hello)
        bytes.append(contentsOf: repeatElement(0, count: max(0, Limits.helloBytes - bytes.count)))
        return bytes
    }

    /// - Throws: `WireError` for every datagram that `encoded()` could not have made, padding included.
    package init(parsing datagram: Span<UInt8>) throws(WireError) {
        guard datagram.count == Limits.helloBytes else {
            throw .truncated(needed: Limits.helloBytes, remaining: datagram.count)
        }
        var input = datagram
        try self.init(parsingFront: &input, type: .hello)
        try input.expectZeros()
    }

    /// Takes everything up to the cookie off a message of that type.
    init(parsingFront input: inout Span<UInt8>, type: PacketType) throws(WireError) {
        guard try input.take(UInt8.self) == type.rawValue else { throw .invalid(field: "type") }
        guard try input.take(UInt32.self) == Limits.version else { throw .invalid(field: "version") }
        clientID = ConnectionID(rawValue: try input.take(UInt64.self))
        sessionID = try input.takeBytes(Self.sessionIDBytes)
        suites = CipherSuites(rawValue: try input.take(UInt8.self))
        guard try input.take(UInt8.self) == 0 else { throw .invalid(field: "flags") }
        share = try input.takeBytes(Self.shareBytes)
        let cookieLength = Int(try input.take(UInt8.self))
        guard cookieLength == 0 || cookieLength == Self.cookieBytes else { throw .invalid(field: "cookie") }
        cookie = try input.takeBytes(cookieLength)
    }

    /// Version and client ID of a hello of any version: what a version reply needs.
    ///
    /// - Returns: nil unless the datagram is as long as every hello is and names another version.
    package static func foreignVersion(of datagram: Span<UInt8>) -> (version: UInt32, clientID: ConnectionID)? {
        var input = datagram
        guard datagram.count >= Limits.helloBytes,
            (try? input.take(UInt8.self)) == PacketType.hello.rawValue,
            let version = try? input.take(UInt32.self), version != Limits.version,
            let clientID = try? input.take(UInt64.self)
        else { return nil }
        return (version, ConnectionID(rawValue: clientID))
    }
}

extension Span<UInt8> {
    /// - Throws: `WireError.invalid` when anything but zeros is left.
    func expectZeros() throws(WireError) {
        for index in indices {
            guard self[index] == 0 else { throw .invalid(field: "padding") }
        }
    }
}

/// The answer to a hello of a version that the server does not speak: type 1 | client ID 8 | versions 4 each.
package struct VersionReply: Hashable, Sendable {
    package var clientID: ConnectionID
    package var versions: [UInt32]

    package init(clientID: ConnectionID, versions: [UInt32]) {
        self.clientID = clientID
        self.versions = versions
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = [PacketType.versions.rawValue]
        bytes.put(clientID.rawValue)
        for version in versions { bytes.put(version) }
        return bytes
    }
}
