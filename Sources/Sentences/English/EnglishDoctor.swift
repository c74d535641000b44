/// What `doctor` finds.
struct EnglishDoctor: DoctorSentences {
    // MARK: Words at the beginning of a line

    var well: String { "ok" }
    var unknown: String { "?" }
    var fault: String { "FAULT" }
    var address: String { "address" }
    var port: String { "port" }
    var loopback: String { "loopback" }
    var server: String { "server" }
    var firewall: String { "firewall" }
    var size: String { "packet size" }
    var buffers: String { "socket buffers" }
    var clock: String { "clock" }
    var data: String { "data folder" }
    var password: String { "password" }
    func summary(faults: Int) -> String {
        faults == 0
            ? "All is well." : "\(English.count(Int64(faults), "fault", "faults")) found; the cures stand above."
    }

    // MARK: Address and port

    func addressFine(_ address: String) -> String { logged(address) }
    func addressesFine(_ addresses: [String], host: String, port: UInt16) -> String {
        "clients reach \(list(addresses)); look from there with: udp-client doctor \(host) \(port) auto"
    }
    func addressUnknown(_ reason: String) -> String { "\(reason); check the name, or give the address in numbers" }
    func addressForeign(_ address: String, own: [String]) -> String {
        "\(logged(address)) is no address of this machine; take 0.0.0.0 for all, or one of \(list(own))"
    }
    func addressFamily(_ address: String) -> String {
        "this machine does not speak the kind of address that \(logged(address)) is; take the other kind (IPv4 or IPv6)"
    }
    func addressUnroutable(_ address: String) -> String {
        "no way leads from here to \(logged(address)); check the address, and this machine's network (ip route)"
    }
    func portFine(_ port: UInt16) -> String { "UDP port \(port) is free" }
    func portServes(_ port: UInt16) -> String { "the server of this data folder runs at UDP port \(port)" }
    func portTaken(_ port: UInt16, free: UInt16?) -> String {
        let other = free.map { "take \($0), which is free" } ?? "take another port"
        return "another program has UDP port \(port); stop it (ss -ulpn names it), or \(other)"
    }
    func portTakenByServer(_ port: UInt16, key: String) -> String {
        "another chat server (key \(key)) has UDP port \(port); stop it, or name its data folder with --data"
    }
    func portNeedsRights(_ port: UInt16) -> String { "UDP port \(port) needs more rights; take one above 1023" }
    func portFailed(_ port: UInt16, _ reason: String) -> String {
        "UDP port \(port) can't be had: \(reason); take another port"
    }

    // MARK: Ways

    var loopbackFine: String { "this machine hears itself" }
    func loopbackBroken(_ reason: String) -> String {
        "this machine can't speak to itself (\(reason)); bring the interface up: ip link set lo up"
    }
    func loopbackFiltered(_ address: String, port: UInt16) -> String {
        "this machine does not hear itself at \(logged(address)); let UDP port \(port) in at its firewall"
    }
    func serverFine(_ address: String, tenths: Int64) -> String {
        "\(logged(address)) answers within \(English.tenths(tenths)) ms"
    }
    func serverAnswersShort(_ address: String) -> String { "\(logged(address)) answers short datagrams" }
    func serverSilent(_ address: String, port: UInt16) -> String {
        "nothing comes back from \(logged(address)); check address and port, start the server, and let UDP port"
            + " \(port) in at its firewall and at routers between"
    }
    func serverRefuses(_ address: String, port: UInt16) -> String {
        "\(logged(address)) says that nobody listens at UDP port \(port); start the server there, or give its port"
    }
    func serverUnreachable(_ address: String) -> String {
        "the network says that \(logged(address)) can't be reached; check the address, or let UDP through at the"
            + " router that says so"
    }
    func serverKeyChanged(_ path: String) -> String {
        "the server has another key than before: ask who runs it whether that is so; if it is, remove \(logged(path))"
    }
    var notLookedAt: String { "not looked at, because of the fault above" }

    // MARK: Firewalls

