import Basics
import Glibc
import SocketIO
import Testing

@Suite struct UDPSocketTests {
    @Test("a datagram and its answer cross the IPv4 loopback")
    func roundTripV4() throws {
        try roundTrip(.anyPortV4)
    }

    @Test("a datagram and its answer cross the IPv6 loopback", .enabled(if: hasIPv6))
    func roundTripV6() throws {
        try roundTrip(.anyPortV6)
    }

    private func roundTrip(_ address: SocketAddress) throws {
        let server = try UDPSocket(binding: address)
        let client = try UDPSocket(binding: address)
        #expect(try send([[1, 2, 3]], from: client, to: server.localAddress) == 1)
        #expect(try receive(1, on: server) == [Heard(bytes: [1, 2, 3], source: client.localAddress)])
        #expect(try send([[4]], from: server, to: client.localAddress) == 1)
        #expect(try receive(1, on: client) == [Heard(bytes: [4], source: server.localAddress)])
    }

    @Test("a dual-stack socket shows an IPv4 peer as IPv4 and answers it", .enabled(if: hasIPv6))
    func dualStackV4() throws {
        let server = try UDPSocket(binding: .everywhere)
        let client = try UDPSocket(binding: .anyPortV4)
        let target = SocketAddress.loopback(port: server.localAddress.port)
        _ = try send([[1]], from: client, to: target)
        #expect(try receive(1, on: server) == [Heard(bytes: [1], source: client.localAddress)])
        _ = try send([[2]], from: server, to: client.localAddress)
        #expect(try receive(1, on: client) == [Heard(bytes: [2], source: target)])
    }

    @Test("a dual-stack socket serves IPv6 peers too", .enabled(if: hasIPv6))
    func dualStackV6() throws {
        let server = try UDPSocket(binding: .everywhere)
        let client = try UDPSocket(binding: .anyPortV6)
        let target = SocketAddress(host: SocketAddress.anyPortV6.host, port: server.localAddress.port)
        _ = try send([[1]], from: client, to: target)
        #expect(try receive(1, on: server) == [Heard(bytes: [1], source: client.localAddress)])
        _ = try send([[2]], from: server, to: client.localAddress)
        #expect(try receive(1, on: client) == [Heard(bytes: [2], source: target)])
    }

    @Test("an IPv4 address that is mapped into IPv6 is bound as IPv4")
    func mappedBind() throws {
        let mapped = SocketAddress(host: .v6(high: 0, low: 0xffff_7f00_0001, scope: 0), port: 0)
        let socket = try UDPSocket(binding: mapped)
        #expect(socket.localAddress.host == .v4(0x7f00_0001))
    }

    @Test("port 0 becomes a real port")
    func freePort() throws {
        let socket = try UDPSocket(binding: .anyPortV4)
        #expect(socket.localAddress.port != 0)
        #expect(socket.localAddress.host == .v4(0x7f00_0001))
    }

    @Test("a port in use is reported as such, with the address")
    func portInUse() throws {
        let first = try UDPSocket(binding: .anyPortV4)
        let address = first.localAddress
        let error = #expect(throws: SystemError.self) { _ = try UDPSocket(binding: address) }
        #expect(error?.isAddressInUse == true)
        #expect(error?.description == "bind \(address): Address already in use (EADDRINUSE)")
        _ = consume first
    }

    @Test("a socket that is gone leaves its port free")
    func portFreed() throws {
        let first = try UDPSocket(binding: .anyPortV4)
        let address = first.localAddress
        _ = consume first
        let second = try UDPSocket(binding: address)
        #expect(second.localAddress == address)
    }

    @Test("an address of another machine can't be bound")
    func foreignAddress() {
        let foreign = SocketAddress(host: .v4(0xc000_0207), port: 0)  // 192.0.2.7, documentation only (RFC 5737)
        let error = #expect(throws: SystemError.self) { _ = try UDPSocket(binding: foreign) }
        #expect(error?.isAddressUnavailable == true)
    }

