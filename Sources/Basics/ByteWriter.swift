/// Writing, the mirror of `SpanReading`: what one emits, the other takes.
extension [UInt8] {
    /// Appends an integer, big-endian.
    @inlinable
    package mutating func put<T: FixedWidthInteger>(_ value: T) {
        // At once, since each append asks anew whether there is room and whether the bytes are shared.
        append(addingCapacity: T.bitWidth / 8) { output in
            var shift = T.bitWidth - 8
            while shift >= 0 {
                output.append(UInt8(truncatingIfNeeded: value >> T(shift)))
                shift -= 8
            }
        }
    }

    /// Appends a variable-length integer (RFC 9000, section 16) in its shortest form.
    ///
    /// Values above 2^62 - 1 do not exist in this format; they are capped to it.
    @inlinable
    package mutating func putVarInt(_ value: UInt64) {
        switch value {
        case ..<0x40: append(UInt8(value))
        case ..<0x4000: put(UInt16(value) | 0x4000)
        case ..<0x4000_0000: put(UInt32(value) | 0x8000_0000)
        default: put(Swift.min(value, (1 << 62) - 1) | 0xc000_0000_0000_0000)
        }
    }

    /// Appends a length as a variable-length integer and then the bytes.
    package mutating func putBlock(_ bytes: some Collection<UInt8>) {
        putVarInt(UInt64(bytes.count))
        append(contentsOf: bytes)
    }

    /// Appends a text as a block of UTF-8.
    package mutating func putText(_ text: String) {
        putBlock(text.utf8)
    }
}

/// The facts of variable-length integers (RFC 9000, section 16).
package enum VarInt {
    /// The largest value that can be written: 2^62 - 1.
    package static let max: UInt64 = (1 << 62) - 1

    /// How many bytes `value` takes: 1, 2, 4 or 8.
    package static func length(of value: UInt64) -> Int {
        switch value {
        case ..<0x40: 1
        case ..<0x4000: 2
        case ..<0x4000_0000: 4
        default: 8
        }
    }
}
