/// Why bytes from outside are not the value they should be.
@usableFromInline package enum WireError: Error, Hashable, Sendable {
    /// The input ends before the field does.
    case truncated(needed: Int, remaining: Int)
    /// Bytes follow where the value should have ended.
    case trailing(count: Int)
    /// A length field is larger than the limit of its field.
    case tooLong(field: StaticName, limit: Int)
    /// A field holds a value that it must not have.
    case invalid(field: StaticName)
}

/// The name of a field in an error: static text, so that an error costs no allocation and never carries a peer's bytes.
@usableFromInline package struct StaticName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    private let text: StaticString

    @usableFromInline package init(stringLiteral value: StaticString) {
        text = value
    }

    @usableFromInline package var description: String { text.description }

    @usableFromInline package static func == (left: StaticName, right: StaticName) -> Bool {
        left.description == right.description
    }

    @usableFromInline package func hash(into hasher: inout Hasher) {
        hasher.combine(description)
    }
}
