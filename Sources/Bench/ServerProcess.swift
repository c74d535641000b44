import Basics
import Foundation
import SocketIO

/// The real `udp-server`, which lies beside this program, as a child process on a loopback port.
final class ServerProcess {
    static let password = "bench"

    let address: SocketAddress
    private let process = Process()
    private let folder: URL

    init() throws(SystemError) {
        address = try Self.freeAddress()
        let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        folder = FileManager.default.temporaryDirectory.appending(path: "gaschat-bench-\(UUID().uuidString)")
        process.executableURL = programs.appending(path: "udp-server")
        process.arguments = [
            "127.0.0.1", "-p", "\(address.port)", "--data", folder.path, "--json", "--no-console",
        ]
        process.environment = ["GAS_PASSWORD": Self.password, "HOME": folder.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try process.run()
        } catch {
            throw SystemError(call: "execve", subject: process.executableURL?.path ?? "udp-server", code: ENOENT)
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
    var peakMemoryBytes: Int {
        let line = status("status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Forgets the most memory that it had until now.
    func resetPeakMemory() {
        // proc(5): 5 resets the peak resident set size.
        try? Data("5".utf8).write(to: URL(filePath: "/proc/\(process.processIdentifier)/clear_refs"))
    }

    /// The CPU time that it has used, in the kernel as well, to a hundredth of a second.
    var cpuTime: Duration {
        // The program's name, in brackets, may hold anything; user and system time are the 12th and 13th field after it.
        let fields = status("stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else { return .zero }
        return .milliseconds((user + system) * 10)
    }

    private func status(_ file: String) -> String {
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(file)", encoding: .utf8)) ?? ""
    }
}
