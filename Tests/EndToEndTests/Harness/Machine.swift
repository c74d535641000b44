import Foundation
import Testing

/// A machine of its own that needs no rights: a network namespace. A process that does nothing holds it, as long as its
/// input is open; it is gone with this object, or with the process.
final class Machine {
    private static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    private static let unshare = "/usr/bin/unshare"
    private static let nsenter = "/usr/bin/nsenter"

    private let process = Process()
    private let input = Pipe()

    /// The first of some machines: it is the administrator of all of them.
    convenience init() throws {
        try self.init(launcher: [Self.unshare, "--map-root-user", "--net"])
    }

    /// A further one, that interfaces of the first can be moved to.
    convenience init(beside first: Machine) throws {
        try self.init(launcher: first.entrance + [Self.unshare, "--net"])
    }

    private init(launcher: [String]) throws {
        let output = Pipe()
        process.executableURL = URL(filePath: launcher[0])
        process.arguments = launcher.dropFirst() + ["sh", "-c", "ip link set lo up && echo ready && exec cat"]
        process.environment = Self.environment
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.runUnmasked()
        guard !output.fileHandleForReading.availableData.isEmpty else { throw Failure("no namespaces here") }
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }

    /// By which number `ip link` knows it.
    var number: Int32 { process.processIdentifier }

    /// What makes a program run here, for `RunningProgram`.
    var entrance: [String] {
        [Self.nsenter, "--target", "\(number)", "--user", "--net", "--preserve-credentials"]
    }

    /// Runs a command line, whose words are separated by spaces, and waits for its end.
    func run(_ command: String) throws {
        try output(of: command.split(separator: " ").map(String.init))
    }

    /// Runs a command and waits for its end.
    ///
    /// - Returns: what it wrote to standard output.
    @discardableResult
    func output(of command: [String], input text: String? = nil) throws -> String {
        let process = Process()
        let words = entrance + command
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = Self.environment
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.runUnmasked()
        if let text { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }
        try input.fileHandleForWriting.close()
        let written = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let text = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            throw Failure("\(command.joined(separator: " ")): \(text)")
        }
        return String(decoding: written, as: UTF8.self)
    }

    /// Lays a wire to another machine; both ends have its name.
    func connect(_ name: String, to other: Machine, _ own: String, _ others: String) throws {
        try run("ip link add \(name) type veth peer name \(name) netns \(other.number)")
        for (machine, address) in [(self, own), (other, others)] {
            try machine.run("ip address add \(address) dev \(name)")
            try machine.run("ip link set \(name) up")
        }
    }
}
