package import Basics
import ClientCore

/// What befalls paths and machines.
extension SimulatedChat {
    /// How long after a fault a member may still be taken for lost: the server's patience began before it.
    private static let recovery: Duration = .seconds(40)

    // MARK: Other addresses

    /// How many ports that were taken from clients are remembered.
    private static let givenUpLimit = 8

    /// The router forgets the client: from now on the server sees another port, and nothing finds its way to the old one.
    ///
    /// - Parameter takesOver: whether it gets a port that was somebody else's behind the same router, if there is one.
    package mutating func rebind(_ label: String, takesOver: Bool = false) {
        guard let index = running(label) else { return }
        var address = clients[index].address
        if takesOver, let port = givenUp.last(where: { $0.host == address.host && clientAt[$0] == nil }) {
            return move(index, to: port)
        }
        repeat { address.port = UInt16.random(in: 30_000...(.max), using: &random) } while clientAt[address] != nil
        move(index, to: address)
    }

    /// The client goes over to another network.
    ///
    /// - Parameters:
    ///   - faults: what happens there; nil: what happens on all lines.
    ///   - isNoticed: whether its machine tells it, if that is awake.
    package mutating func roam(
        _ label: String, to faults: (toServer: LinkFaults, toClient: LinkFaults)? = nil, isNoticed: Bool = false
    ) {
        guard let index = running(label) else { return }
        roamed += 1
        let address = SocketAddress(
            host: .v4(0x0a01_0000 + roamed), port: UInt16.random(in: 1_024...(.max), using: &random))
        network.setFaults(of: address.host, faults)
        move(index, to: address)
        guard isNoticed, clients[index].sleepEnd == nil else { return }
        clients[index].addressChanged(at: clock.now)
        drainClient(index)
    }

    private mutating func move(_ index: Int, to address: SocketAddress) {
        note("\(clients[index].label) is at \(address) now")
        excuseBadPaths()
        if clientAt[clients[index].address] == index {
            clientAt[clients[index].address] = nil
            if givenUp.count >= Self.givenUpLimit { givenUp.removeFirst() }
            givenUp.append(clients[index].address)
        }
        clients[index].address = address
        clientAt[address] = index
    }

    /// Somebody on the way sends the client's next datagram first, as if it came from elsewhere.
    package mutating func divertNext(of label: String) {
        guard let index = running(label) else { return }
        diverted = index
    }

    /// - Parameter datagram: what the client sends now.
    mutating func divert(_ datagram: SimulatedDatagram, of index: Int) {
        guard diverted == index else { return }
        diverted = nil
        note("somebody diverts \(clients[index].label)")
        var copy = datagram
        copy.source = SocketAddress(host: .v4(0xc633_6500 + UInt32.random(in: 0..<16, using: &random)), port: 666)
        copy.isGenuine = false
        copy.proves = datagram.isGenuine ? datagram.source : nil
        network.inject(copy, at: clock.now)
    }

    // MARK: Broken paths

    /// All lines without faults of their own have these from now on.
    package mutating func changeFaults(toServer: LinkFaults, toClients: LinkFaults) {
        note("faults: \(toServer), \(toClients)")
        excuseBadPaths()
        network.toServer = toServer
        network.toClients = toClients
    }

    /// The path between a client's host and the server is gone for a while; the program goes on.
    package mutating func cutOff(_ label: String, _ direction: LinkDirection = .both, for duration: Duration) {
        guard let index = running(label) else { return }
        note("\(label) is cut off for \(duration), \(direction)")
        network.cutOff(clients[index].address.host, direction, from: clock.now, until: clock.now + duration)
        let host = clients[index].address.host
        for other in clients.indices where clients[other].address.host == host { excuse(other, for: duration) }
    }

    /// The server's path is gone for a while.
    package mutating func cutOffAll(_ direction: LinkDirection = .both, for duration: Duration) {
        note("all are cut off for \(duration), \(direction)")
        network.cutOff(nil, direction, from: clock.now, until: clock.now + duration)
        excuseAll(for: duration)
    }

    // MARK: Machines

    /// The client's machine sleeps: time passes, and its program does not run.
    package mutating func suspend(_ label: String, for duration: Duration) {
        guard let index = running(label), clients[index].sleepEnd == nil else { return }
        note("\(label) sleeps for \(duration)")
        clients[index].sleepEnd = clock.now + duration
        excuse(index, for: duration)
    }

    /// The server's machine stands still for a while.
    package mutating func stallServer(for duration: Duration) {
        guard server != nil, stallEnd == nil else { return }
        note("the server stands still for \(duration)")
        stallEnd = clock.now + duration
        excuseAll(for: duration)
    }

    /// Somebody sets the server's wall clock, forward or back.
    package mutating func stepServerClock(by duration: Duration) {
        note("the server's wall clock is set by \(duration)")
        clock.stepWall(by: duration)
    }

    /// All that is wrong comes to an end: paths heal, machines wake.
    package mutating func heal() {
        note("the network heals")
        excuseBadPaths()
        network.heal()
        diverted = nil
        if stallEnd != nil { stallEnd = clock.now }
        for index in clients.indices where clients[index].sleepEnd != nil { clients[index].sleepEnd = clock.now }
    }

    // MARK: Excuses

    /// For a time, and for a while after it, that client may be taken for lost.
    mutating func excuse(_ index: Int, for duration: Duration) {
        clients[index].excusedUntil = max(clients[index].excusedUntil, clock.now + duration + Self.recovery)
    }

    mutating func excuseAll(for duration: Duration) {
        for index in clients.indices { excuse(index, for: duration) }
    }

    /// Whoever is on a path that nobody needs to be heard on may be taken for lost for a while, though it gets better.
    private mutating func excuseBadPaths() {
        for index in clients.indices where !isPathBearable(index) { excuse(index, for: .zero) }
    }

    private func isPathBearable(_ index: Int) -> Bool {
        let faults = network.faults(of: clients[index].address.host)
        return faults.toServer.isBearable && faults.toClient.isBearable && network.sharedPlaces == nil
    }

    /// Whether a client that runs could be heard all the time: nothing kept it, and its path is one that a member may
    /// live with.
    func mustBeHeard(_ index: Int) -> Bool {
        guard clients[index].core?.hasBeenOnline == true, clients[index].excusedUntil <= clock.now else {
            return false
        }
        return isPathBearable(index)
    }
}

extension LinkFaults {
    /// Whether who is on this path can be expected to be heard each 30 s.
    fileprivate var isBearable: Bool {
        guard loss <= 0.2, corruption <= 0.1, delay + jitter <= .milliseconds(500), bottleneck == nil else {
            return false
        }
        return outages.map { $0.share <= 0.2 && $0.mean <= .milliseconds(500) } ?? true
    }
}
