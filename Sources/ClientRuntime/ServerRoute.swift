package import Basics

/// Which of a server's addresses datagrams go to.
///
/// A name may have several addresses, and not all of them need to answer: until one does, everything goes to all of
/// them; then the one that answered first is the server.
package struct ServerRoute: Sendable {
    /// How many addresses are tried at once.
    package static let candidatesAtMost = 4

    /// After so long without a login the address that had answered is not believed any more; a handshake that made no
    /// progress is given up by then too.
    package static let patience: Duration = .seconds(4)

    private let candidates: [SocketAddress]
    private var chosen: SocketAddress?
    private var chosenAt = Instant.origin
    /// This machine's address towards each candidate, nil where there was no way; empty before the first look.
    private var localHosts: [SocketAddress.Host?] = []

    /// - Parameter addresses: as they were resolved, the best first.
    package init(_ addresses: [SocketAddress]) {
        var usable: [SocketAddress] = []
        for address in addresses.map(\.answering) where !usable.contains(address) { usable.append(address) }
        candidates = Array(usable.prefix(Self.candidatesAtMost))
        if candidates.count == 1 { chosen = candidates.first }
    }

    /// Whether one of the addresses is IPv6.
    package var needsIPv6: Bool {
        candidates.contains { if case .v6 = $0.host { true } else { false } }
    }

    /// The same server on a machine without IPv6; nil when it has IPv6 addresses only.
    package var withoutIPv6: ServerRoute? {
        let rest = candidates.filter { if case .v4 = $0.host { true } else { false } }
        return rest.isEmpty ? nil : ServerRoute(rest)
    }

    /// Where a datagram goes.
    package var targets: [SocketAddress] { chosen.map { [$0] } ?? candidates }

    /// Whether a datagram from there is the server's.
    package mutating func accepts(_ source: SocketAddress, at now: Instant) -> Bool {
        if let chosen { return chosen == source }
        guard candidates.contains(source) else { return false }
        chosen = source
        chosenAt = now
        return true
    }

    /// Gives up the chosen address when it did not let the client in within `patience`.
    package mutating func reconsider(isOnline: Bool, at now: Instant) {
        guard candidates.count > 1, chosen != nil, !isOnline, now - chosenAt > Self.patience else { return }
        chosen = nil
    }

    /// Looks from which of this machine's addresses the server is reached.
    ///
    /// - Parameter localHost: which one the system uses towards an address; nil where there is no way to it.
    /// - Returns: whether it is another one than at the last look. Where there was no way meanwhile it counts as another
    ///   one, since many networks give the same addresses.
    package mutating func look(_ localHost: (SocketAddress) -> SocketAddress.Host?) -> Bool {
        let former = localHosts
        localHosts = candidates.map(localHost)
        guard !former.isEmpty else { return false }
        return candidates.indices.contains { index in
            localHosts[index] != nil && localHosts[index] != former[index] && targets.contains(candidates[index])
        }
    }
}

extension SocketAddress {
    /// The address that answers come from: what is sent to `0.0.0.0` or `::` goes to this machine, and an IPv4 address
    /// that is written as IPv6 is IPv4.
    fileprivate var answering: SocketAddress {
        switch host {
        case .v4(0): SocketAddress(host: .v4(0x7f00_0001), port: port)
        case .v6(0, 0, _): SocketAddress(host: .v6(high: 0, low: 1, scope: 0), port: port)
        case .v6(0, let low, _) where low >> 32 == 0xffff:
            SocketAddress(host: .v4(UInt32(truncatingIfNeeded: low)), port: port)
        case .v4, .v6: self
        }
    }
}
