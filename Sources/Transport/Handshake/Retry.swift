package import Basics

/// The answer to a hello that has to prove its address first: come again with this cookie. 61 bytes, and nothing of it
/// is kept.
///
///     type 1 | version 4 | client ID 8 | sid[0..<16] 16 | cookie 32
package struct Retry: Hashable, Sendable {
    package var clientID: ConnectionID
    /// The front of the hello's sid: who has not seen the hello can't send a Retry that its client takes.
    package var sessionPrefix: [UInt8]
    package var cookie: [UInt8]

    package static let bytes = 61
    package static let prefixBytes = 16

    /// The answer to a hello.
    package init(to hello: Hello, cookie: [UInt8]) {
        clientID = hello.clientID
        sessionPrefix = Array(hello.sessionID.prefix(Self.prefixBytes))
        self.cookie = cookie
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = [PacketType.retry.rawValue]
        bytes.put(Limits.version)
        bytes.put(clientID.rawValue)
        bytes.append(contentsOf: sessionPrefix)
        bytes.append(contentsOf: cookie)
        return bytes
    }

    package init(parsing datagram: Span<UInt8>) throws(WireError) {
        var input = datagram
        guard try input.take(UInt8.self) == PacketType.retry.rawValue else { throw .invalid(field: "type") }
        guard try input.take(UInt32.self) == Limits.version else { throw .invalid(field: "version") }
        clientID = ConnectionID(rawValue: try input.take(UInt64.self))
        sessionPrefix = try input.takeBytes(Self.prefixBytes)
        cookie = try input.takeBytes(Hello.cookieBytes)
        try input.expectEnd()
    }

    /// Whether this answers that hello.
    package func answers(_ hello: Hello) -> Bool {
        clientID == hello.clientID && hello.sessionID.starts(with: sessionPrefix)
    }
}