    @Test("nothing that waits is no error and does not block")
    func nothingWaits() throws {
        let socket = try UDPSocket(binding: .anyPortV4)
        var batch = try ReceiveBatch()
        #expect(try socket.receive(into: &batch) == 0)
    }

    @Test("peers that are gone neither break sending nor receiving", arguments: [SocketAddress.anyPortV4])
    func closedPeer(_ address: SocketAddress) throws {
        let gone = try UDPSocket(binding: address)
        let dead = gone.localAddress
        _ = consume gone
        let alive = try UDPSocket(binding: address)
        let socket = try UDPSocket(binding: address)
        for round in UInt8(0)..<20 {
            var batch = try SendBatch()
            for target in [dead, alive.localAddress, dead] { _ = batch.append([round], to: target) }
            _ = try socket.send(&batch)
            #expect(batch.count == 0)
        }
        let heard = try receive(20, on: alive)
        #expect(heard.map(\.bytes) == (UInt8(0)..<20).map { [$0] })
        _ = try send([[99]], from: alive, to: socket.localAddress)
        #expect(try receive(1, on: socket) == [Heard(bytes: [99], source: alive.localAddress)])
    }

    @Test("a socket does not leak into child processes, never blocks, and has a buffer")
    func flags() throws {
        let socket = try UDPSocket(binding: .anyPortV4)
        #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(socket.receiveBufferBytes > 0 && socket.sendBufferBytes > 0)
    }

    @Test("the kernel is asked for 8 MiB in each direction, and gives as much as it allows")
    func buffers() throws {
        let socket = try UDPSocket(binding: .anyPortV4)
        for (name, bytes) in [("rmem_max", socket.receiveBufferBytes), ("wmem_max", socket.sendBufferBytes)] {
            // A network namespace of older kernels does not show it.
            guard let text = try? SmallFile.read("/proc/sys/net/core/\(name)", limit: 100) else { continue }
            let most = Int(String(decoding: text, as: UTF8.self).split(separator: "\n").first ?? "")
            #expect(bytes == min(8 << 20, most ?? 0), "\(name)")
        }
    }

    @Test("the don't-fragment bit is set, and forged ICMP can't shrink the path", arguments: [false, true])
    func dontFragment(isDualStack: Bool) throws {
        guard hasIPv6 || !isDualStack else { return }
        let socket = try UDPSocket(binding: isDualStack ? .everywhere : .anyPortV4)
        var value: Int32 = -1
        var length = socklen_t(MemoryLayout<Int32>.size)
        let result = unsafe getsockopt(socket.descriptor, Int32(IPPROTO_IP), IP_MTU_DISCOVER, &value, &length)
        #expect(result == 0)
        #expect(value == IP_PMTUDISC_PROBE)
        guard isDualStack else { return }
        _ = unsafe getsockopt(socket.descriptor, Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, &value, &length)
        #expect(value == IPV6_PMTUDISC_PROBE)
    }
}

/// A server on all addresses is spoken to at one of them.
@Suite struct MultihomedTests {
    private static let second = SocketAddress.Host.v4(0x7f00_0002)

    /// What the client hears, and from where, when the server answers in either way.
    private func answers(of wildcard: SocketAddress, keepsAddress: Bool) throws -> [Heard] {
        let server = try UDPSocket(binding: wildcard)
        let client = try UDPSocket(binding: .anyPortV4)
        _ = try send(
            [[1], [2]], from: client, to: SocketAddress(host: Self.second, port: server.localAddress.port))
        var incoming = try ReceiveBatch()
        var outgoing = try SendBatch()
        let arrived = try receive(2, on: server, into: &incoming).count
        #expect(arrived == 2 && incoming.count == 2)
        incoming.forEachArrival { bytes, source, local, _ in
            #expect(local == Self.second)
            _ = outgoing.append(bytes, to: source, from: keepsAddress ? local : nil)
        }
        let sent = try server.send(&outgoing)
        #expect(sent == 2)
        return try receive(2, on: client)
    }