    func firewallFine(_ port: UInt16) -> String { "UDP port \(port) is open both ways" }
    func firewallBlocksSending(_ port: UInt16) -> String {
        "this machine's firewall lets nothing out to UDP port \(port); allow it there (output chain)"
    }
    func firewallDropsAnswers(_ port: UInt16) -> String {
        "half open: answers reach this machine and its firewall drops them; let UDP port \(port) in (5000-5010 for"
            + " clients)"
    }
    func firewallClosesPort(_ port: UInt16, open: UInt16) -> String {
        "a firewall is closed for UDP port \(port), while \(open) gets answers; open \(port) there, or take \(open)"
    }
    func firewallOpen(_ port: UInt16) -> String { "this machine's rules let UDP port \(port) in and its answers out" }
    func firewallClosed(_ port: UInt16, chain: String) -> String {
        "this machine's rules (\(logged(chain))) drop what comes to UDP port \(port); open it: udp dport \(port) accept"
    }
    func firewallHalfOpen(_ port: UInt16, chain: String) -> String {
        "half open: the rules (\(logged(chain))) drop the answers from UDP port \(port); open it: udp sport \(port) accept"
    }
    func firewallUnread(_ reason: String) -> String {
        "this machine's rules can't be read (\(reason)); run this as root to have them looked at"
    }
    func firewallUnclear(_ port: UInt16) -> String {
        "whether the rules let UDP port \(port) in depends on more than the port; look from a client with udp-client doctor"
    }

    // MARK: Sizes, the clock, files

    func sizeFine(_ bytes: Int) -> String { "datagrams of \(bytes) bytes pass" }
    func sizeInterface(_ name: String, mtu: Int, needed: Int) -> String {
        "the interface \(logged(name)) carries \(mtu) bytes, \(needed) are needed; ip link set \(logged(name)) mtu 1500"
    }
    func sizePath(needed: Int) -> String {
        "a link on the way carries too little; set the MTU of VPN, tunnel or interface to \(needed) or more"
    }
    func buffersFine(_ kibibytes: Int) -> String { "\(kibibytes) KiB" }
    func buffersModest(_ kibibytes: Int, wanted: Int) -> String {
        "\(kibibytes) KiB, enough for a class; for hundreds of people: \(English.raise(buffersTo: wanted))"
    }
    func buffersSmall(_ kibibytes: Int, wanted: Int) -> String {
        "only \(kibibytes) KiB, so bursts get lost; run: \(English.raise(buffersTo: wanted))"
    }
    var clockFine: String { "as it should be" }
    var clockUnkept: String { "nothing contradicts it; that something keeps it right is not known (timedatectl tells)" }
    var clockUnknown: String { "not compared: the server tells its time only to who has the password" }
    func clockOff(seconds: Int64, isAhead: Bool) -> String {
        let side = isAhead ? "ahead of" : "behind"
        let difference = "\(English.span(seconds)) \(side) the server's"
        return "this machine's clock is \(difference); set whichever is wrong: timedatectl set-ntp true"
    }
    func clockBehind(_ path: String, seconds: Int64) -> String {
        "the clock is \(English.span(seconds)) behind \(logged(path)), which was written by it;"
            + " set the clock: timedatectl set-ntp true"
    }
    func dataFine(_ path: String, free mebibytes: Int64) -> String { "\(logged(path)), \(mebibytes) MiB free" }
    var dataInMemory: String { "nothing is kept" }
    func dataUnwritable(_ path: String, _ reason: String) -> String {
        "\(logged(path)) can't be written (\(reason)); give it to the user who runs this, or name another with --data"
    }
    func dataInUse(_ path: String) -> String {
        "another server uses \(logged(path)); stop it, or name another folder with --data"
    }
    func dataFull(_ path: String, free mebibytes: Int64) -> String {
        "\(logged(path)) has \(mebibytes) MiB free; make room, or let the server forget with --keep"
    }
    func dataFile(_ reason: String) -> String { "\(reason); put it right, or take it from a backup" }

    // MARK: The password

    var passwordFine: String { "the server takes it" }
    var passwordReadable: String { "it can be read" }
    var passwordBuiltIn: String { "none is set, so it is the one that everybody knows; udp-server password makes one" }
    var passwordWrong: String { "the server does not take it; ask who runs the server for the right one" }
    func passwordMuted(seconds: Int64) -> String {
        "too many wrong ones came from here; wait \(English.span(seconds)), then try the right one"
    }
    var passwordNotGiven: String { "none given; --password-file or GAS_PASSWORD has it looked at" }
    func passwordUnusable(_ reason: String) -> String { reason }
}
