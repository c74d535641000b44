import Foundation

/// A server and a client, and a router between their two networks.
final class RoutedNetwork {
    static let serverAddress = "10.78.1.2"
    static let clientAddress = "10.78.2.2"

    /// Whether this system lets us make such machines and load rules there; containers often don't.
    static let isPossible: Bool = {
        guard let network = try? RoutedNetwork() else { return false }
        return (try? network.router.run("nft list ruleset")) != nil
    }()

    let router: Machine
    let server: Machine
    let client: Machine

    init() throws {
        router = try Machine()
        server = try Machine(beside: router)
        client = try Machine(beside: router)
        try router.connect("left", to: server, "10.78.1.1/24", "\(Self.serverAddress)/24")
        try router.connect("right", to: client, "10.78.2.1/24", "\(Self.clientAddress)/24")
        try server.run("ip route add default via 10.78.1.1")
        try client.run("ip route add default via 10.78.2.1")
        try router.output(of: ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"])
    }

    /// Where the files of firewalls lie, found from this file.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config/firewall")

    /// Loads one of the product's whole firewalls.
    func load(_ name: String, on machine: Machine) throws {
        let rules = Self.folder.appending(path: "nftables").path
        try machine.output(of: ["nft", "-I", rules, "-f", "\(rules)/\(name).nft"])
    }

    /// Starts a program on one of the machines, with the house's password.
    func start(
        _ name: String, on machine: Machine, _ arguments: [String], house: House, home: String
    ) throws -> RunningProgram {
        try RunningProgram(
            name, arguments + ["--json", "--password-file", house.passwordFile],
            environment: try house.environment(home: home), launcher: machine.entrance)
    }

    /// Starts the server and waits until it listens.
    func startServer(house: House) throws -> RunningProgram {
        let program = try start(
            "udp-server", on: server, [Self.serverAddress, "-p", "8080", "--console"], house: house, home: "server")
        try program.event("listening")
        return program
    }

    /// Starts a client.
    func startClient(
        _ name: String, port: Int, house: House, _ more: String...
    ) throws -> RunningProgram {
        try start(
            "udp-client", on: client, [Self.serverAddress, "8080", "\(port)", "--name", name] + more, house: house,
            home: name)
    }
}
