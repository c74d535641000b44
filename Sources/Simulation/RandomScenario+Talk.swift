import ChatDomain
import ChatProtocol

/// What people do to each other, beside talking in the room.
extension RandomScenario {
    private static let groups = ["games", "Tea", "work"]

    /// Talks elsewhere than in the room, or about something else.
    mutating func converse(_ label: String, _ action: Action) {
        let group = Self.groups[Int.random(in: 0..<Self.groups.count, using: &random)]
        let other = somebody()
        switch action {
        case .whisper:
            for _ in 0..<Int.random(in: 1...4, using: &random) { chat.whisper(text(), to: other, from: label) }
        case .inGroup:
            for _ in 0..<Int.random(in: 1...4, using: &random) { chat.say(text(), inGroup: group, from: label) }
        case .group: chat.obey(groupCommand(group, other), from: label)
        case .change: change(label)
        case .fact: tellFact(label)
        case .moderate: moderate(label, other)
        default: return
        }
    }

    private mutating func groupCommand(_ group: String, _ other: String) -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...2: ":group create \(group)"
        case 3...6: ":group join \(group)"
        case 7: ":group leave \(group)"
        case 8: ":group invite \(group) \(other)"
        case 9: ":group remove \(group) \(other)"
        case 10: ":group hand-over \(group) \(other)"
        default: ":group members \(group)"
        }
    }

    /// A line that was said is changed, or marked.
    private mutating func change(_ label: String) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let text = text()
            chat.obey(":edit \(text)", text: text, from: label)
        case 1: chat.obey(":delete", from: label)
        case 2:
            chat.answer(text(), to: Int.random(in: 1...5, using: &random), from: label)
        default: chat.obey(":react -\(Int.random(in: 1...5, using: &random)) 👍", from: label)
        }
    }

    private mutating func tellFact(_ label: String) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: chat.obey(":away \(text())", from: label)
        case 1: chat.obey(":topic \(text())", from: label)
        case 2: chat.obey(":seen -1", from: label)
        default:
            let name = "\(label)\(Int.random(in: 2...4, using: &random))"
            chat.obey(":nick \(name)", renames: name, from: label)
        }
    }

    /// Operators are made, and act.
    private mutating func moderate(_ label: String, _ other: String) {
        switch Int.random(in: 0..<6, using: &random) {
        case 0...1: chat.order(.moderate(.op, name: other, seconds: 0, text: ""))
        case 2: chat.obey(":kick \(other) \(text())", from: label)
        case 3: chat.obey(":mute \(other) 1", from: label)
        case 4: chat.order(.moderate(.mute, name: other, seconds: 5, text: ""))
        default: chat.order(.moderate(.unmute, name: other, seconds: 0, text: ""))
        }
    }
}