    @Test("an answer leaves from the address that was spoken to; without saying so, the kernel takes another")
    func answersFromThere() throws {
        let wildcard = SocketAddress(host: .v4(0), port: 0)
        #expect(try answers(of: wildcard, keepsAddress: true).allSatisfy { $0.source.host == Self.second })
        #expect(try answers(of: wildcard, keepsAddress: false).allSatisfy { $0.source.host != Self.second })
    }

    @Test("so it does on a socket for IPv6 and IPv4", .enabled(if: hasIPv6))
    func answersFromThereDualStack() throws {
        #expect(try answers(of: .everywhere, keepsAddress: true).allSatisfy { $0.source.host == Self.second })
    }

    @Test("an IPv6 peer is answered from the address that it spoke to", .enabled(if: hasIPv6))
    func answersIPv6() throws {
        let server = try UDPSocket(binding: .everywhere)
        let client = try UDPSocket(binding: .anyPortV6)
        let target = SocketAddress(host: SocketAddress.anyPortV6.host, port: server.localAddress.port)
        _ = try send([[1]], from: client, to: target)
        var incoming = try ReceiveBatch()
        var outgoing = try SendBatch()
        _ = try receive(1, on: server, into: &incoming)
        incoming.forEachArrival { bytes, source, local, _ in
            #expect(local == target.host)
            _ = outgoing.append(bytes, to: source, from: local)
        }
        let sent = try server.send(&outgoing)
        #expect(sent == 1)
        #expect(try receive(1, on: client) == [Heard(bytes: [1], source: target)])
    }

    @Test("a socket at one address is not told where datagrams came to")
    func oneAddress() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        _ = try send([[1]], from: client, to: server.localAddress)
        var incoming = try ReceiveBatch()
        _ = try receive(1, on: server, into: &incoming)
        incoming.forEachArrival { _, _, local, _ in #expect(local == nil) }
    }
}

/// Marks of congestion (ECN).
@Suite struct MarkTests {
    private func marks(from client: borrowing UDPSocket, to server: borrowing UDPSocket, at host: SocketAddress.Host)
        throws -> [ECNMark]
    {
        let target = SocketAddress(host: host, port: server.localAddress.port)
        var outgoing = try SendBatch()
        _ = outgoing.append([1], to: target)
        _ = outgoing.append([2], to: target, isMarked: false)
        _ = outgoing.append([3], to: target)
        let sent = try client.send(&outgoing)
        #expect(sent == 3)
        var incoming = try ReceiveBatch()
        _ = try receive(3, on: server, into: &incoming)
        var marks: [ECNMark] = []
        incoming.forEachArrival { _, _, _, mark in marks.append(mark) }
        return marks
    }

    @Test("what is sent is marked unless it shall not be, and marks are seen, over IPv4")
    func v4() throws {
        let client = try UDPSocket(binding: .anyPortV4)
        let server = try UDPSocket(binding: .anyPortV4)
        #expect(try marks(from: client, to: server, at: server.localAddress.host) == [.ect0, .notECT, .ect0])
    }

    @Test("the same over IPv6, and over IPv4 on a socket for both", .enabled(if: hasIPv6))
    func v6() throws {
        let client = try UDPSocket(binding: .anyPortV6)
        let server = try UDPSocket(binding: .anyPortV6)
        #expect(try marks(from: client, to: server, at: server.localAddress.host) == [.ect0, .notECT, .ect0])
        let one = try UDPSocket(binding: .everywhere)
        let other = try UDPSocket(binding: .everywhere)
        #expect(try marks(from: one, to: other, at: SocketAddress.anyPortV4.host) == [.ect0, .notECT, .ect0])
    }
}
