package import ChatProtocol

/// The server's arguments, ends, log and output. Names and texts of members are made harmless here.
package protocol ServerSentences: Sendable {
    // MARK: Help

    /// What stands behind the program's name.
    var helpOperands: String { get }
    /// What the program does; lines of at most 80 columns.
    var helpBegin: String { get }
    /// What else there is to know.
    var helpEnd: String { get }
    /// The help of `--port`.
    var helpPort: String { get }
    /// The help of `--password-file`.
    var helpPasswordFile: String { get }
    /// The help of `--data`.
    var helpData: String { get }
    /// The help of `--durability`.
    var helpDurability: String { get }
    /// The help of `--keep`.
    var helpKeep: String { get }
    /// The help of `--name`.
    var helpName: String { get }
    /// The help of `--operator`.
    var helpOperator: String { get }
    /// The help of `--no-guests`.
    var helpNoGuests: String { get }
    /// The help of `--json`.
    var helpJSON: String { get }
    /// The help of `--console` and `--no-console`.
    var helpConsole: String { get }
    /// The help of `--timestamps`.
    var helpTimestamps: String { get }
    /// The help of `--log-level`.
    var helpLogLevel: String { get }

    /// The help of `backup`.
    var helpBackup: String { get }
    /// The help of `restore`.
    var helpRestore: String { get }
    /// The help of `export`.
    var helpExport: String { get }
    /// The help of `check`.
    var helpCheck: String { get }
    /// The help of `password`.
    var helpNewPassword: String { get }

    // MARK: Usage

    /// What is wrong with a port.
    var badPort: String { get }
    /// What is wrong with a file's name.
    var emptyFileName: String { get }
    /// What is wrong with a folder's name.
    var emptyFolderName: String { get }
    /// What is wrong with a level.
    var badLogLevel: String { get }
    /// What `--durability` takes.
    var badDurability: String { get }
    /// What `--keep` takes.
    var badRetention: String { get }
    /// What is wrong with a server's name.
    var emptyName: String { get }
    /// What is wrong with a server's name.
    var nameTooLong: String { get }
    /// What is wrong with a server's name.
    var nameUnprintable: String { get }
    /// The address is missing.
    var needsAddress: String { get }
    /// There are two addresses.
    func tooMuch(_ argument: String) -> String
    /// The console can't be called so.
    func badOperatorName(_ reason: String) -> String

    // MARK: Listening

    /// The server can't listen; `where` is an address or a port, `reason` one of those below.
    func cannotListen(_ place: String, _ reason: String) -> String
    /// Stands for an address where there is a port only.
    func port(_ port: UInt16) -> String
    /// Why the server can't listen.
    var noAddress: String { get }
    /// Why the server can't listen; another port is free, or none near.
    func portInUse(_ port: UInt16, free: UInt16?) -> String
    /// Why the server can't listen.
    func foreignAddress(_ address: String) -> String
    /// Why the server can't listen.
    func portNeedsRights(_ port: UInt16) -> String
    /// Why the server can't listen.
    var familyUnsupported: String { get }

    // MARK: Ends and failures

    /// Core dumps would show secrets.
    func coreDumps(_ reason: String) -> String
    /// Signals can't be received.
    func noSignals(_ reason: String) -> String
    /// The library of cryptography does not start.
    var noCrypto: String { get }
    /// The loop is broken.
    func cannotGoOn(_ reason: String) -> String
    /// Nothing tells where files may lie.
    var noDataFolder: String { get }
    /// The data folder can't be made.
    func dataFolderUnusable(_ reason: String) -> String
    /// The server's key can't be read or written.
    func keyUnusable(_ reason: String) -> String
    /// The server's key makes no sense.
    func keyDamaged(_ path: String) -> String
    /// The keys of tickets can't be read.
    func ticketKeysUnusable(_ reason: String) -> String

    // MARK: The log

    /// The keys of tickets make no sense.
    var ticketKeysDamaged: String { get }
    /// The keys of tickets can't be written.
    func ticketKeysNotKept(_ reason: String) -> String
    /// How large the socket's buffers are.
    func socketBuffers(receive: Int, send: Int) -> String
    /// The kernel gave the socket smaller buffers than were asked for, and how it is told to allow more.
    func socketBuffersSmall(receive: Int, send: Int, wanted: Int) -> String
    /// The store does not take what it is given.
    func storeStalled(_ reason: String) -> String
    /// The store takes it again.
    var storeGoesOn: String { get }
    /// The store is broken.
    func storeFailed(_ reason: String) -> String
    /// Nothing can be stored at the start.
    func historyNotWritten(_ reason: String) -> String
    /// The store could not be closed in order.
    func notAllStored(_ reason: String) -> String
    /// A reader of standard output is too slow.
    func eventsLeftOut(_ count: Int) -> String
    /// Standard output can't be watched.
    func outputUnwatched(_ reason: String) -> String
    /// The password was read again.
    var passwordReadAgain: String { get }
    /// The password could not be read again.
    func passwordStays(_ reason: String) -> String

    // MARK: The store's faults

    /// Why the store did not do what it was told.
    func storeLocked(_ path: String) -> String
    /// Why the store did not do what it was told.
    var storeBusy: String { get }
    /// Why the store did not do what it was told.
    var diskFull: String { get }
    /// Why the store did not do what it was told.
    func storeUnreadable(_ reason: String) -> String
    /// Why the store did not do what it was told.
    func storeDamaged(_ path: String, _ detail: String, copy: String?) -> String
    /// Why the store did not do what it was told.
    func storeNewer(_ path: String, version: Int, known: Int) -> String
    /// Why the store did not do what it was told.
    func storeForeign(_ path: String) -> String
    /// Why the store did not do what it was told.
    func storeNotOpened(_ path: String, _ reason: String) -> String
    /// Why the store did not do what it was told.
    var storeClosed: String { get }

    // MARK: The room as it happens

    /// Where clients reach the server.
    func reachable(_ server: String, at addresses: [String], port: UInt16) -> String
    /// The server's key.
    func key(_ fingerprint: String) -> String
    /// What to pass on to people.
    func invite(_ invite: String) -> String
    /// The last line of the start.
    func listening(_ address: String) -> String
    /// The server stops.
    var stops: String { get }
    /// A private line; what it says is not for the console.
    func personal(_ from: String, _ to: String) -> String
    /// Somebody came.
    func joined(_ name: String, from address: String) -> String
    /// Somebody went.
    func left(_ name: String, _ reason: LeaveReason) -> String
    /// Somebody has another name.
    func renamed(_ old: String, _ new: String) -> String
    /// An operator did something; `act` is made of the stable words.
    func ordered(_ by: String, _ act: String) -> String
    /// The act of setting the topic, or of taking it away (empty).
    func topicAct(_ text: String) -> String
    /// Somebody was not let in; the name may be empty.
    func refused(_ name: String, from address: String, _ code: ErrorCode) -> String
}
