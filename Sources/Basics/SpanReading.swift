/// Total reading off the front of a span: each call takes a field or throws, and never traps.
extension Span<UInt8> {
    /// Takes one big-endian integer off the front.
    ///
    /// - Throws: `WireError.truncated` when fewer bytes remain; the span is unchanged then.
    @inlinable
    package mutating func take<T: FixedWidthInteger>(_: T.Type) throws(WireError) -> T {
        let size = T.bitWidth / 8
        guard count >= size else { throw .truncated(needed: size, remaining: count) }
        var value: T = 0
        for index in 0..<size { value = value << 8 | T(truncatingIfNeeded: self[index]) }
        self = extracting(droppingFirst: size)
        return value
    }

    /// Takes `length` bytes off the front as an array of their own.
    ///
    /// - Throws: `WireError.truncated` when fewer bytes remain; the span is unchanged then.
    package mutating func takeBytes(_ length: Int) throws(WireError) -> [UInt8] {
        guard length >= 0, count >= length else { throw .truncated(needed: length, remaining: count) }
        let bytes = [UInt8](copying: extracting(first: length))
        self = extracting(droppingFirst: length)
        return bytes
    }

    /// Drops `length` bytes off the front.
    ///
    /// - Throws: `WireError.truncated` when fewer bytes remain; the span is unchanged then.
    package mutating func skip(_ length: Int) throws(WireError) {
        guard length >= 0, count >= length else { throw .truncated(needed: length, remaining: count) }
        self = extracting(droppingFirst: length)
    }

    /// Takes a variable-length integer (RFC 9000, section 16) off the front: 1, 2, 4 or 8 bytes, at most 2^62 - 1.
    ///
    /// Longer encodings than needed are accepted, as the RFC demands.
    @inlinable
    package mutating func takeVarInt() throws(WireError) -> UInt64 {
        guard count >= 1 else { throw .truncated(needed: 1, remaining: 0) }
        let length = 1 << Int(self[0] >> 6)
        guard count >= length else { throw .truncated(needed: length, remaining: count) }
        var value = UInt64(self[0] & 0x3f)
        for index in 1..<max(length, 1) { value = value << 8 | UInt64(self[index]) }
        self = extracting(droppingFirst: length)
        return value
    }

    /// Takes a length as a variable-length integer and then that many bytes.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that the field may have.
    ///   - field: its name in the error.
    package mutating func takeBlock(limit: Int, field: StaticName) throws(WireError) -> [UInt8] {
        let length = try takeVarInt()
        guard length <= UInt64(limit) else { throw .tooLong(field: field, limit: limit) }
        return try takeBytes(Int(length))
    }

    /// Takes a block that must be valid UTF-8 (RFC 3629; overlong forms and surrogates are refused).
    package mutating func takeText(limit: Int, field: StaticName) throws(WireError) -> String {
        let bytes = try takeBlock(limit: limit, field: field)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalid(field: field) }
        return text
    }

    /// - Throws: `WireError.trailing` when bytes remain.
    package func expectEnd() throws(WireError) {
        guard isEmpty else { throw .trailing(count: count) }
    }
}

extension [UInt8] {
    /// The bytes of a span as an array of their own.
    package init(copying span: Span<UInt8>) {
        self.init()
        append(copying: span)
    }

    /// Appends the bytes of a span.
    package mutating func append(copying span: Span<UInt8>) {
        // With one question for room and sharing, and a growth that doubles.
        append(addingCapacity: span.count) { output in
            for index in span.indices { output.append(span[index]) }
        }
    }
}
