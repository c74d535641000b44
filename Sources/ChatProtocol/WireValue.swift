package import Basics

/// A value that travels: what `encoded` gives, `init(decoding:)` takes back, and it takes nothing that is no value.
package protocol WireValue {
    /// Reads the whole of `bytes`.
    ///
    /// - Throws: `WireError` for every input that is not exactly one value; never traps.
    init(decoding bytes: Span<UInt8>) throws(WireError)

    /// The value's bytes.
    func encoded() -> [UInt8]
}

/// Fields that several values share.
extension Span<UInt8> {
    /// Takes a truth value: one byte, 0 or 1.
    mutating func takeFlag(field: StaticName) throws(WireError) -> Bool {
        switch try take(UInt8.self) {
        case 0: false
        case 1: true
        default: throw .invalid(field: field)
        }
    }

    /// Takes a text that must not be empty.
    mutating func takeName(limit: Int, field: StaticName) throws(WireError) -> String {
        let name = try takeText(limit: limit, field: field)
        guard !name.isEmpty else { throw .invalid(field: field) }
        return name
    }

    /// Takes the text of a line.
    mutating func takeMessageText() throws(WireError) -> String {
        let text = try takeText(limit: ChatLimits.textBytes, field: "text")
        guard MessageText.fault(in: text) == nil else { throw .invalid(field: "text") }
        return text
    }

    /// Takes the word of an error.
    mutating func takeErrorCode() throws(WireError) -> ErrorCode {
        let word = try takeText(limit: ChatLimits.codeBytes, field: "code")
        guard let code = ErrorCode(rawValue: word) else { throw .invalid(field: "code") }
        return code
    }
}

extension [UInt8] {
    mutating func putFlag(_ flag: Bool) {
        append(flag ? 1 : 0)
    }
}
