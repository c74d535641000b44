import Basics

/// Where a line goes: the room, a group, or one person.
///
///     kind 1 | name text, but for the room
package enum Place: Hashable, Sendable {
    case room
    /// A group, by its name as typed or shown.
    case group(String)
    /// One person, by the name as typed or shown.
    case person(String)

    /// The name of the group or person; nil for the room.
    package var name: String? {
        switch self {
        case .room: nil
        case .group(let name), .person(let name): name
        }
    }

    package var isPerson: Bool {
        if case .person = self { true } else { false }
    }

    private enum Kind: UInt8 {
        case room
        case group
        case person
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        switch Kind(rawValue: try bytes.take(UInt8.self)) {
        case .room: self = .room
        case .group: self = .group(try bytes.takeName(limit: ChatLimits.requestedNameBytes, field: "group"))
        case .person: self = .person(try bytes.takeName(limit: ChatLimits.requestedNameBytes, field: "person"))
        case nil: throw .invalid(field: "place")
        }
    }

    func put(into bytes: inout [UInt8]) {
        switch self {
        case .room: bytes.append(Kind.room.rawValue)
        case .group(let name):
            bytes.append(Kind.group.rawValue)
            bytes.putText(name.cut(toBytes: ChatLimits.requestedNameBytes))
        case .person(let name):
            bytes.append(Kind.person.rawValue)
            bytes.putText(name.cut(toBytes: ChatLimits.requestedNameBytes))
        }
    }
}
