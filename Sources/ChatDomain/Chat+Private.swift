import Basics
import ChatProtocol

/// Private lines.
extension Chat {
    /// Private lines stand in the inboxes of both, each knowing the number of its twin.
    mutating func postPersonally(_ line: Line, to name: String, for asker: Asker) throws(RequestRefusal) {
        try expectVoice(for: asker)
        let (other, shown) = try person(named: name)
        let own = inbox(of: asker.session.account)
        guard other != asker.session.account else {
            try check(line, in: own, for: asker)
            try expectPartner(nil, of: line, in: own)
            append(.personal(line, to: shown, twin: 0), to: own, for: asker)
            return revise(by: line, in: own)
        }
        let theirs = inbox(of: other)
        var aimed = line
        if line.target != nil {
            try check(line, in: own, for: asker)
            aimed = line.aimed(at: try expectPartner(theirs, of: line, in: own))
        }
        let ownNumber = (logs[own]?.end ?? 0) + 1
        let number = append(.personal(aimed, to: shown, twin: ownNumber), to: theirs, for: asker)
        append(.personal(line, to: shown, twin: number), to: own, for: asker)
        revise(by: aimed, in: theirs)
        revise(by: line, in: own)
        guard line.isMessage else { return }
        hold(.effect(.observed(.personal(id: number, from: asker.name, to: shown, time: asker.wall))))
    }

    /// A line that is about another one goes to those between whom that one was said: the name may be somebody else's by
    /// now, whose inbox has another line under the twin's number.
    ///
    /// - Parameter theirs: the inbox of whom the name means; nil for oneself.
    /// - Returns: the number of the line that is meant in that inbox; 0 for one without a twin.
    @discardableResult
    private func expectPartner(
        _ theirs: LogID?, of line: Line, in own: LogID
    ) throws(RequestRefusal) -> EntryNumber {
        guard let target = line.target else { return 0 }
        guard let twin = twin(of: target, in: own) else { throw RequestRefusal(.noSuchLine, .noSuchLine) }
        guard let theirs else {
            // The console's lines have no twin either, and nobody to answer.
            let isTheirs = logs[own]?.entry(at: target).map { isFromOperator($0.bytes) } ?? true
            guard twin == 0, !isTheirs else { throw RequestRefusal(.noSuchLine, .noSuchLine) }
            return 0
        }
        guard twin != 0, self.twin(of: twin, in: theirs) == target else {
            throw RequestRefusal(.noSuchLine, .noSuchLine)
        }
        return twin
    }

    private func isFromOperator(_ bytes: [UInt8]) -> Bool {
        (try? LogEntry(decoding: bytes.span))?.member == .server
    }

    /// Where the other person has a private line; 0 for one without a twin, nil where there is no such line any more.
    func twin(of number: EntryNumber, in inbox: LogID) -> EntryNumber? {
        guard let kept = logs[inbox]?.entry(at: number), let entry = try? LogEntry(decoding: kept.bytes.span),
            case .personal(_, _, let twin) = entry.body
        else { return nil }
        return twin
    }
}
