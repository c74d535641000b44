import ChatProtocol

/// The server's arguments, ends, log and output. Names and texts of members are made harmless here.
struct EnglishServer: ServerSentences {
    // MARK: Help

    var helpOperands: String { "<ip> [-p PORT] [options]" }
    var helpBegin: String {
        "Opens a chat room at a UDP port of <ip>; 0.0.0.0 or :: for all interfaces."
    }
    var helpEnd: String {
        "Without --password-file: GAS_PASSWORD, else GAS1. All the rest: udp-server(8)."
    }
    var helpPort: String { "UDP port, default 8080; 0 lets the system choose" }
    var helpPasswordFile: String { "its first line is the room password" }
    var helpData: String { "where history and key live; :memory: forgets" }
    var helpDurability: String { "receipts outlive the process (default) or power" }
    var helpKeep: String { "keep of each log 90d,5000,200M; default all" }
    var helpName: String { "the server's name, default the host's" }
    var helpOperator: String { "the name of the console, default SERVER" }
    var helpNoGuests: String { "only people with a registered name come in" }
    var helpJSON: String { "print one JSON object a line" }
    var helpConsole: String { "read the operator's lines from a pipe, or never" }
    var helpTimestamps: String { "times of messages: long, short (default) or off" }
    var helpLogLevel: String { "error, warning, info (default) or debug" }

    var helpBackup: String { "copy history and keys into a file, also of a running room" }
    var helpRestore: String { "put a backup into the data folder, and keep what was there" }
    var helpExport: String { "write what was said, as one JSON object a line" }
    var helpCheck: String { "look whether the data folder is whole" }
    var helpNewPassword: String { "make a strong room password and put it where the server reads it" }

    // MARK: Usage

    var badPort: String { "a port is a number from 0 to 65535" }
    var emptyFileName: String { "the file's name is empty" }
    var emptyFolderName: String { "the folder's name is empty" }
    var badLogLevel: String { "a level is error, warning, info or debug" }
    var badDurability: String { "it is process or power" }
    var badRetention: String { "limits are days (90d), entries (5000) and MiB (200M), with commas between them" }
    var emptyName: String { "the name is empty" }
    var nameTooLong: String { "a server's name has at most \(ChatLimits.serverNameBytes) bytes" }
    var nameUnprintable: String { "a server's name has printable characters only, and no backslash" }
    var needsAddress: String { "the address to listen at is missing, for example 127.0.0.1" }
    func tooMuch(_ argument: String) -> String {
        "there is one address to listen at, and \"\(logged(argument))\" is too much"
    }
    func badOperatorName(_ reason: String) -> String { "the operator's name can't be used: \(reason)" }

    // MARK: Listening

    func cannotListen(_ place: String, _ reason: String) -> String { "cannot listen at \(logged(place)): \(reason)" }
    func port(_ port: UInt16) -> String { "port \(port)" }
    var noAddress: String { "it has no address" }
    func portInUse(_ port: UInt16, free: UInt16?) -> String {
        let hint = free.map { "port \($0) is free (-p \($0))" } ?? "try another with -p"
        return "another program uses port \(port); \(hint)"
    }
    func foreignAddress(_ address: String) -> String { "\(address) is no address of this machine" }
    func portNeedsRights(_ port: UInt16) -> String {
        "port \(port) needs more rights; try one above 1023 with -p"
    }
    var familyUnsupported: String { "this machine does not speak that kind of address" }

    // MARK: Ends and failures

    func coreDumps(_ reason: String) -> String { "core dumps can't be forbidden: \(reason)" }
    func noSignals(_ reason: String) -> String { "signals can't be received: \(reason)" }
    var noCrypto: String { "libsodium can't be used here" }
    func cannotGoOn(_ reason: String) -> String { "the server can't go on: \(reason)" }
    var noDataFolder: String { "neither HOME nor XDG folders are set: name a folder with --data DIR" }
    func dataFolderUnusable(_ reason: String) -> String { "the data folder can't be used: \(logged(reason))" }
    func keyUnusable(_ reason: String) -> String { "the server's key can't be used: \(logged(reason))" }
    func keyDamaged(_ path: String) -> String {
        "the server's key in \(logged(path)) is damaged: put a copy back, or move it away and let clients pin a new one"
    }
    func ticketKeysUnusable(_ reason: String) -> String { "the keys of tickets can't be used: \(logged(reason))" }

