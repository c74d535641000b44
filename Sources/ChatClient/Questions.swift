import ChatProtocol

/// What was asked of the server: which questions are still to be sent, and what has come of their answers.
///
/// Bound: `ChatLimits.pendingQuestions` of the person, besides one for each group that was made or joined; and in each
/// answer `ChatLimits.membersAtMost` names or `ChatLimits.entriesPerAnswer` entries.
struct Questions: Sendable {
    /// A question and the pieces of its answer.
    struct Pending: Sendable {
        let label: UInt32
        let question: Question
        /// Nobody waits for the answer: it is not shown, and given up with the connection.
        var isQuiet = false
        var isSent = false
        var names: [String] = []
        var people: [Presence] = []
        var groups: [GroupSummary] = []
        var entries: [NumberedEntry] = []
    }

    private var pending: [Pending] = []
    private var lastLabel: UInt32 = 0

    var isFull: Bool { pending.count >= ChatLimits.pendingQuestions }

    /// Whether nothing is awaited that somebody waits for.
    var isEmpty: Bool { pending.allSatisfy(\.isQuiet) }

    /// Whether a quiet question is awaited.
    var hasQuiet: Bool { pending.contains(where: \.isQuiet) }

    /// Notes a question, however many are awaited.
    mutating func ask(_ question: Question, quietly isQuiet: Bool = false) {
        // Label 0 is the login's.
        lastLabel = lastLabel == .max ? 1 : lastLabel + 1
        pending.append(Pending(label: lastLabel, question: question, isQuiet: isQuiet))
    }

    /// The next request that is to be sent.
    mutating func pollRequest() -> ClientRequest? {
        guard let index = pending.firstIndex(where: { !$0.isSent }) else { return nil }
        pending[index].isSent = true
        return .ask(pending[index].question, label: pending[index].label)
    }

    /// A connection is gone and its half answers with it: everything awaited is asked for again.
    mutating func askAgain() {
        pending.removeAll(where: \.isQuiet)
        for index in pending.indices {
            let (label, question) = (pending[index].label, pending[index].question)
            pending[index] = Pending(label: label, question: question)
        }
    }

    /// Takes a piece of an answer; answers to nothing are ignored.
    ///
    /// - Returns: the whole answer when this was its last piece.
    mutating func receive(label: UInt32, isLast: Bool, _ add: (inout Pending) -> Void) -> Pending? {
        guard let index = pending.firstIndex(where: { $0.label == label }) else { return nil }
        add(&pending[index])
        return isLast ? pending.remove(at: index) : nil
    }
}

extension Array {
    /// Appends as many of `elements` as fit the bound.
    mutating func append(_ elements: [Element], upTo limit: Int) {
        append(contentsOf: elements.prefix(Swift.max(0, limit - count)))
    }
}
