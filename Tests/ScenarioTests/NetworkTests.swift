import Basics
import Simulation
import Testing

@Suite("the simulated network")
struct NetworkTests {
    private static let client = SocketAddress(host: .v4(0x0a00_0002), port: 5_000)
    private static let server = SimulatedChat.serverAddress

    private func network(_ faults: LinkFaults) -> SimulatedNetwork {
        SimulatedNetwork(server: Self.server, toServer: faults, toClients: .none, seed: 1)
    }

    private func datagram(_ number: Int) -> SimulatedDatagram {
        SimulatedDatagram(
            source: Self.client, destination: Self.server,
            bytes: [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)])
    }

    /// Sends `count` datagrams at once.
    ///
    /// - Returns: the numbers of those that arrive, in the order of arriving.
    private func carry(_ count: Int, _ faults: LinkFaults) -> [Int] {
        var network = network(faults)
        for number in 0..<count { network.send(datagram(number), at: .origin) }
        var arrived: [Int] = []
        while let next = network.nextArrival, let datagram = network.receive(at: next) {
            arrived.append(datagram.bytes.reduce(0) { $0 << 8 | Int($1) })
        }
        return arrived
    }

    @Test("without faults everything arrives in order after the delay")
    func clean() {
        var network = network(LinkFaults(delay: .milliseconds(20)))
        network.send(datagram(1), at: .origin)
        #expect(network.nextArrival == .origin + .milliseconds(20))
        #expect(network.receive(at: .origin + .milliseconds(19)) == nil)
        #expect(carry(100, .none) == Array(0..<100))
    }

    @Test("the share that is lost is the share that was asked for")
    func loss() {
        #expect((7_500...8_500).contains(carry(10_000, LinkFaults(loss: 0.2)).count))
    }

    @Test("the share that is repeated is the share that was asked for")
    func duplication() {
        #expect((10_900...11_100).contains(carry(10_000, LinkFaults(duplication: 0.1)).count))
    }

    @Test("jitter reorders")
    func jitter() {
        let arrived = carry(1_000, LinkFaults(jitter: .milliseconds(50)))
        #expect(arrived != arrived.sorted() && arrived.sorted() == Array(0..<1_000))
    }

    @Test("a partition lasts from its start to its end")
    func partition() {
        var network = network(.none)
        network.cutOff(Self.client.host, from: .origin + .seconds(1), until: .origin + .seconds(2))
        for half in 0..<6 { network.send(datagram(half), at: .origin + .milliseconds(500) * half) }
        #expect(network.underWay == 4 && network.counters.lost == 2)
    }

    @Test("a partition of one direction lets the other through")
    func halfPartition() {
        var network = network(.none)
        network.cutOff(Self.client.host, .toClient, from: .origin, until: .origin + .seconds(2))
        network.send(datagram(1), at: .origin)
        #expect(network.underWay == 1)
        network.send(
            SimulatedDatagram(source: Self.server, destination: Self.client, bytes: [1]), at: .origin)
        #expect(network.underWay == 1 && network.counters.lost == 1)
    }

    @Test("a line may have faults of its own, and keeps them when the port changes")
    func ownFaults() {
        var network = network(.none)
        network.setFaults(of: Self.client.host, (LinkFaults(loss: 1), .none))
        network.send(datagram(1), at: .origin)
        var rebound = datagram(2)
        rebound.source.port += 1
        network.send(rebound, at: .origin)
        var other = datagram(3)
        other.source = SocketAddress(host: .v4(0x0a00_0003), port: 5_000)
        network.send(other, at: .origin)
        #expect(network.underWay == 1 && network.counters.lost == 2)
    }

    @Test("what all share passes one place after the other")
    func sharedBottleneck() {
        var network = network(LinkFaults(delay: .zero))
        network.recordsWaits = true
        network.share(toServer: Bottleneck(bitsPerSecond: 8_000, queue: .milliseconds(50)), toClients: nil)
        for host in 0..<5 {
            var datagram = datagram(host)
            datagram.source = SocketAddress(host: .v4(0x0a00_0002 + UInt32(host)), port: 5_000)
            network.send(datagram, at: .origin)
        }
        // 30 bytes with headers are 30 ms each.
        #expect(network.waits.map(\.wait) == [.zero, .milliseconds(30)] && network.counters.overflowed == 3)
    }

    @Test("what does not fit the queue is lost")
    func bound() {
        #expect(carry(SimulatedNetwork.queueLimit + 10, .none).count == SimulatedNetwork.queueLimit)
    }
}
