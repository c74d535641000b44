import Foundation
import Glibc
import Testing

/// The files of config/firewall, loaded where they belong, with the real programs behind them.
@Suite(
    "firewalls", .serialized, .ownThread, .timeLimit(.minutes(5)),
    .enabled("network namespaces with nftables can be made here") { RoutedNetwork.isPossible })
struct FirewallTests {
    private static let unreachable: Int32 = 69

    /// Server, client and router, each with its firewall.
    private func guarded() throws -> RoutedNetwork {
        let network = try RoutedNetwork()
        try network.load("router", on: network.router)
        try network.load("server", on: network.server)
        try network.load("client", on: network.client)
        return network
    }

    @Test("the chat goes from port 5003, not from 5020, and stops when the router's rule is removed")
    func chat() throws {
        let house = try House()
        let network = try guarded()
        let server = try network.startServer(house: house)
        let ana = try network.startClient("ana", port: 5003, house: house)
        try ana.event("connected")
        let bob = try network.startClient("bob", port: 5010, house: house)
        try bob.event("connected")
        try ana.say("through two firewalls")
        try bob.hear(["through two firewalls"])

        let outside = try network.startClient("eve", port: 5020, house: house, "--reconnect", "0")
        #expect(try outside.exit() == Self.unreachable, "\(outside.transcript)")
        #expect(server.events("joined").map { $0["name"] } == ["ana", "bob"])

        try network.router.run("nft flush chain inet filter gaschat_forward")
        bob.send("is anybody there?")
        try ana.event("disconnected")
        #expect(bob.events("sent") == [])
        let late = try network.startClient("late", port: 5004, house: house, "--reconnect", "0")
        #expect(try late.exit() == Self.unreachable, "\(late.transcript)")

        // What is opened again goes on, and nothing was lost.
        try network.load("router", on: network.router)
        try bob.event("sent") { $0["text"] == "is anybody there?" }
        try ana.hear(["is anybody there?"])
    }

    @Test("a server's firewall lets nothing but the chat's port in")
    func otherPorts() throws {
        let house = try House()
        let network = try guarded()
        try network.router.run("nft flush ruleset")
        let server = try network.start(
            "udp-server", on: network.server, [RoutedNetwork.serverAddress, "-p", "8081"], house: house, home: "server")
        try server.event("listening")
        let ana = try network.start(
            "udp-client", on: network.client,
            [RoutedNetwork.serverAddress, "8081", "5003", "--name", "ana", "--reconnect", "0"], house: house,
            home: "ana")
        #expect(try ana.exit() == Self.unreachable)
    }

    @Test("who knocks 400 times at once is dropped after 100, members go on, and honest people come in again soon")
    func limits() throws {
        let house = try House()
        let network = try guarded()
        try network.router.run("nft flush ruleset")
        let program = try network.startServer(house: house)
        defer { program.signal(SIGTERM) }
        let ana = try network.startClient("ana", port: 5003, house: house)
        try ana.event("connected")
        // Each knock comes from a port of its own, and the server does not answer what is no hello.
        let place = "/dev/udp/\(RoutedNetwork.serverAddress)/8080"
        let knocks = "i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo > \(place); done"
        try network.client.output(of: ["bash", "-c", knocks])
        let dropped = try droppedPackets(on: network.server)
        // 100 at once, of which ana took a few, and 20 for each second that the knocks took.
        #expect((1...320).contains(dropped), "\(dropped)")
        try ana.say("nobody holds me up")
        let bob = try network.startClient("bob", port: 5004, house: house)
        try bob.event("connected")
    }

    /// What the limits of the server's chain have dropped.
    private func droppedPackets(on machine: Machine) throws -> Int {
        let rules = try machine.output(of: ["nft", "list", "chain", "inet", "filter", "gaschat_server_limited"])
        return rules.matches(of: /counter packets (\d+)/).compactMap { Int($0.1) }.reduce(0, +)
    }
}

/// The files of config/firewall, as they are written.
@Suite("firewall files")
struct FirewallFileTests {
    @Test(
        "each names the server's port and the clients' ports as its firewall writes them",
        arguments: [
            ("nftables/gaschat.nft", ["= 8080\n", "= 5000-5010\n"]),
            ("ufw/gaschat", ["=8080/udp\n", "=5000:5010/udp\n"]),
            ("ufw/before.rules.limited", ["-p udp --dport 8080 ", "-p udp --dport 5000:5010 "]),
            ("firewalld/gaschat-server.xml", ["protocol=\"udp\" port=\"8080\"/>"]),
            ("firewalld/gaschat-client.xml", ["protocol=\"udp\" port=\"5000-5010\"/>"]),
            ("windows/gaschat.cmd", ["protocol=UDP localport=8080\r\n", "protocol=UDP localport=5000-5010\r\n"]),
            ("windows/gaschat.ps1", ["'8080' } else { '5000-5010' }"]),
        ])
    func ports(file: String, texts: [String]) throws {
        let bytes = try Data(contentsOf: RoutedNetwork.folder.appending(path: file))
        for text in texts {
            #expect(bytes.range(of: Data(text.utf8)) != nil, "\(file): \(text)")
        }
    }
}
