/// One thing that the store is to do. The domain emits them in order; those of one input are stored together or not at
/// all, and what the store holds is always what a prefix of them made.
package enum StoreChange: Hashable, Sendable {
    /// A log begins; its identifier and its key were never used before.
    case begin(StoredLog)
    /// The log and all of its entries go; no entry of it can be read from then on.
    case drop(LogID)
    /// An entry is added to its log.
    case append(StoredEntry)
    /// An entry that stands already gets another text: its line was edited or taken back. The bytes are the same as
    /// before, since they may be under way to somebody. Nothing happens when the entry is gone by then.
    case replace(StoredEntry)
    /// A session is kept, or kept with other bytes. Its mark never goes back.
    case putSession(StoredSession)
    /// A line of the session's outbox was stored: it belongs into the same group as the line's entry.
    case mark(MemberID, OutboxNumber)
    /// A session is forgotten.
    case deleteSession(MemberID)
    /// A record is kept, in place of one with the same key.
    case put(StoredRecord)
    /// The record under a key of a collection is forgotten.
    case delete(collection: String, key: [UInt8])
    /// A number that must never be handed out twice, such as the last member's, has come this far. It never goes back.
    case count(counter: String, through: UInt64)
}
