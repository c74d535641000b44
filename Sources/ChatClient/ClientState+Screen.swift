package import ChatProtocol

/// How far a line of one's own has got.
package struct Delivery: Hashable, Sendable {
    /// The line.
    package let number: EntryNumber
    /// How many others should have it.
    package let total: UInt32
    /// How many of them do not yet.
    package let missing: UInt32

    /// Whether everybody has it.
    package var isComplete: Bool { missing == 0 }
}

/// A line that was typed, is to be read by others and has no receipt.
package struct PendingLine: Hashable, Sendable {
    /// Of its request.
    package let number: OutboxNumber
    package let text: String
    package let place: Place
    /// Told in the third person.
    package let isAction: Bool
}

/// What a screen shows beside the events: nothing of it is said by the server unasked.
extension ClientState {
    /// The groups that one belongs to.
    package var groupNames: [String] { logs.all.filter { $0.kind == .group }.map(\.title) }

    /// The lines without a receipt, oldest first.
    ///
    /// - Parameter limit: only the last ones, so many.
    package func pendingLines(last limit: Int) -> [PendingLine] {
        outbox.items.suffix(limit).compactMap { item in
            guard case .post(let line, let place) = item.request, line.isMessage, let text = line.text else {
                return nil
            }
            var isAction = false
            if case .action = line { isAction = true }
            return PendingLine(number: item.number, text: text, place: place, isAction: isAction)
        }
    }

    /// Where a line would go as far as it is typed.
    ///
    /// - Returns: nil where it would go to nobody.
    package func destination(of line: String) -> Place? {
        switch ClientIntent(line: line) {
        case .nothing, .say: return .room
        case .quit, .refused: return nil
        case .command(let command, let arguments):
            let (word, rest) = arguments.firstWord()
            switch command.name {
            case "pm": return word.isEmpty ? nil : (try? name(word)).map { .person($0) }
            case "reply": return partner.map { .person($0) }
            case "me": return .room
            case "re", "react": return Int(word) == nil && !word.isEmpty ? try? place(word) : .room
            case "group":
                guard word.lowercased() == "send" else { return nil }
                let group = rest.firstWord().word
                return group.isEmpty ? nil : (try? name(group)).map { .group($0) }
            default: return nil
            }
        }
    }

    /// Whether a typed line is one for others to read; such a line is shown by its receipt.
    package func isMessage(_ line: String) -> Bool {
        switch ClientIntent(line: line) {
        case .say: true
        case .command(let command, let arguments):
            command.name == "group"
                ? arguments.firstWord().word.lowercased() == "send"
                : ["pm", "reply", "me", "re"].contains(command.name)
        case .nothing, .quit, .refused: false
        }
    }

    /// Asks how far the last line of one's own has got; `delivery` tells it later.
    ///
    /// - Returns: whether it was asked: only while the server is there and nothing else is under way.
    package mutating func askDelivery() -> Bool {
        guard isCaughtUp, outbox.count == 0, !questions.hasQuiet, !questions.isFull,
            let (place, number) = try? lastOwnLine()
        else { return false }
        questions.ask(.seen(in: place, number), quietly: true)
        return true
    }

    mutating func note(_ number: EntryNumber, total: UInt32, missing: UInt32) {
        delivery = Delivery(number: number, total: total, missing: missing)
    }
}
