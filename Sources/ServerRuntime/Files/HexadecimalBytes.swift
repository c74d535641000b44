import Basics
import Crypto

/// Bytes as hexadecimal digits, in files of keys. Never as a `String`: they may be secret.
enum HexadecimalBytes {
    static func append(_ values: [UInt8], to bytes: inout [UInt8]) {
        for value in values {
            for digit in [value >> 4, value & 15] {
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    /// Takes `count` bytes, twice as many digits, off the front.
    ///
    /// - Returns: nil when there are fewer, or something else is among them.
    static func take(_ count: Int, from span: inout Span<UInt8>) -> [UInt8]? {
        guard span.count >= 2 * count else { return nil }
        var values: [UInt8] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            guard let high = digit(span[2 * index]), let low = digit(span[2 * index + 1]) else {
                values.wipe()
                return nil
            }
            values.append(high << 4 | low)
        }
        span = span.extracting(droppingFirst: 2 * count)
        return values
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
