package import ChatProtocol

/// The lines that were typed and have no receipt yet, in order. They survive every loss of the connection.
///
/// Bound: `ChatLimits.outboxEntries`.
package struct Outbox: Sendable {
    /// A line and its number.
    struct Line: Sendable {
        let number: OutboxNumber
        let text: String
    }

    private var lines: [Line] = []
    private var lastNumber: OutboxNumber = 0

    /// While set nothing is given out: it is not yet clear which lines the log of that epoch already has.
    var heldEpoch: LogEpoch?

    /// How many lines wait for their receipt.
    package var count: Int { lines.count }

    /// The waiting lines' texts, oldest first.
    package var texts: [String] { lines.map(\.text) }

    /// Whether no further line fits.
    package var isFull: Bool { lines.count >= ChatLimits.outboxEntries }

    /// The first waiting line with a number above `number`, as it goes over the wire; nil when there is none now.
    /// O(log lines).
    package func request(after number: OutboxNumber) -> (number: OutboxNumber, bytes: [UInt8])? {
        guard heldEpoch == nil else { return nil }
        let index = firstIndex(above: number)
        guard index < lines.count else { return nil }
        let line = lines[index]
        return (line.number, ClientRequest.say(line.text).encoded())
    }

    /// Adds a line.
    ///
    /// - Returns: false when the outbox is full; the line is not taken then.
    mutating func append(_ text: String) -> Bool {
        guard !isFull else { return false }
        lastNumber += 1
        lines.append(Line(number: lastNumber, text: text))
        return true
    }

    /// Takes out the line with that number: its fate is known.
    mutating func retire(_ number: OutboxNumber) -> Line? {
        guard number > 0 else { return nil }
        let index = firstIndex(above: number - 1)
        guard index < lines.count, lines[index].number == number else { return nil }
        return lines.remove(at: index)
    }

    /// Takes out all lines up to and including that number.
    mutating func retire(through number: OutboxNumber) -> [Line] {
        let index = firstIndex(above: number)
        let retired = Array(lines[..<index])
        lines.removeFirst(index)
        return retired
    }

    private func firstIndex(above number: OutboxNumber) -> Int {
        var low = 0
        var high = lines.count
        while low < high {
            let middle = low + (high - low) / 2
            if lines[middle].number > number { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
