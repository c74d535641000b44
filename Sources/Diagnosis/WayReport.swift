package import Basics
import Sentences

/// What came of knocking at a server from one port.
package struct WayAttempt: Hashable, Sendable {
    /// What the system said when it would not send, or what ICMP said of what was sent.
    package enum Problem: Hashable, Sendable {
        /// This machine's firewall.
        case sendingForbidden
        /// No way leads there.
        case noWay
        /// A link, of this machine or on the way, is too narrow for a hello.
        case tooLong
        /// Nobody listens at that port there.
        case nobodyListens
        /// A router, or that machine, says that it can't be reached.
        case unreachable
        /// Something else.
        case other
    }

    /// The port here.
    package var port: UInt16
    package var problem: Problem?
    /// Whether the server answered a hello.
    package var isAnswered = false
    /// Whether the server answered a short question.
    package var isShortAnswered = false
    /// How long the first answer took.
    package var roundTrip: Duration?

    package init(port: UInt16) {
        self.port = port
    }
}

/// All that was seen of the way to a server.
package struct WayReport: Hashable, Sendable {
    /// The server's address, without its port.
    package var host: String
    /// The server's port.
    package var port: UInt16
    /// From the port that the client is to have.
    package var chosen: WayAttempt
    /// From other ports; looked at only where the chosen one got no answer.
    package var others: [WayAttempt] = []
    /// Whether as much came and was dropped here as was asked for; looked at only where nothing was heard.
    package var dropsArrivals = false
    /// An interface on the way out that is too narrow: its name, and how much it carries.
    package var narrowInterface: NarrowInterface?

    package init(host: String, port: UInt16, chosen: WayAttempt) {
        self.host = host
        self.port = port
        self.chosen = chosen
    }

    /// Whether the server heard a hello and was heard.
    package var isReached: Bool { chosen.isAnswered }

    /// What it comes to: the server, firewalls, the size of packets, each once.
    package var findings: [Finding] {
        if isReached { return well }
        if let fault = ownFault { return fault }
        if chosen.isShortAnswered { return [.well(.server) { [host] in $0.serverAnswersShort(host) }] + tooNarrow }
        if let fault = firewallFault { return fault }
        return [serverFault] + skipped(.firewall, .size)
    }

    private var well: [Finding] {
        let tenths = (chosen.roundTrip ?? .zero).wholeNanoseconds / 100_000
        let (place, port) = (host, chosen.port)
        return [
            .well(.server) { $0.serverFine(place, tenths: tenths) },
            .well(.firewall) { $0.firewallFine(port) },
            .well(.size) { $0.sizeFine(Knock.longestBytes) },
        ]
    }

    /// What this machine itself would not do.
    private var ownFault: [Finding]? {
        let (host, port) = (host, port)
        switch chosen.problem {
        case .sendingForbidden:
            return [.fault(.firewall, .unreachable) { $0.firewallBlocksSending(port) }] + skipped(.server, .size)
        case .noWay:
            return [.fault(.address, .unreachable) { $0.addressUnroutable(host) }] + skipped(.server, .firewall, .size)
        case .tooLong: return skipped(.server) + tooNarrow
        case .nobodyListens, .unreachable, .other, nil: return nil
        }
    }

    private var tooNarrow: [Finding] {
        guard let narrow = narrowInterface else {
            return skipped(.firewall) + [.fault(.size, .unreachable) { $0.sizePath(needed: NarrowInterface.needed) }]
        }
        return skipped(.firewall) + [narrow.finding]
    }

    private var firewallFault: [Finding]? {
        let port = chosen.port
        if dropsArrivals {
            return [.fault(.firewall, .unreachable) { $0.firewallDropsAnswers(port) }] + skipped(.server, .size)
        }
        guard let open = others.first(where: { $0.isAnswered || $0.isShortAnswered })?.port else { return nil }
        return [.fault(.firewall, .unreachable) { $0.firewallClosesPort(port, open: open) }] + skipped(.size)
    }

    private var serverFault: Finding {
        let (host, port) = (host, port)
        let problems = ([chosen] + others).compactMap(\.problem)
        if problems.contains(.nobodyListens) {
            return .fault(.server, .unreachable) { $0.serverRefuses(host, port: port) }
        }
        if problems.contains(.unreachable) { return .fault(.server, .unreachable) { $0.serverUnreachable(host) } }
        return .fault(.server, .unreachable) { $0.serverSilent(host, port: port) }
    }

    private func skipped(_ checks: Check...) -> [Finding] {
        checks.map { check in .unknown(check) { $0.notLookedAt } }
    }
}

/// An interface that does not carry what every path must.
package struct NarrowInterface: Hashable, Sendable {
    package let name: String
    /// Bytes of the largest packet.
    package let mtu: Int

    /// The longest datagram of a handshake, and before it the headers of UDP (8) and IPv6 (40), the longer ones.
    package static let needed = Knock.longestBytes + 8 + 40

    /// - Returns: nil for one that is wide enough.
    package init?(name: String, mtu: Int) {
        guard mtu < Self.needed else { return nil }
        self.name = name
        self.mtu = mtu
    }

    package var finding: Finding {
        let (name, mtu) = (name, mtu)
        return .fault(.size, .unreachable) { $0.sizeInterface(name, mtu: mtu, needed: Self.needed) }
    }
}
