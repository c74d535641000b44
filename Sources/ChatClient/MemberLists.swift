import ChatProtocol

/// The member lists that were asked for: which are still to be sent, and what has come of their answers.
///
/// Bound: `ChatLimits.pendingMemberLists` requests, and `ChatLimits.membersAtMost` names in each answer.
struct MemberLists: Sendable {
    private struct Pending: Sendable {
        let label: UInt32
        var isSent = false
        var names: [String] = []
    }

    private var pending: [Pending] = []
    private var lastLabel: UInt32 = 0

    var isFull: Bool { pending.count >= ChatLimits.pendingMemberLists }

    /// Whether nothing is awaited.
    var isEmpty: Bool { pending.isEmpty }

    /// Notes a request.
    ///
    /// - Returns: false when too many are awaited.
    mutating func ask() -> Bool {
        guard !isFull else { return false }
        // Label 0 is the login's.
        lastLabel = lastLabel == .max ? 1 : lastLabel + 1
        pending.append(Pending(label: lastLabel))
        return true
    }

    /// The next request that is to be sent.
    mutating func pollRequest() -> ClientRequest? {
        guard let index = pending.firstIndex(where: { !$0.isSent }) else { return nil }
        pending[index].isSent = true
        return .members(label: pending[index].label)
    }

    /// A connection is gone and its half answers with it: everything awaited is asked for again.
    mutating func askAgain() {
        for index in pending.indices {
            pending[index].isSent = false
            pending[index].names = []
        }
    }

    /// Takes a piece of an answer; answers to nothing are ignored.
    ///
    /// - Returns: the whole list when this was its last piece.
    mutating func receive(label: UInt32, names: [String], isLast: Bool) -> [String]? {
        guard let index = pending.firstIndex(where: { $0.label == label }) else { return nil }
        pending[index].names.append(names, upTo: ChatLimits.membersAtMost)
        return isLast ? pending.remove(at: index).names : nil
    }
}

extension [String] {
    /// Appends as many of `names` as fit the bound.
    mutating func append(_ names: [String], upTo limit: Int) {
        append(contentsOf: names.prefix(Swift.max(0, limit - count)))
    }
}
