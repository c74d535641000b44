import Basics
import SocketIO
import Testing

/// Ports that are taken. Others may use 5000-5010 at the same time, so nothing here counts on a certain one of them.
@Suite("ports", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct PortTests {
    private static let range = UInt16(5000)...5010

    /// Takes the first port of the range that can be had, on all addresses.
    private func takePort() throws -> UDPSocket {
        for port in Self.range {
            if let socket = try? UDPSocket(binding: SocketAddress(host: .v4(0), port: port)) { return socket }
        }
        throw Failure("all ports of 5000-5010 are taken")
    }

    private func portsNamed(in text: String) -> [UInt16] {
        text.matches(of: /\d+/).compactMap { UInt16($0.0) }
    }

    @Test("a taken client port is an error that names it and a free one")
    func takenClientPort() throws {
        let house = try House()
        let server = try house.server()
        let held = try takePort()
        let port = held.localAddress.port
        let client = try house.client("ana", at: server, clientPort: "\(port)")
        #expect(try client.exit() == 71)
        #expect(client.complaints.count == 1)
        let named = portsNamed(in: client.complaints.first ?? "")
        #expect(named.contains(port), "\(client.complaints)")
        #expect(named.contains { Self.range.contains($0) && $0 != port }, "\(client.complaints)")
        _ = consume held
    }

    @Test("a server on all addresses answers from the one that a client speaks to")
    func secondAddress() throws {
        let house = try House()
        let server = try house.server(address: "0.0.0.0")
        let second = Server(program: server.program, address: "127.0.0.2", port: server.port)
        let ana = try house.member("ana", at: second)
        let bob = try house.member("bob", at: Server(program: server.program, address: "127.0.0.1", port: server.port))
        try ana.say("from the second address")
        try bob.hear(["from the second address"])
        try bob.say("from the first")
        try ana.hear(["from the first"])
    }

    @Test("auto takes a free port of the range")
    func automaticPort() throws {
        let house = try House()
        let server = try house.server()
        let held = try takePort()
        let ana = try house.client("ana", at: server, clientPort: "auto")
        try ana.event("connected")
        let bob = try house.client("bob", at: server, clientPort: "auto")
        try bob.event("connected")
        var used: [UInt16] = [held.localAddress.port]
        for _ in 0..<2 {
            let address = try server.program.event("joined")["address"] ?? ""
            let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
            #expect(Self.range.contains(port) && !used.contains(port))
            used.append(port)
        }
        _ = consume held
    }

    @Test("a taken server port is an error that names it")
    func takenServerPort() throws {
        let house = try House()
        let held = try UDPSocket(binding: .loopback(port: 0))
        let port = held.localAddress.port
        let server = try house.server(
            exactly: ["127.0.0.1", "-p", "\(port)", "--json", "--password-file", house.passwordFile])
        #expect(try server.exit() == 71)
        #expect(server.complaints.count == 1)
        #expect(portsNamed(in: server.complaints.first ?? "").contains(port))
        #expect(server.events("listening") == [])
        _ = consume held
    }

    @Test("an address of another machine can't be served")
    func foreignAddress() throws {
        let house = try House()
        // 192.0.2.7 is for documentation only (RFC 5737).
        let server = try house.server(
            exactly: ["192.0.2.7", "-p", "0", "--password-file", house.passwordFile])
        #expect(try server.exit() == 71)
        #expect(server.complaints.count == 1)
    }
}
