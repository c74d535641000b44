import Foundation
import Testing

/// Two machines that need no rights: network namespaces. One has the server's address; the other reaches it over `wifi`
/// as long as that is there, else over `mobile`. They are gone with this object, or with the process.
final class TwoLinks {
    /// One machine.
    enum Side {
        case server
        case client
    }

    static let serverAddress = "10.77.0.1"
    static let wifiAddress = "10.77.1.2"
    static let mobileAddress = "10.77.2.2"

    private static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    private static let unshare = "/usr/bin/unshare"
    private static let nsenter = "/usr/bin/nsenter"

    /// Whether this system lets us make such machines; containers often don't.
    static let arePossible = (try? TwoLinks()) != nil

    private let server: Machine
    private let client: Machine

    init() throws {
        server = try Machine([Self.unshare, "--map-root-user", "--net"])
        client = try Machine(server.entrance + [Self.unshare, "--net"])
        try run(.server, "ip address add \(Self.serverAddress)/32 dev lo")
        for (subnet, link) in ["wifi", "mobile"].enumerated() {
            let subnet = "10.77.\(subnet + 1)"
            try run(.server, "ip link add \(link) type veth peer name \(link) netns \(client.number)")
            for (side, last) in [(Side.server, 1), (.client, 2)] {
                try run(side, "ip address add \(subnet).\(last)/24 dev \(link)")
                try run(side, "ip link set \(link) up")
            }
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
        let process = Process()
        let words = launcher(side) + command.split(separator: " ").map(String.init)
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = Self.environment
        let errors = Pipe()
        process.standardError = errors
        try process.runUnmasked()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let text = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            throw Failure("\(command): \(text)")
        }
    }

    /// A process that does nothing but hold namespaces, as long as its input is open.
    private final class Machine {
        private let process = Process()
        private let input = Pipe()

        init(_ launcher: [String]) throws {
            let output = Pipe()
            process.executableURL = URL(filePath: launcher[0])
            process.arguments = launcher.dropFirst() + ["sh", "-c", "ip link set lo up && echo ready && exec cat"]
            process.environment = TwoLinks.environment
            process.standardInput = input
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.runUnmasked()
            guard !output.fileHandleForReading.availableData.isEmpty else { throw Failure("no namespaces here") }
        }

        deinit {
            try? input.fileHandleForWriting.close()
        }

        var number: Int32 { process.processIdentifier }

        var entrance: [String] {
            [TwoLinks.nsenter, "--target", "\(number)", "--user", "--net", "--preserve-credentials"]
        }
    }
}