    // MARK: The log

    var ticketKeysDamaged: String {
        "the keys of tickets are damaged and were made anew: everybody needs the password once more"
    }
    func ticketKeysNotKept(_ reason: String) -> String {
        "the keys of tickets can't be kept, so a restart will ask for the password: \(logged(reason))"
    }
    func socketBuffers(receive: Int, send: Int) -> String {
        "the socket has \(receive) bytes to receive, \(send) to send"
    }
    func socketBuffersSmall(receive: Int, send: Int, wanted: Int) -> String {
        "the kernel gives the socket \(receive >> 10) KiB to receive and \(send >> 10) to send, not the "
            + "\(wanted >> 10) asked for, so bursts of hundreds of people may get lost; to allow them: "
            + English.raise(buffersTo: wanted)
    }
    func storeStalled(_ reason: String) -> String { "nothing can be stored at present: \(reason); it is tried again" }
    var storeGoesOn: String { "the store goes on" }
    func storeFailed(_ reason: String) -> String { "the store failed: \(reason)" }
    func historyNotWritten(_ reason: String) -> String { "the history can't be written: \(reason)" }
    func notAllStored(_ reason: String) -> String { "not everything could be stored: \(reason)" }
    func eventsLeftOut(_ count: Int) -> String {
        "standard output was read too slowly: \(English.count(Int64(count), "event was", "events were")) left out"
    }
    func outputUnwatched(_ reason: String) -> String { "standard output can't be waited for: \(reason)" }
    var passwordReadAgain: String { "the password file was read again" }
    func passwordStays(_ reason: String) -> String { "the password stays as it was: \(reason)" }

    // MARK: The store's faults

    func storeLocked(_ path: String) -> String { "\(logged(path)) is in use by another process" }
    var storeBusy: String { "the store is busy" }
    var diskFull: String { "the disk is full" }
    func storeUnreadable(_ reason: String) -> String { "the store can't be read or written: \(reason)" }
    func storeDamaged(_ path: String, _ detail: String, copy: String?) -> String {
        "\(logged(path)) is damaged: \(detail)" + (copy.map { "; a copy is kept at \(logged($0))" } ?? "")
    }
    func storeNewer(_ path: String, version: Int, known: Int) -> String {
        "\(logged(path)) has version \(version), this program knows versions up to \(known)"
    }
    func storeForeign(_ path: String) -> String { "\(logged(path)) is the file of another program" }
    func storeNotOpened(_ path: String, _ reason: String) -> String { "\(logged(path)) can't be opened: \(reason)" }
    var storeClosed: String { "the store is closed" }

    // MARK: The room as it happens

    func reachable(_ server: String, at addresses: [String], port: UInt16) -> String {
        "Clients reach \(server) at \(addresses.joined(separator: ", ")), port \(port)"
    }
    func key(_ fingerprint: String) -> String { "Key of this server: \(fingerprint)" }
    func invite(_ invite: String) -> String { "Invite: \(invite)" }
    func listening(_ address: String) -> String { "Server is listening at \(address)" }
    var stops: String { "The server stops." }
    func personal(_ from: String, _ to: String) -> String { "\(shown(from)) wrote to \(shown(to))" }
    func joined(_ name: String, from address: String) -> String { "\(shown(name)) joined from \(address)" }
    func left(_ name: String, _ reason: LeaveReason) -> String { "\(shown(name)) left (\(reason.rawValue))" }
    func renamed(_ old: String, _ new: String) -> String { "\(shown(old)) is now \(shown(new))" }
    func ordered(_ by: String, _ act: String) -> String { "\(shown(by)) ordered: \(shown(act))" }
    func topicAct(_ text: String) -> String { text.isEmpty ? "topic off" : "topic (\(text))" }
    func refused(_ name: String, from address: String, _ code: ErrorCode) -> String {
        "refused \(name.isEmpty ? "somebody" : shown(name)) from \(address): \(code.rawValue)"
    }
}
