package import ChatProtocol

/// Names a group of changes that was handed in: grows by one with each.
package typealias StoreTicket = UInt64

/// Names a reading that was asked for.
package typealias ReadTicket = UInt64

/// What can be read.
package enum ReadRequest: Hashable, Sendable {
    /// The entries of a log after a number, until so many bytes are reached (at most `HistoryLimits.pageBytes`).
    case page(LogID, after: EntryNumber, byteLimit: Int)
    /// The newest entries before a number whose texts hold every word of `text`; the last word may go on. It finds
    /// everything that was stored before it was asked.
    case search(LogID, text: String, before: EntryNumber, limit: Int)
    /// A copy of the whole store in a new file.
    case backup(path: String)
}

/// What the worker has to say, in order.
package enum StoreReport: Hashable, Sendable {
    /// Every group up to this one is stored (or was refused): its entries may be shown, its receipts given.
    case stored(through: StoreTicket)
    /// A group that no store could make was left out: a fault of whoever made it.
    case refused(StoreTicket, InvalidChange)
    /// Nothing can be stored at the moment, for instance because the disk is full. What was handed in waits and is
    /// tried again; senders are to be told.
    case stalled(StoreError)
    /// It goes on; `stored` precedes it.
    case resumed
    /// Nothing will be stored any more. What was not reported as stored is lost.
    case failed(StoreError)
    /// A page that was asked for.
    case page(ReadTicket, LogPage)
    /// What a search found, newest first.
    case found(ReadTicket, [LogItem])
    /// Retention removed everything of a log up to a number.
    case trimmed(LogID, through: EntryNumber)
    /// The backup is complete.
    case backedUp(ReadTicket)
    /// What was asked for can't be had.
    case unread(ReadTicket, StoreError)
}
