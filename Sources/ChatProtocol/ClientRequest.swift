package import Basics

/// What a client asks of the server once it is in.
///
///     kind 1 | fields
package enum ClientRequest: Hashable, Sendable, WireValue {
    /// Says a line in the room. It goes through the outbox, so it has a number and is appended once.
    case say(String)
    /// Asks who is here; the answer carries the label, which is never 0.
    case members(label: UInt32)

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        switch Kind(rawValue: try bytes.take(UInt8.self)) {
        case .say: self = .say(try bytes.takeMessageText())
        case .members:
            let label = try bytes.take(UInt32.self)
            guard label != 0 else { throw .invalid(field: "label") }
            self = .members(label: label)
        case nil: throw .invalid(field: "request kind")
        }
        try bytes.expectEnd()
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .say(let text):
            bytes.append(Kind.say.rawValue)
            bytes.putText(text)
        case .members(let label):
            bytes.append(Kind.members.rawValue)
            bytes.put(label)
        }
        return bytes
    }

    private enum Kind: UInt8 {
        case say = 1
        case members
    }
}
