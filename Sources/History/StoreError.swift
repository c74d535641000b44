/// Why the store did not do what it was told.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has the store open.
    case locked(path: String)
    /// The store was busy for longer than we wait.
    case busy
    /// The disk, or the room that the store was given, is full.
    case full
    /// The system refused to read or write; SQLite's extended result code and its words.
    case io(code: Int32, text: String)
    /// The file is damaged; a copy of it lies at `copy`, if one could be made.
    case corrupt(path: String, detail: String, copy: String?)
    /// The file was written by a newer version of this program.
    case newer(path: String, version: Int, known: Int)
    /// The file belongs to another program.
    case foreign(path: String)
    /// The file can't be opened or made.
    case cannotOpen(path: String, text: String)
    /// A change that no store could make, such as a number that was used already.
    case invalid(InvalidChange)
    /// What was asked for is wrong in itself, or a fault of ours; SQLite's extended result code and its words.
    case failed(code: Int32, text: String)
    /// The store was closed.
    case closed

    /// Whether the same may succeed later without anybody repairing the file.
    package var mayPass: Bool {
        switch self {
        case .busy, .full, .io: true
        case .locked, .corrupt, .newer, .foreign, .cannotOpen, .invalid, .failed, .closed: false
        }
    }

    package var description: String {
        switch self {
        case .locked(let path): "\(path) is in use by another process"
        case .busy: "the store is busy"
        case .full: "the disk is full"
        case .io(let code, let text): "the store can't be read or written: \(text) (SQLite \(code))"
        case .corrupt(let path, let detail, let copy):
            "\(path) is damaged: \(detail)" + (copy.map { "; a copy is kept at \($0)" } ?? "")
        case .newer(let path, let version, let known):
            "\(path) has version \(version), this program knows versions up to \(known)"
        case .foreign(let path): "\(path) is the file of another program"
        case .cannotOpen(let path, let text): "\(path) can't be opened: \(text)"
        case .invalid(let change): "\(change)"
        case .failed(let code, let text): "the store failed: \(text) (SQLite \(code))"
        case .closed: "the store is closed"
        }
    }
}

/// What is wrong with a change.
package enum InvalidChange: Hashable, Sendable {
    /// The log was never begun, or was dropped.
    case unknownLog
    /// The log exists already, or its identifier is out of range.
    case logTaken
    /// The number is not above all earlier ones of the log, or out of range.
    case numberTaken
    /// A text, a key or a record is longer than its limit, or a group has too many changes.
    case tooLarge
}
