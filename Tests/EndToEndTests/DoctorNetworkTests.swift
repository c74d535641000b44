import Foundation
import Glibc
import Testing

/// Faults of networks that are planted between machines of the test's own, for both doctors.
@Suite(
    "doctors and networks", .serialized, .ownThread, .timeLimit(.minutes(5)),
    .enabled("network namespaces with nftables can be made here") { RoutedNetwork.isPossible })
struct DoctorNetworkTests {
    private let house: House
    private let network: RoutedNetwork

    init() throws {
        house = try House()
        network = try RoutedNetwork()
    }

    private func doctor(
        _ name: String, on machine: Machine, _ arguments: [String], home: String
    ) throws -> Examination {
        let program = try RunningProgram(
            name, ["doctor"] + arguments + ["--password-file", house.passwordFile],
            environment: try house.environment(home: home), launcher: machine.entrance)
        return try Examination(of: program)
    }

    private func clientDoctor(
        _ server: String = RoutedNetwork.serverAddress, from port: Int = 5003
    ) throws -> Examination {
        try doctor("udp-client", on: network.client, [server, "8080", "\(port)"], home: "client")
    }

    private func serverDoctor(_ address: String = RoutedNetwork.serverAddress) throws -> Examination {
        try doctor("udp-server", on: network.server, [address, "-p", "8080"], home: "server")
    }

    /// Loads rules of the test's own, in `table inet filter`, in the place of all others.
    private func load(_ chains: String, on machine: Machine) throws {
        try machine.output(of: ["nft", "-f", "-"], input: "flush ruleset\ntable inet filter {\n\(chains)\n}\n")
    }

    private static let input = "chain input { type filter hook input priority filter; policy drop;"
    private static let output = "chain output { type filter hook output priority filter; policy drop;"

    @Test("behind the product's own firewalls all is well, on both sides")
    func well() throws {
        try network.load("router", on: network.router)
        try network.load("server", on: network.server)
        try network.load("client", on: network.client)
        let before = try serverDoctor()
        #expect(before.status == 0 && before.faults == [], "\(before)")
        #expect(before.lines.contains { $0.hasPrefix("ok     firewall: this machine's rules let UDP port 8080 in") })
        let program = try network.startServer(house: house)
        defer { program.signal(SIGTERM) }
        let client = try clientDoctor()
        #expect(client.status == 0 && client.faults == [], "\(client)")
        let during = try serverDoctor("0.0.0.0")
        #expect(during.faults == [], "\(during)")
    }

    @Test("dropped port: by the server's own rules, which its doctor reads; silence for the client")
    func droppedPort() throws {
        try load("\(Self.input) iif lo accept\n tcp dport 22 accept\n }", on: network.server)
        let program = try network.startServer(house: house)
        defer { program.signal(SIGTERM) }
        let server = try serverDoctor()
        #expect(server.status == 71)
        #expect(server.faults.count == 1)
        #expect(
            server.faults.first?.contains("firewall: this machine's rules (inet filter input) drop") == true,
            "\(server)")
        let client = try clientDoctor()
        #expect(client.status == 69)
        #expect(client.faults.count == 1 && client.faults[0].contains("nothing comes back from"), "\(client)")
    }

    @Test("dropped port: the client's, by a router that lets only 5000-5010 through; the cure is named")
    func closedClientPort() throws {
        try network.load("router", on: network.router)
        let program = try network.startServer(house: house)
        defer { program.signal(SIGTERM) }
        let examination = try clientDoctor(from: 5020)
        #expect(examination.status == 69)
        #expect(examination.faults.count == 1)
        #expect(
            examination.faults.first?.contains("closed for UDP port 5020, while 5000 gets answers") == true,
            "\(examination)")
    }

    @Test("half-open firewall: the client's lets questions out and drops the answers")
    func halfOpenClient() throws {
        try load("\(Self.input) iif lo accept\n }", on: network.client)
        let program = try network.startServer(house: house)
        defer { program.signal(SIGTERM) }
        let examination = try clientDoctor()
        #expect(examination.status == 69)
        #expect(examination.faults.count == 1)
        #expect(examination.faults.first?.contains("firewall: half open: answers reach") == true, "\(examination)")
    }

    @Test("half-open firewall: the server's lets questions in and drops the answers")
    func halfOpenServer() throws {
        try load("\(Self.output) oif lo accept\n udp dport 53 accept\n }", on: network.server)
        let examination = try serverDoctor()
        #expect(examination.status == 71)
        #expect(examination.faults.count == 1)
        #expect(examination.faults.first?.contains("firewall: half open: the rules (inet filter output)") == true)
    }

    @Test("a firewall that lets nothing out is known by what the system says")
    func closedOutput() throws {
        try load("\(Self.output) oif lo accept\n }", on: network.client)
        let examination = try clientDoctor()
        #expect(examination.status == 69)
        #expect(examination.faults.count == 1)
        #expect(examination.faults.first?.contains("lets nothing out to UDP port 8080") == true, "\(examination)")
    }

    @Test("tiny MTU: of the client's interface, of a link on the way that says so, of one that says nothing")
    func tinyMTU() throws {
        let program = try network.startServer(house: house)
        defer { program.signal(SIGTERM) }
        try network.client.run("ip link set right mtu 900")
        let own = try clientDoctor()
        #expect(own.status == 69 && own.faults.count == 1)
        #expect(own.faults.first?.contains("packet size: the interface right carries 900 bytes") == true, "\(own)")
        try network.client.run("ip link set right mtu 1500")

        try network.router.run("ip link set left mtu 900")
        let way = try clientDoctor()
        #expect(way.status == 69 && way.faults.count == 1)
        #expect(way.faults.first?.contains("packet size: a link on the way carries too little") == true, "\(way)")

        // A router that tells nobody why it drops.
        try load("\(Self.output) meta l4proto != icmp accept\n }", on: network.router)
        let hole = try clientDoctor()
        #expect(hole.status == 69 && hole.faults.count == 1)
        #expect(hole.faults.first?.contains("packet size: a link on the way carries too little") == true, "\(hole)")

        try network.server.run("ip link set left mtu 900")
        let server = try serverDoctor()
        #expect(server.status == 69 && server.faults.count == 1)
        #expect(server.faults.first?.contains("packet size: the interface left carries 900 bytes") == true)
    }

    @Test("wrong address: one that no way leads to, and one that nobody has")
    func wrongAddress() throws {
        try network.client.run("ip route delete default")
        let routeless = try clientDoctor("203.0.113.9")
        #expect(routeless.status == 69 && routeless.faults.count == 1)
        #expect(routeless.faults.first?.contains("address: no way leads from here to 203.0.113.9") == true)
        // The next machine is asked for on the wire, and nobody says that it is there.
        let absent = try clientDoctor("10.78.2.9")
        #expect(absent.status == 69 && absent.faults.count == 1, "\(absent)")
        #expect(absent.faults.first?.contains("server: ") == true)
    }

    @Test("a machine whose loopback interface is down")
    func loopback() throws {
        try network.server.run("ip link set lo down")
        let examination = try serverDoctor()
        #expect(examination.status == 71)
        #expect(examination.faults.contains { $0.contains("loopback: this machine") }, "\(examination)")
    }
}
