/// What `doctor` finds. A fault is one line: what is wrong, then the cure.
package protocol DoctorSentences: Sendable {
    // MARK: Words at the beginning of a line

    /// Nothing is wrong.
    var well: String { get }
    /// It was not looked at, or can't be told.
    var unknown: String { get }
    /// Something is wrong.
    var fault: String { get }
    /// What was looked at.
    var address: String { get }
    var port: String { get }
    var loopback: String { get }
    var server: String { get }
    var firewall: String { get }
    var size: String { get }
    var buffers: String { get }
    var clock: String { get }
    var data: String { get }
    var password: String { get }
    /// The last line.
    func summary(faults: Int) -> String

    // MARK: Address and port

    /// The address is as it should be.
    func addressFine(_ address: String) -> String
    /// Where clients find the server, and how to look from there.
    func addressesFine(_ addresses: [String], host: String, port: UInt16) -> String
    /// The address has no meaning; `reason` says why.
    func addressUnknown(_ reason: String) -> String
    /// The address belongs to another machine.
    func addressForeign(_ address: String, own: [String]) -> String
    /// This machine does not speak that kind of address.
    func addressFamily(_ address: String) -> String
    /// No way leads there.
    func addressUnroutable(_ address: String) -> String
    /// The port can be used.
    func portFine(_ port: UInt16) -> String
    /// The server with the keys of this data folder runs there.
    func portServes(_ port: UInt16) -> String
    /// Something else has the port.
    func portTaken(_ port: UInt16, free: UInt16?) -> String
    /// Another chat server has the port.
    func portTakenByServer(_ port: UInt16, key: String) -> String
    /// The port is not for everybody.
    func portNeedsRights(_ port: UInt16) -> String
    /// The port can't be had for another reason.
    func portFailed(_ port: UInt16, _ reason: String) -> String

    // MARK: Ways

    /// This machine can speak to itself.
    var loopbackFine: String { get }
    /// This machine can't speak to itself.
    func loopbackBroken(_ reason: String) -> String
    /// This machine does not hear itself at one of its addresses.
    func loopbackFiltered(_ address: String, port: UInt16) -> String
    /// The server answers; tenths of milliseconds.
    func serverFine(_ address: String, tenths: Int64) -> String
    /// The server answers short datagrams only.
    func serverAnswersShort(_ address: String) -> String
    /// Nothing comes back.
    func serverSilent(_ address: String, port: UInt16) -> String
    /// The machine says that nobody listens there.
    func serverRefuses(_ address: String, port: UInt16) -> String
    /// The network says that the machine can't be reached.
    func serverUnreachable(_ address: String) -> String
    /// The server's key is not the one that is known.
    func serverKeyChanged(_ path: String) -> String
    /// What comes before it has a fault, so this was not looked at.
    var notLookedAt: String { get }

    // MARK: Firewalls

    /// From this port the server is reached and heard.
    func firewallFine(_ port: UInt16) -> String
    /// This machine's firewall lets nothing out.
    func firewallBlocksSending(_ port: UInt16) -> String
    /// Answers come and are dropped here.
    func firewallDropsAnswers(_ port: UInt16) -> String
    /// From another port the server is reached.
    func firewallClosesPort(_ port: UInt16, open: UInt16) -> String
    /// The rules of this machine let the server be reached.
    func firewallOpen(_ port: UInt16) -> String
    /// The rules of this machine drop what comes to the server.
    func firewallClosed(_ port: UInt16, chain: String) -> String
    /// The rules of this machine drop what the server answers.
    func firewallHalfOpen(_ port: UInt16, chain: String) -> String
    /// The rules can't be read.
    func firewallUnread(_ reason: String) -> String
    /// The rules can't be judged.
    func firewallUnclear(_ port: UInt16) -> String

    // MARK: Sizes, the clock, files

    /// Datagrams of so many bytes pass.
    func sizeFine(_ bytes: Int) -> String
    /// An interface carries packets of `mtu` bytes; `needed` are needed.
    func sizeInterface(_ name: String, mtu: Int, needed: Int) -> String
    /// The way carries short datagrams only.
    func sizePath(needed: Int) -> String
    /// Buffers are large enough; kibibytes.
    func buffersFine(_ kibibytes: Int) -> String
    /// Buffers do, but could be larger; kibibytes.
    func buffersModest(_ kibibytes: Int, wanted: Int) -> String
    /// Buffers are too small; kibibytes.
    func buffersSmall(_ kibibytes: Int, wanted: Int) -> String
    /// The clock agrees with what it is compared with.
    var clockFine: String { get }
    /// Nothing contradicts the clock, but nothing keeps it right either.
    var clockUnkept: String { get }
    /// Nobody told the time to compare with.
    var clockUnknown: String { get }
    /// The clock differs from the server's by so many seconds.
    func clockOff(seconds: Int64, isAhead: Bool) -> String
    /// The clock is so many seconds behind a file that it wrote.
    func clockBehind(_ path: String, seconds: Int64) -> String
    /// The data folder can be used; mebibytes.
    func dataFine(_ path: String, free mebibytes: Int64) -> String
    /// Nothing is kept.
    var dataInMemory: String { get }
    /// The data folder can't be written.
    func dataUnwritable(_ path: String, _ reason: String) -> String
    /// Another server uses the data folder.
    func dataInUse(_ path: String) -> String
    /// The disk is full; mebibytes.
    func dataFull(_ path: String, free mebibytes: Int64) -> String
    /// A file in the data folder is not as it must be.
    func dataFile(_ reason: String) -> String

    // MARK: The password

    /// The server takes it.
    var passwordFine: String { get }
    /// It can be read; nobody was asked whether it is right.
    var passwordReadable: String { get }
    /// It is what everybody knows.
    var passwordBuiltIn: String { get }
    /// The server does not take it.
    var passwordWrong: String { get }
    /// The server hears none from here for so many seconds.
    func passwordMuted(seconds: Int64) -> String
    /// None was given.
    var passwordNotGiven: String { get }
    /// It can't be read; `reason` says why and what helps.
    func passwordUnusable(_ reason: String) -> String
}
