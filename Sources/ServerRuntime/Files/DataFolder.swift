import ChatProtocol
import History
import ProgramFrame
import Sentences
import SocketIO

/// Where files of the server lie.
enum DataFolder {
    /// The store's file in the folder; SQLite and the lock have files beside it whose names begin with it.
    static let storeName = "history.sqlite"

    /// The folder of the server's key.
    ///
    /// - Throws: `ProgramFailure` with the status `file` when nothing tells where it is.
    static func path(for place: DataPlace, in environment: Environment) throws(ProgramFailure) -> String {
        let path: String? =
            switch place {
            case .folder(let path): path
            case .standard: environment.dataFolder
            case .memory: environment.stateFolder
            }
        guard let path else {
            throw ProgramFailure(.file) { $0.server.noDataFolder }
        }
        return path
    }

    /// How much of each kind of log is kept.
    static func retention(for options: ServerOptions) -> [LogKind: HistoryConfiguration.Retention] {
        guard !options.retention.isUnlimited else { return [:] }
        return Dictionary(uniqueKeysWithValues: LogKind.allCases.map { ($0, options.retention) })
    }

    /// Where the history lies. The folder is made if need be.
    ///
    /// - Parameter folder: as `path` gave it.
    /// - Throws: `ProgramFailure` with the status `file`.
    static func store(
        for options: ServerOptions, in folder: String
    ) throws(ProgramFailure) -> HistoryConfiguration {
        func configuration(_ location: HistoryConfiguration.Location) -> HistoryConfiguration {
            HistoryConfiguration(
                location: location, durability: options.durability,
                retention: retention(for: options))
        }
        guard options.data != .memory else { return configuration(.memory) }
        do throws(FileError) {
            try SmallFile.makeDirectory(folder)
        } catch {
            throw ProgramFailure(.file) { $0.server.dataFolderUnusable(error.text(in: $0)) }
        }
        return configuration(.file(path: "\(folder)/\(storeName)"))
    }
}
