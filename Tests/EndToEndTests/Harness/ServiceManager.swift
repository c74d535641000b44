import Foundation
import Glibc
import Testing

/// What a service manager hears from its service: a socket of datagrams, in the file system or abstract.
final class ManagerSocket {
    /// What NOTIFY_SOCKET says.
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        try #require(bytes.count < 100)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            for (index, byte) in bytes.enumerated() { unsafe place[index] = index == 0 && byte == 0x40 ? 0 : byte }
        }
        // An abstract name ends with its last byte, a path with a zero.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (path.hasPrefix("@") ? 0 : 1))
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
        }
        guard result == 0 else { throw Failure("can't bind \(path): errno \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    /// The next message: its lines by their names; nil when none comes in time.
    func next(within patience: TimeInterval = RunningProgram.patience) -> [String: String]? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, Int32(patience * 1_000)) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
        return lines.reduce(into: [:]) { fields, line in
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
    }

    /// Waits for a message with this line; those before it are passed over.
    @discardableResult
    func hear(_ name: String) throws -> [String: String] {
        let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
        while let message = next(within: max(0, deadline.timeIntervalSinceNow)) {
            if message[name] != nil { return message }
        }
        throw Failure("the service manager did not hear \(name)")
    }
}

/// A page over HTTP.
enum WebPage {
    /// - Returns: the answer's status and what it says; nil when nobody answers.
    static func get(_ path: String, port: Int) -> (status: Int, text: String)? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        guard result == 0, Descriptors.writeAll(request, to: descriptor) else { return nil }
        var bytes: [UInt8] = []
        while true {
            let more = Descriptors.readSome(descriptor)
            guard !more.isEmpty else { break }
            bytes += more
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"), let status = text.split(separator: " ").dropFirst().first else {
            return nil
        }
        return Int(status).map { ($0, String(text[end.upperBound...])) }
    }
}
