import Basics
import Crypto
import Foundation
import SocketIO

/// The real `udp-server`, which lies beside this program, as a child process on a loopback port.
final class ServerProcess {
    private static let password = "bench"
    /// How long it may take to start.
    private static let patience: Duration = .seconds(20)
    static let roomPassword = RoomPassword(prepared: SecretBytes(copying: Array(password.utf8).span))

    let address: SocketAddress
    private let process = Process()
    private let folder: URL

    /// - Parameter members: how many may be in the room at once; nil for as many as the server takes unasked.
    init(members: Int? = nil) throws(SystemError) {
        address = try Self.freeAddress()
        let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        folder = FileManager.default.temporaryDirectory.appending(path: "gaschat-bench-\(UUID().uuidString)")
        process.executableURL = programs.appending(path: "udp-server")
        let limit = members.map { ["--members", "\($0)"] } ?? []
        process.arguments =
            ["127.0.0.1", "-p", "\(address.port)", "--data", folder.path, "--json", "--no-console"] + limit
        process.environment = ["GAS_PASSWORD": Self.password, "HOME": folder.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try process.run()
        } catch {
            throw SystemError(call: "execve", subject: process.executableURL?.path ?? "udp-server", code: ENOENT)
        }
        let end = MonotonicClock.now + Self.patience
        while process.isRunning, !isBound, MonotonicClock.now < end { Thread.sleep(forTimeInterval: 0.005) }
    }

    /// Whether the server, or anybody, has its port.
    private var isBound: Bool {
        let port = String(address.port, radix: 16, uppercase: true)
        let ending = ":" + String(repeating: "0", count: 4 - port.count) + port
        let sockets = (try? String(contentsOfFile: "/proc/net/udp", encoding: .utf8)) ?? ""
        // The second word of each line is the local address.
        return sockets.split(separator: "\n").contains { line in
            line.split(separator: " ").dropFirst().first?.hasSuffix(ending) ?? false
        }
    }

    deinit {
        stop()
    }

    /// Ends it and waits until it is gone.
    func stop() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    var isRunning: Bool { process.isRunning }

    /// An address that is free now; somebody else may take it before the server does, and then nobody gets in.
    private static func freeAddress() throws(SystemError) -> SocketAddress {
        let socket = try UDPSocket(binding: .loopback(port: 0))
        return socket.localAddress
    }

    /// The most memory that it ever had in use, in bytes; 0 where the system does not tell.
    var peakMemoryBytes: Int { memory("VmHWM:") }

    /// The memory that it has in use, in bytes; 0 where the system does not tell.
    var memoryBytes: Int { memory("VmRSS:") }

    private func memory(_ field: String) -> Int {
        let line = status("status").split(separator: "\n").first { $0.hasPrefix(field) }
        return (line?.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Forgets the most memory that it had until now.
    func resetPeakMemory() {
        // proc(5): 5 resets the peak resident set size.
        try? Data("5".utf8).write(to: URL(filePath: path("clear_refs")))
    }

    /// The CPU time that its threads have used, in the kernel as well.
    var cpuTime: Duration { ProcessClock.cpuTime(of: process.processIdentifier) ?? .zero }

    private func path(_ file: String) -> String { "/proc/\(process.processIdentifier)/\(file)" }

    private func status(_ file: String) -> String {
        (try? String(contentsOfFile: path(file), encoding: .utf8)) ?? ""
    }
}
