import ChatDomain
import Crypto
import History
import ProgramFrame
import Sentences
import SocketIO
import Transport

/// The data folder that `backup`, `restore`, `export` and `check` work on, whether or not a server uses it.
struct UpkeepFolder {
    /// The folder, without a slash at its end.
    let path: String

    /// The store's file.
    var store: String { "\(path)/\(DataFolder.storeName)" }

    /// Files beside the store that a room can't do without, or that go with it.
    static let companions = [ServerKeyFile.name, TicketKeyFile.name]

    /// - Throws: `ProgramFailure` when nothing tells where the folder is, or nothing is kept in one.
    init(_ call: ServerCall) throws(ProgramFailure) {
        guard call.settings.data != .memory else { throw ProgramFailure(.usage) { $0.upkeep.needsFolder } }
        self.init(path: try DataFolder.path(for: call.settings.data, in: call.environment))
    }

    init(path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// - Throws: `ProgramFailure` when there is no store here.
    func expectStore() throws(ProgramFailure) {
        let path = path
        guard SmallFile.exists(store) else { throw ProgramFailure(.file) { $0.upkeep.noStore(path) } }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Puts a failure of the store into words.
func upkeep<Value: ~Copyable>(
    _ say: @escaping @Sendable (any UpkeepSentences, String) -> String,
    _ work: () throws(StoreError) -> Value
) throws(ProgramFailure) -> Value {
    do throws(StoreError) {
        return try work()
    } catch {
        throw ProgramFailure(.file) { say($0.upkeep, error.text(in: $0)) }
    }
}
