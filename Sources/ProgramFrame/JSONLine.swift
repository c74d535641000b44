import FoundationEssentials

/// Lines of NDJSON: one object each, `event` first, the fields in the order in which they are given.
package enum JSONLine {
    /// What a field may hold.
    package enum Value: Hashable, Sendable {
        case text(String)
        case texts([String])
        case number(Int64)
        case flag(Bool)
        /// Objects, each with its fields; those without a value are left out.
        case objects([[Field]])

        fileprivate var json: String {
            switch self {
            case .text(let text): JSONLine.quoted(text)
            case .texts(let texts): "[\(texts.map(JSONLine.quoted).joined(separator: ","))]"
            case .number(let number): String(number)
            case .flag(let flag): flag ? "true" : "false"
            case .objects(let objects): "[\(objects.map(JSONLine.object).joined(separator: ","))]"
            }
        }
    }

    /// A field of an object. A name is a word of ours, which JSON takes as it is.
    package struct Field: Hashable, Sendable {
        let name: String
        let value: Value?

        package init(_ name: String, _ value: Value?) {
            self.name = name
            self.value = value
        }
    }

    private static func object(_ fields: [Field]) -> String {
        let texts = fields.compactMap { field in field.value.map { "\"\(field.name)\":\($0.json)" } }
        return "{\(texts.joined(separator: ","))}"
    }

    /// One object, without a line end. It is plain JSON (RFC 8259) without control characters.
    ///
    /// - Parameter fields: those without a value are left out. A name is a word of ours, which JSON takes as it is.
    package static func event(_ word: String, _ fields: (name: String, value: Value?)...) -> String {
        event(word, fields.map { Field($0.name, $0.value) })
    }

    /// The same with fields that are put together one by one.
    package static func event(_ word: String, _ fields: [Field]) -> String {
        object([Field("event", .text(word))] + fields)
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return encoder
    }()

    /// A text as JSON, with its quotes.
    static func quoted(_ text: String) -> String {
        // A text can always be encoded; the empty one would be the answer.
        guard let data = try? encoder.encode(text) else { return "\"\"" }
        return escapingControls(String(decoding: data, as: UTF8.self))
    }

    /// DEL and C1 stand as they are in JSON, yet a terminal that shows the line would obey them.
    private static func escapingControls(_ json: String) -> String {
        let controls: ClosedRange<UInt32> = 0x7f...0x9f
        guard json.unicodeScalars.contains(where: { controls.contains($0.value) }) else { return json }
        return json.unicodeScalars.reduce(into: "") { result, scalar in
            if controls.contains(scalar.value) {
                result += "\\u00" + String(scalar.value, radix: 16)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
