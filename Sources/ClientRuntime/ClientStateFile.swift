package import Basics
package import ChatClient
package import ClientCore
package import ProgramFrame
import Sentences
package import SocketIO

/// The file in which a client keeps its cursors, its outbox and whom it ignores.
///
/// It is replaced as a whole: before anything new is sent for the first time, so that a later run says the same under
/// the same number, and otherwise at most every `pause`, after what was shown has left this process. So a client that
/// is killed may show again what it showed in the last moment, marked as history; what it said is said once.
package struct ClientStateFile: ~Copyable, Sendable {
    /// At most so often what can wait is written.
    package static let pause: Duration = .milliseconds(200)

    private let path: String?
    private var lastWrite: Instant?
    private var hasFailed = false

    /// - Parameter path: nil where nothing is to be kept.
    package init(path: String?) {
        self.path = path
    }

    /// What an earlier run left; nil where there is nothing that can be used.
    ///
    /// - Returns: in `damagedCopy`, where a file went that could not be read.
    /// - Throws: `ProgramFailure` with the status `file`.
    package static func read(
        _ path: String?
    ) throws(ProgramFailure) -> (stored: StoredClient?, damagedCopy: String?) {
        guard let path else { return (nil, nil) }
        do throws(FileError) {
            let bytes = try SmallFile.read(path, limit: StoredClient.bytesAtMost, audience: .ownerOnly)
            if let stored = try? StoredClient(decoding: bytes.span) { return (stored, nil) }
            let copy = path + ".damaged"
            try SmallFile.write(bytes, to: copy)
            return (nil, copy)
        } catch {
            if case .system(let error) = error, error.isNotFound { return (nil, nil) }
            throw ProgramFailure(.file) { error.text(in: $0) }
        }
    }

    /// When the state has to be written; nil when everything is kept.
    package func deadline(for core: borrowing ClientCore) -> Instant? {
        guard path != nil, !hasFailed, core.unsaved != .nothing else { return nil }
        return (lastWrite ?? .origin) + Self.pause
    }

    /// Writes what must be written by now.
    ///
    /// - Parameter isLast: whatever is not kept is written.
    /// - Returns: why it could not be kept; told once, and nothing is written any more then.
    package mutating func update(
        from core: inout ClientCore, isLast: Bool = false, at now: Instant
    ) -> FileError? {
        guard let path, !hasFailed else { return nil }
        let isDue = deadline(for: core).map { $0 <= now } ?? false
        guard core.unsaved == .beforeSending || isDue || isLast && core.unsaved != .nothing else { return nil }
        lastWrite = now
        do throws(FileError) {
            try SmallFile.write(core.takeStored().encoded(), to: path, survivesPowerCut: isLast)
            return nil
        } catch {
            hasFailed = true
            return error
        }
    }
}
