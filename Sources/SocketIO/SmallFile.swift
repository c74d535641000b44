import Basics
import CLinux
import Glibc

/// Why a file is not what is needed.
package enum FileError: Error, Hashable, Sendable, CustomStringConvertible {
    case system(SystemError)
    /// It is longer than it may be.
    case tooLarge(path: String, limit: Int)
    /// Other users may read or change it, but it holds a secret. `mode` holds its permission bits.
    case exposed(path: String, mode: UInt32)

    package var description: String {
        switch self {
        case .system(let error): error.description
        case .tooLarge(let path, let limit): "\(path): longer than \(limit) bytes"
        case .exposed(let path, let mode):
            "\(path): other users can read or change it (mode 0\(String(mode, radix: 8))); chmod 600 helps"
        }
    }
}

/// Files that fit in memory: keys, passwords, configuration.
package enum SmallFile {
    /// Who may be able to open a file that is read.
    package enum Audience: Hashable, Sendable {
        case anyone
        /// No permission at all for group and others.
        case ownerOnly
    }

    /// Reads a whole file, also a pipe.
    ///
    /// - Parameter limit: the most bytes that it may have.
    /// - Throws: `FileError`.
    package static func read(
        _ path: String, limit: Int, audience: Audience = .anyone
    ) throws(FileError) -> [UInt8] {
        var buffer = try contents(of: path, capacity: max(0, limit) + 1, audience: audience)
        guard buffer.count <= limit else {
            wipe(&buffer)
            throw .tooLarge(path: path, limit: limit)
        }
        return buffer
    }

    /// Reads the first line of a file, without its line end (LF, or CR and LF); what follows it is ignored.
    ///
    /// The line may be a password: the caller wipes it. No other copy is left in memory.
    ///
    /// - Parameter limit: the most bytes that the line may have.
    /// - Throws: `FileError`.
    package static func readFirstLine(
        _ path: String, limit: Int, audience: Audience = .anyone
    ) throws(FileError) -> [UInt8] {
        // Two bytes more than the line: a line of just the limit still shows its line end.
        var buffer = try contents(of: path, capacity: max(0, limit) + 2, audience: audience)
        defer { wipe(&buffer) }
        var end = buffer.firstIndex(of: 0x0a) ?? buffer.count
        if end < buffer.count, end > 0, buffer[end - 1] == 0x0d { end -= 1 }
        guard end <= limit else { throw .tooLarge(path: path, limit: limit) }
        // Byte by byte: a slice would share the buffer's memory, and the wipe would go to a copy.
        var line: [UInt8] = []
        line.reserveCapacity(end)
        for index in 0..<end { line.append(buffer[index]) }
        return line
    }

    /// Replaces a file as a whole, readable for its owner alone (0600): after a crash it is the old one or the new one.
    ///
    /// - Parameter survivesPowerCut: whether it waits for the disk. Where it need not, a file that is often replaced
    ///   costs little; only the process may crash then.
    /// - Throws: `FileError.system`; the old file is untouched then, unless it was the very last step, bringing the new
    ///   name to the disk, that failed.
    package static func write(
        _ bytes: [UInt8], to path: String, survivesPowerCut: Bool = true
    ) throws(FileError) {
        var random = SystemRandomNumberGenerator()
        // In the same directory, since a rename works within one file system only; a random name, so that two writers
        // never share one.
        let temporary = "\(path).\(String(random.next(), radix: 36)).new"
        do throws(SystemError) {
            try writeNewFile(bytes, to: temporary, isSynced: survivesPowerCut)
            guard unsafe rename(temporary, path) == 0 else {
                throw SystemError(call: "rename", subject: path, code: errno)
            }
        } catch {
            _ = unsafe unlink(temporary)
            throw .system(error)
        }
        guard survivesPowerCut else { return }
        do throws(SystemError) {
            try SystemError.check(unsafe clinux_sync_directory(parent(of: path)), "fsync", path)
        } catch {
            throw .system(error)
        }
    }

    /// Makes a directory and those above it where they do not exist; each new one is for its owner alone (0700).
    ///
    /// An existing directory stays as it is.
    ///
    /// - Throws: `FileError.system`, among others for a name that is there but no directory (ENOTDIR).
    package static func makeDirectory(_ path: String) throws(FileError) {
        var missing: [String] = []
        var current = path
        var hasBase = false
        while true {
            let code = unsafe mkdir(current, 0o700) == 0 ? 0 : errno
            if code == 0 || isDirectory(current) {
                hasBase = true
                guard let next = missing.popLast() else { return }
                current = next
            } else if code == ENOENT, !hasBase, missing.count < depthLimit {
                missing.append(current)
                current = parent(of: current)
            } else {
                let reported = code == EEXIST ? ENOTDIR : code
                throw .system(SystemError(call: "mkdir", subject: current, code: reported))
            }
        }
    }

    /// Removes a file; one that is not there is no fault.
    ///
    /// - Throws: `FileError.system`.
    package static func remove(_ path: String) throws(FileError) {
        guard unsafe unlink(path) != 0, errno != ENOENT else { return }
        throw .system(SystemError(call: "unlink", subject: path, code: errno))
    }

    /// The permission bits of a file or folder that this process may read.
    ///
    /// - Throws: `FileError.system`.
    package static func permissions(of path: String) throws(FileError) -> UInt32 {
        var mode: UInt32 = 0
        let number = unsafe clinux_open_to_read(path, &mode)
        guard number >= 0 else { throw .system(SystemError(call: "open", subject: path, code: -number)) }
        _ = Descriptor(owning: number)
        return mode
    }

    /// Whether there is something of this name.
    package static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// How deep a directory may lie; longer paths than PATH_MAX do not exist.
    private static let depthLimit = 2048
}

