import ChatProtocol

/// What became of a line after it was said. It stands in the log as an entry of its own, which everybody is fed; this is
/// how answers about earlier lines read from then on.
enum Revision: Hashable, Sendable {
    case edited(String)
    case takenBack
}

extension Chat {
    /// A line that edits another one of the log, or takes it back, was appended: the earlier one is found by what it says
    /// now.
    mutating func revise(by line: Line, in log: LogID) {
        let revision: Revision
        switch line {
        case .edit(_, let text): revision = .edited(text)
        case .delete: revision = .takenBack
        case .text, .action, .reply, .react: return
        }
        guard let target = line.target, let kept = logs[log]?.entry(at: target),
            let entry = try? LogEntry(decoding: kept.bytes.span)
        else { return }
        storing.note(
            .replace(
                StoredEntry(log: log, number: target, time: entry.time, bytes: kept.bytes, text: revision.text)))
        // Another text is shown when it is stored; what is taken back is gone at once.
        guard revision == .takenBack else { return hold(.revised(log, target, revision)) }
        logs.revise(log, target, revision)
    }
}

extension Revision {
    /// What the line is found by.
    fileprivate var text: String? {
        switch self {
        case .edited(let text): text
        case .takenBack: nil
        }
    }
}

extension ChatLog.Kept {
    /// The entry as it reads now; nil when it was taken back.
    var bytesNow: [UInt8]? {
        switch revision {
        case nil: bytes
        case .edited(let text): LogEntry.bytes(bytes, saying: text)
        case .takenBack: nil
        }
    }
}

extension LogItem {
    /// What became of the entry's line, as the store knows it.
    func revision(of entry: LogEntry) -> Revision? {
        guard let said = entry.body.searchedText else { return nil }
        switch searched {
        case .notRead: return nil
        case .nothing: return .takenBack
        // The bytes decide: texts that are canonically equivalent are not the same.
        case .text(let text): return text.utf8.elementsEqual(said.utf8) ? nil : .edited(text)
        }
    }

    /// The entry as it reads now; nil when it was taken back or is none.
    var bytesNow: [UInt8]? {
        guard let entry = try? LogEntry(decoding: bytes.span) else { return nil }
        switch revision(of: entry) {
        case nil: return bytes
        case .edited(let text): return LogEntry.bytes(bytes, saying: text)
        case .takenBack: return nil
        }
    }
}

extension LogEntry {
    /// An encoded entry whose line has another text.
    fileprivate static func bytes(_ bytes: [UInt8], saying text: String) -> [UInt8]? {
        guard var entry = try? LogEntry(decoding: bytes.span) else { return nil }
        switch entry.body {
        case .line(let line): entry.body = .line(line.saying(text))
        case .personal(let line, let to, let twin): entry.body = .personal(line.saying(text), to: to, twin: twin)
        case .joined, .left, .renamed, .topic, .away, .moderated, .group, .settled: break
        }
        return entry.encoded()
    }
}

extension Line {
    /// The same kind of line with another text.
    fileprivate func saying(_ text: String) -> Line {
        switch self {
        case .text: .text(text)
        case .action: .action(text)
        case .reply(let number, _): .reply(to: number, text)
        case .edit, .delete, .react: self
        }
    }
}
