import Basics
import Foundation
import Glibc
import SocketIO

/// The real `udp-server`, which lies beside this program, with a data folder that outlives its processes.
final class CrashServer {
    static let password = "crash and come back"

    let address: SocketAddress
    let folder: URL
    private var process: Process?
    private let standardError: URL

    /// - Parameter more: further arguments of the server.
    init(_ more: [String] = []) throws(SystemError) {
        address = try Self.lastingAddress()
        arguments = more
        folder = FileManager.default.temporaryDirectory.appending(path: "gaschat-crash-\(UUID().uuidString)")
        standardError = folder.appending(path: "errors")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data().write(to: standardError)
        } catch {
            throw SystemError(call: "mkdir", subject: folder.path, code: EIO)
        }
    }

    private let arguments: [String]

    deinit {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Where the server keeps everything.
    var data: URL { folder.appending(path: "data") }

    /// Starts it. It is not there yet when this returns.
    func start() throws(SystemError) {
        let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let process = Process()
        process.executableURL = programs.appending(path: "udp-server")
        process.arguments =
            ["127.0.0.1", "-p", "\(address.port)", "--data", data.path, "--json", "--no-console"] + arguments
        process.environment = ["GAS_PASSWORD": Self.password, "HOME": folder.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try? FileHandle(forWritingTo: standardError)
        do {
            try process.run()
        } catch {
            throw SystemError(call: "execve", subject: process.executableURL?.path ?? "udp-server", code: ENOENT)
        }
        self.process = process
    }

    /// Ends it with SIGKILL, at once.
    func kill() {
        guard let process else { return }
        if process.isRunning { _ = Glibc.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        self.process = nil
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// - Returns: its exit status.
    func stop() -> Int32 {
        guard let process else { return -1 }
        process.terminate()
        process.waitUntilExit()
        self.process = nil
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    /// Whether it ended by itself, and what it said then.
    var lastWords: String? {
        guard let process, !process.isRunning else { return nil }
        let said = (try? String(contentsOf: standardError, encoding: .utf8)) ?? ""
        return "the server ended with \(process.terminationStatus): \(said.suffix(400))"
    }

    /// A port from below those that the system gives away, so that the server can have it again and again.
    private static func lastingAddress() throws(SystemError) -> SocketAddress {
        for _ in 0..<50 {
            let address = SocketAddress.loopback(port: UInt16.random(in: 20_000..<30_000))
            if (try? UDPSocket(binding: address)) != nil { return address }
        }
        throw SystemError(call: "bind", code: EADDRINUSE)
    }
}
