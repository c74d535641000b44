package import Basics

/// By what the server knows the holder of a ticket. It travels inside the ticket, which only the server reads.
///
///     name text | incarnation 8
package struct TicketIdentity: Hashable, Sendable, WireValue {
    /// The name as everybody saw it, at most `ChatLimits.nameBytes`.
    package var name: String
    /// The run of the client's program that the ticket was given to: with name and device it names the session.
    package var incarnation: UInt64

    package init(name: String, incarnation: UInt64) {
        self.name = name
        self.incarnation = incarnation
    }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        name = try bytes.takeName(limit: ChatLimits.nameBytes, field: "name")
        incarnation = try bytes.take(UInt64.self)
        try bytes.expectEnd()
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.putText(name)
        bytes.put(incarnation)
        return bytes
    }
}
