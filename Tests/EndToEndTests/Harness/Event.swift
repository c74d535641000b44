import Foundation

/// One line of NDJSON that a program wrote.
struct Event: Decodable, Hashable, CustomStringConvertible {
    enum Value: Decodable, Hashable {
        case text(String)
        case number(Int)
        case flag(Bool)
        case list([String])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([String].self) {
                self = .list(list)
            } else {
                self = .other
            }
        }
    }

    private let fields: [String: Value]

    init(from decoder: any Decoder) throws {
        fields = try decoder.singleValueContainer().decode([String: Value].self)
    }

    /// - Returns: nil when the line is no JSON object.
    init?(line: String) {
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) else { return nil }
        self = event
    }

    /// The word of the field `event`.
    var kind: String { self["event"] ?? "" }

    subscript(field: String) -> String? {
        if case .text(let text) = fields[field] { text } else { nil }
    }

    func number(_ field: String) -> Int? {
        if case .number(let number) = fields[field] { number } else { nil }
    }

    func flag(_ field: String) -> Bool {
        fields[field] == .flag(true)
    }

    func list(_ field: String) -> [String]? {
        if case .list(let list) = fields[field] { list } else { nil }
    }

    /// The fields' names, without `event`.
    var fieldNames: Set<String> { Set(fields.keys).subtracting(["event"]) }

    var description: String { "\(fields)" }
}
