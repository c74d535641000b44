package import Basics

/// Every bound and constant of the store on disk.
package enum HistoryLimits {
    // MARK: What waits

    /// The most changes that wait to be stored; 100 members at full speed fill it in a second.
    package static let waitingChanges = 65_536

    /// The most bytes that wait to be stored.
    package static let waitingBytes = 32 * 1_024 * 1_024

    /// The most changes of one transaction: what waits is stored together, but nobody waits for more than this.
    package static let changesOfTransaction = 4_096

    /// The most readings that may be under way.
    package static let readings = 1_024

    // MARK: Numbers

    /// How many numbers of a log are reserved for the first time in a run. Each further reservation doubles, so that a
    /// private log skips few numbers after an unclean end and a busy room rarely waits for the disk.
    package static let firstReservation: UInt64 = 256

    /// The most numbers that are reserved at a time.
    package static let largestReservation: UInt64 = 32_768

    /// How many numbers of each log are skipped when the file is a copy (16 million of 549 billion): more than are given
    /// between two copies that anybody would mix up.
    package static let numbersSkippedByCopy: UInt64 = 1 << 24

    /// How many numbers each counter skips then, of 4 billion.
    package static let countsSkippedByCopy: UInt64 = 1 << 16

    // MARK: The write-ahead log

    /// From how many pages on the write-ahead log is copied into the database (4 MiB).
    package static let checkpointPages = 1_024

    /// From how many pages on (32 MiB) the writer does it itself, because the other thread never comes to the end.
    package static let ownCheckpointPages = 8_192

    /// The page cache of a connection, in KiB.
    package static let cacheKiB = 16 * 1_024

    // MARK: Upkeep

    /// How many unindexed entries wait at most before they are indexed between two transactions. Fewer, larger pieces
    /// cost less: 13 us of CPU an entry at 512, 8 us at 4,096.
    package static let unindexedEntries = 4_096

    /// How many entries are indexed at a time while nobody is in a hurry.
    package static let indexSlice = 256

    /// After how long without a change the rest is indexed.
    package static let idleBeforeIndexing: Duration = .milliseconds(500)

    /// How many entries retention removes at a time.
    package static let trimSlice = 256

    /// How many freed pages are given back to the system after each such piece.
    package static let vacuumPages = 256

    // MARK: Reading

    /// The most bytes of entries that one reading gives.
    package static let pageBytes = 1_024 * 1_024

    /// The most lines that a search gives.
    package static let searchResults = 100

    /// How many words of a search count; the rest is left out.
    package static let searchWords = 16

    /// How many scalars of a searched word count.
    package static let searchWordScalars = 64

    // MARK: Trouble

    /// How long is waited before a transaction that failed is tried again; doubled up to `longestPause`.
    package static let firstPause: Duration = .milliseconds(100)

    /// The longest time between two tries.
    package static let longestPause: Duration = .seconds(5)

    /// How long the start waits for another connection's lock, in milliseconds.
    package static let lockPatienceMilliseconds: Int32 = 2_000

    /// The largest database that is checked as a whole after an unclean end, in bytes; it takes about a second.
    package static let checkedBytes: Int64 = 512 * 1_024 * 1_024
}