extension SmallFile {
    /// Reads at most `capacity` bytes from the start of a file.
    private static func contents(
        of path: String, capacity: Int, audience: Audience
    ) throws(FileError) -> [UInt8] {
        var mode: UInt32 = 0
        let number = unsafe clinux_open_to_read(path, &mode)
        guard number >= 0 else { throw .system(SystemError(call: "open", subject: path, code: -number)) }
        let file = Descriptor(owning: number)
        guard audience == .anyone || mode & 0o077 == 0 else { throw .exposed(path: path, mode: mode) }

        var code: Int32 = 0
        // The array is made at its full size, so that it never moves and leaves a copy behind.
        let buffer = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            while count < capacity {
                // The pointer stays inside the array: at most what is left of it is read.
                let start = unsafe buffer.baseAddress.map { unsafe $0 + count }
                let result = unsafe Glibc.read(file.number, start, capacity - count)
                if result > 0 { count += result }
                if result == 0 { break }
                if result < 0, errno != EINTR {
                    code = errno
                    break
                }
            }
        }
        guard code == 0 else { throw .system(SystemError(call: "read", subject: path, code: code)) }
        return buffer
    }

    private static func writeNewFile(_ bytes: [UInt8], to path: String, isSynced: Bool) throws(SystemError) {
        let file = Descriptor(owning: try SystemError.check(unsafe clinux_create_private(path), "open", path))
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                // `written` is below the count here.
                unsafe Glibc.write(file.number, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
            }
            guard result >= 0 || errno == EINTR else {
                throw SystemError(call: "write", subject: path, code: errno)
            }
            written += max(0, result)
        }
        guard !isSynced || fsync(file.number) == 0 else { throw SystemError(call: "fsync", subject: path, code: errno) }
    }

    /// The directory that a path lies in: `.` for a bare name, `/` at the top.
    static func parent(of path: String) -> String {
        var parts = path[...]
        while parts.count > 1, parts.last == "/" { parts.removeLast() }
        guard let slash = parts.lastIndex(of: "/") else { return "." }
        parts = parts[..<slash]
        while parts.last == "/" { parts.removeLast() }
        return parts.isEmpty ? "/" : String(parts)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        let count = bytes.count
        // The array writes to its own memory here, exactly its own length.
        unsafe bytes.withUnsafeMutableBytes { buffer in unsafe clinux_wipe(buffer.baseAddress, count) }
    }
}
