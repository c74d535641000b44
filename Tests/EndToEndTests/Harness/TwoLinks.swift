/// Two machines. One has the server's address; the other reaches it over `wifi` as long as that is there, else over
/// `mobile`.
final class TwoLinks {
    /// One machine.
    enum Side {
        case server
        case client
    }

    static let serverAddress = "10.77.0.1"
    static let wifiAddress = "10.77.1.2"
    static let mobileAddress = "10.77.2.2"

    /// Whether this system lets us make such machines; containers often don't.
    static let arePossible = (try? TwoLinks()) != nil

    private let server: Machine
    private let client: Machine

    init() throws {
        server = try Machine()
        client = try Machine(beside: server)
        try run(.server, "ip address add \(Self.serverAddress)/32 dev lo")
        for (subnet, link) in [(1, "wifi"), (2, "mobile")] {
            try server.connect(link, to: client, "10.77.\(subnet).1/24", "10.77.\(subnet).2/24")
        }
        try run(.client, "ip route add \(Self.serverAddress) via 10.77.1.1 metric 100")
        try run(.client, "ip route add \(Self.serverAddress) via 10.77.2.1 metric 200")
    }

    /// What makes a program run on one of the machines, for `RunningProgram`.
    func launcher(_ side: Side) -> [String] {
        side == .server ? server.entrance : client.entrance
    }

    /// Runs a command line, whose words are separated by spaces, and waits for its end.
    func run(_ side: Side, _ command: String) throws {
        try (side == .server ? server : client).run(command)
    }
}
