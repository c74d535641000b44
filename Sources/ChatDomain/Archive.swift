package import ChatProtocol

/// What was said, read from the store without a chat: as it reads now, edited and without what was taken back.
package struct Archive: Sendable {
    /// The collection of records that groups are in.
    package static let groupCollection = Collection.groups

    /// An entry as it reads now.
    package struct Reading: Hashable, Sendable {
        package let number: EntryNumber
        package let entry: LogEntry
        /// Whether its line was edited since.
        package let isEdited: Bool
    }

    private var groups: [LogID: String] = [:]

    /// - Parameter records: those of `groupCollection`; what is no record of a group counts for nothing.
    package init(groups records: [StoredRecord]) {
        for record in records {
            if let group = try? Group(record) { groups[group.log] = group.name.display }
        }
    }

    /// The name of the group whose log this is; nil when there is no such group.
    package func group(of log: LogID) -> String? { groups[log] }

    /// An entry as it reads now; nil when its line was taken back, or it is none.
    package func reading(of item: LogItem) -> Reading? {
        guard let bytes = item.bytesNow, let entry = try? LogEntry(decoding: bytes.span) else { return nil }
        return Reading(number: item.number, entry: entry, isEdited: bytes != item.bytes)
    }
}
