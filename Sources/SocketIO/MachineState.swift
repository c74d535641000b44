package import Basics
import CLinux
import Glibc

/// What the system tells about itself, for who looks for faults.
package enum MachineState {
    /// The largest packet that an interface carries, in bytes; nil where there is no such interface.
    package static func mtu(of interface: String) -> Int? {
        let result = unsafe clinux_interface_mtu(interface)
        return result > 0 ? Int(result) : nil
    }

    /// Whether the kernel believes that something keeps its clock right. In a container nothing may tell it so.
    package static var isClockSynchronised: Bool { clinux_clock_is_synchronised() }

    /// How many IP packets came to this machine's interfaces and were not given to anybody here since it started, by
    /// `/proc/net/snmp` (IPv4) or `snmp6`; nil where the system does not tell. A packet that a firewall drops on its way
    /// in is one of them.
    package static func undeliveredPackets(isIPv6: Bool) -> Int64? {
        guard let bytes = try? SmallFile.read(isIPv6 ? "/proc/net/snmp6" : "/proc/net/snmp", limit: 65_536) else {
            return nil
        }
        return undelivered(in: String(decoding: bytes, as: UTF8.self), isIPv6: isIPv6)
    }

    /// Reads what `undeliveredPackets` is about from the text of the file. Total.
    static func undelivered(in text: String, isIPv6: Bool) -> Int64? {
        let lines = text.split(separator: "\n").map { $0.split { $0 == " " || $0 == "\t" } }
        if isIPv6 {
            func value(_ name: Substring) -> Int64? {
                lines.first { $0.first == name && $0.count == 2 }.flatMap { Int64($0[1]) }
            }
            guard let received = value("Ip6InReceives"), let delivered = value("Ip6InDelivers") else { return nil }
            return received &- delivered
        }
        // A line of names, then one of values.
        let rows = lines.filter { $0.first == "Ip:" }
        guard rows.count == 2, let first = rows[0].firstIndex(of: "InReceives"),
            let second = rows[0].firstIndex(of: "InDelivers"), rows[1].indices.contains(max(first, second)),
            let received = Int64(rows[1][first]), let delivered = Int64(rows[1][second])
        else { return nil }
        return received &- delivered
    }

    /// How many bytes the file system of a path has left for ordinary users; nil where it does not tell.
    package static func freeBytes(at path: String) -> UInt64? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : bytes
    }

    /// When a file was changed last; nil where there is none.
    package static func changeTime(of path: String) -> WallTime? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return WallTime(
            milliseconds: Int64(status.st_mtim.tv_sec) &* 1000 &+ Int64(status.st_mtim.tv_nsec / 1_000_000))
    }
}

/// Asking another program.
package enum CommandOutput {
    /// Runs a program and waits for its end. It gets an environment of its own and no input.
    ///
    /// - Parameters:
    ///   - command: an absolute path, then the arguments.
    ///   - limit: the most bytes that it may write to standard output.
    /// - Throws: `SystemError`: ENOENT where there is no such program, EACCES where it ended with a fault, ETIMEDOUT, EFBIG.
    package static func of(
        _ command: [String], limit: Int, within patience: Duration
    ) throws(SystemError) -> [UInt8] {
        // Each word with its end.
        let words = command.flatMap { word -> [UInt8] in Array(word.utf8) + [0] }
        var code: Int32 = 0
        let milliseconds = Int32(clamping: patience.wholeNanoseconds / 1_000_000)
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(1, limit)) { buffer, count in
            code = unsafe clinux_run(words, words.count, buffer.baseAddress, buffer.count, milliseconds)
            count = Int(max(0, code))
        }
        try SystemError.check(code, "run", command.first ?? "")
        return bytes
    }
}
