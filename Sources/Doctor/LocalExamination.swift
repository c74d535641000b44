package import Basics
package import Diagnosis
import FoundationEssentials
import Glibc
import Sentences
package import SocketIO

/// What can be seen of this machine without anybody else.
package enum LocalExamination {
    private static let patience: Duration = .milliseconds(500)

    // MARK: Ways to itself

    /// Whether this machine can speak to itself at all.
    package static func loopback(isIPv6: Bool) -> Finding {
        let host: SocketAddress.Host = isIPv6 ? .v6(high: 0, low: 1, scope: 0) : .v4(0x7f00_0001)
        do throws(SystemError) {
            let socket = try UDPSocket(binding: SocketAddress(host: host, port: 0))
            if try hears(socket, at: host) { return .well(.loopback) { $0.loopbackFine } }
            return .fault(.loopback, .system) { $0.loopbackBroken("-") }
        } catch {
            let text = error.description
            return .fault(.loopback, .system) { $0.loopbackBroken(text) }
        }
    }

    /// Whether a socket hears what is sent to one of this machine's addresses at its port.
    package static func hears(_ socket: borrowing UDPSocket, at host: SocketAddress.Host) throws(SystemError) -> Bool {
        let place = SocketAddress(host: host, port: socket.localAddress.port)
        let isIPv6 = place.isIPv6
        let probe = try ProbeSocket(
            from: SocketAddress(host: isIPv6 ? .v6(high: 0, low: 0, scope: 0) : .v4(0), port: 0), to: place)
        var random = SystemRandomNumberGenerator()
        let question = Knock.shortQuestion(using: &random)
        do throws(SystemError) {
            try probe.send(question)
        } catch {
            return false
        }
        var poller = try Poller()
        try poller.add(socket.descriptor, token: 0)
        var batch = try ReceiveBatch(capacity: 16)
        let end = MonotonicClock.now + patience
        while MonotonicClock.now < end {
            _ = try poller.wait(until: end)
            var isHeard = false
            if try socket.receive(into: &batch) > 0 {
                batch.forEach { bytes, _ in
                    if bytes.count == question.count, [UInt8](copying: bytes) == question { isHeard = true }
                }
            }
            if isHeard { return true }
        }
        return false
    }

    // MARK: Interfaces, firewall

    /// The first interface that is too narrow, among those that an address is reached by.
    ///
    /// - Parameter host: nil for all of this machine's addresses.
    package static func size(of host: SocketAddress.Host?) -> Finding {
        let addresses = (try? LocalAddresses.list()) ?? []
        for address in addresses where host == nil || address.host == host {
            guard let mtu = MachineState.mtu(of: address.interface),
                let narrow = NarrowInterface(name: address.interface, mtu: mtu)
            else { continue }
            return narrow.finding
        }
        return .well(.size) { $0.sizeFine(Knock.longestBytes) }
    }

    /// Where the firewall's tool lies, and what it is asked.
    private static let command = ["/usr/sbin/nft", "-j", "list", "ruleset"]
    /// The most bytes of rules that are read: 10,000 rules have about 3 MB.
    private static let rulesAtMost = 8 << 20
    /// Where the system names the tables of the older kind of rules, which are not looked at.
    private static let olderTables = ["/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"]

    /// What this machine's rules do with who comes to a port, and with the answers.
    ///
    /// - Parameter interface: the one that the address belongs to; nil for all.
    package static func firewall(port: UInt16, isIPv6: Bool, interface: String?) -> Finding {
        let rules: Ruleset
        do throws(SystemError) {
            let text = try CommandOutput.of(command, limit: rulesAtMost, within: .seconds(5))
            guard let document = try? JSONDecoder().decode(JSONValue.self, from: Data(text)) else {
                return .unknown(.firewall) { $0.firewallUnclear(port) }
            }
            rules = Ruleset(document)
        } catch {
            let reason = error.code == ENOENT ? "\(command[0]): ENOENT" : error.name
            return .unknown(.firewall) { $0.firewallUnread(reason) }
        }
        let verdicts = [true, false].map { isArriving in
            rules.verdict(
                on: RuledDatagram(
                    isIPv6: isIPv6, isArriving: isArriving, port: port, isAnswer: !isArriving, interface: interface))
        }
        switch (verdicts[0], verdicts[1]) {
        case (.dropped(let chain), _): return .fault(.firewall, .system) { $0.firewallClosed(port, chain: chain) }
        case (_, .dropped(let chain)): return .fault(.firewall, .system) { $0.firewallHalfOpen(port, chain: chain) }
        case (.passes, .passes) where !hasOlderTables: return .well(.firewall) { $0.firewallOpen(port) }
        case (.passes, _), (.depends, _): return .unknown(.firewall) { $0.firewallUnclear(port) }
        }
    }

    private static var hasOlderTables: Bool {
        olderTables.contains { path in (try? SmallFile.read(path, limit: 4096))?.isEmpty == false }
    }

    // MARK: Folders

    /// Whether files can be made in a folder, or the folder itself can. What is made for that is gone afterwards.
    package static func folder(_ path: String) -> Finding {
        var existing = path
        while !SmallFile.exists(existing), let parent = parent(of: existing) { existing = parent }
        let trial = "\(existing)/.gaschat-doctor-\(getpid())"
        do throws(FileError) {
            try SmallFile.write([UInt8](repeating: 0x2d, count: 1024), to: trial)
            try SmallFile.remove(trial)
        } catch {
            let reason = if case .system(let error) = error { error.name } else { "\(error)" }
            return .fault(.data, .file) { $0.dataUnwritable(path, reason) }
        }
        return Judgement.space(at: path, free: MachineState.freeBytes(at: existing) ?? .max)
    }

    private static func parent(of path: String) -> String? {
        guard let end = path.dropLast(path.hasSuffix("/") ? 1 : 0).lastIndex(of: "/") else {
            return path == "." ? nil : "."
        }
        guard end != path.startIndex else { return path == "/" ? nil : "/" }
        return String(path[..<end])
    }

    /// The clock against when the files of a folder, and the program itself, were written.
    ///
    /// - Parameters:
    ///   - names: of files in the folder.
    ///   - program: what the program is called.
    package static func clock(
        folder: String, names: [String], program: String, now: WallTime = WallClock.now
    ) -> Finding {
        var files: [(path: String, changed: WallTime)] = []
        for path in names.map({ "\(folder)/\($0)" }) {
            if let changed = MachineState.changeTime(of: path) { files.append((path, changed)) }
        }
        if let built = MachineState.changeTime(of: "/proc/self/exe") { files.append((program, built)) }
        return Judgement.clock(own: now, files: files, isKept: MachineState.isClockSynchronised)
    }
}
