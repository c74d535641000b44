import Glibc

/// The three streams that a program is born with, and what stands in for them. This is where their system calls are made.
///
/// Each pointer given to the system is to a whole array, with that array's own count.
package enum StandardStream {
    package static let input: Int32 = 0
    package static let output: Int32 = 1
    package static let errors: Int32 = 2

    /// What came of a write.
    package enum Written: Hashable, Sendable {
        case bytes(Int)
        /// Nothing can be written now without waiting.
        case full
        /// Nobody reads any more.
        case closed
        /// The bytes are lost: the disk is full, or the like.
        case failed
    }

    /// What came of a read.
    package enum Read: Hashable, Sendable {
        case bytes([UInt8])
        /// Nothing is there now.
        case nothing
        /// Nothing more will come, also when the terminal hung up.
        case end
    }

    /// The most bytes of one read or write. POSIX: a write of at most PIPE_BUF bytes to a pipe that is ready does not
    /// wait.
    package static let chunkBytes = 4096

    /// For `write`: waits as long as it takes.
    package static let endlessPatience: Int32 = -1

    /// Whether a person sits there.
    package static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// Whether it is a file, which is always ready and which a `Poller` refuses.
    package static func isRegularFile(_ descriptor: Int32) -> Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether bytes wait to be read; false at the end of the input.
    package static func hasUnread(_ descriptor: Int32) -> Bool {
        var count: CInt = 0
        return unsafe ioctl(descriptor, UInt(FIONREAD), &count) == 0 && count > 0
    }

    /// Opens what is closed of the three as `/dev/null`, so that no socket gets one of their numbers and with it what is
    /// printed. To be called before anything is opened.
    package static func fillGaps() {
        for descriptor in input...errors where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is this one: those below were looked at before.
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }

    /// Writes at most `chunkBytes`, without waiting longer than wanted where that is possible.
    ///
    /// The stream's mode is left alone: it is shared with other programs, which may not expect a non-blocking one.
    ///
    /// - Parameter patience: how long to wait until the stream takes something, in milliseconds.
    package static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, patience: Int32 = 0) -> Written {
        var question = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&question, 1, patience) > 0 else { return .full }
        let chunk = bytes.prefix(chunkBytes)
        let result = unsafe chunk.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if result >= 0 { return .bytes(result) }
        switch errno {
        case EINTR: return .bytes(0)
        case EAGAIN: return .full
        case EPIPE, EBADF: return .closed
        default: return .failed
        }
    }

    /// Reads at most `chunkBytes` of what is there. Does not wait.
    package static func read(_ descriptor: Int32) -> Read {
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&question, 1, 0) > 0 else { return .nothing }
        var isRefused = false
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: chunkBytes) { buffer, count in
            let result = unsafe Glibc.read(descriptor, buffer.baseAddress, chunkBytes)
            isRefused = result < 0 && (errno == EINTR || errno == EAGAIN)
            count = max(0, result)
        }
        if isRefused { return .nothing }
        return chunk.isEmpty ? .end : .bytes(chunk)
    }
}
