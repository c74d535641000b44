/// A decoded value in the one form that both decoders write: JSON with sorted keys, ASCII only, without blanks; bytes as
/// hexadecimal digits.
indirect enum Canonical {
    case null
    case flag(Bool)
    case signed(Int64)
    case unsigned(UInt64)
    case bytes([UInt8])
    case text(String)
    case list([Canonical])
    case object([String: Canonical])

    static func number(_ value: some FixedWidthInteger & UnsignedInteger) -> Canonical {
        .unsigned(UInt64(value))
    }

    /// Eight bytes that are an identifier.
    static func identifier(_ value: UInt64) -> Canonical {
        .bytes((0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) })
    }

    var json: String {
        switch self {
        case .null: "null"
        case .flag(let value): value ? "true" : "false"
        case .signed(let value): String(value)
        case .unsigned(let value): String(value)
        case .bytes(let value): "\"" + Oracle.hex(value) + "\""
        case .text(let value): Self.quoted(value)
        case .list(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
        case .object(let fields):
            "{"
                + fields.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.json }
                .joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: quoted += "\\\""
            case 0x5c: quoted += "\\\\"
            case 0x08: quoted += "\\b"
            case 0x09: quoted += "\\t"
            case 0x0a: quoted += "\\n"
            case 0x0c: quoted += "\\f"
            case 0x0d: quoted += "\\r"
            case 0x20...0x7e: quoted.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return quoted + "\""
    }
}
