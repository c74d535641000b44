import Glibc

/// The few calls on descriptors that Foundation does otherwise than these tests need it.
enum Descriptors {
    /// Reads once, blocking.
    ///
    /// - Returns: nothing at the end, and when there is nothing more to be had (EIO: the other side of a terminal is
    ///   gone).
    static func readSome(_ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { return [UInt8](bytes[..<count]) }
            if count == 0 || errno != EINTR { return [] }
        }
    }

    /// Writes everything, blocking.
    ///
    /// - Returns: false when nobody reads any more.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}

/// Both sides of a pseudo-terminal.
final class PseudoTerminal: @unchecked Sendable {
    static let columns = 80
    static let rows = 24

    /// Where the keys go in and what is shown comes out.
    let keyboard: Int32
    /// What the program gets as its terminal; -1 once it has it.
    private(set) var terminal: Int32

    init() throws {
        keyboard = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard keyboard >= 0 else { throw Failure("no pseudo-terminal: errno \(errno)") }
        // TIOCSPTLCK and TIOCGPTPEER of <asm-generic/ioctls.h>, which Glibc's module lacks.
        var unlocked: CInt = 0
        guard unsafe ioctl(keyboard, 0x4004_5431, &unlocked) == 0 else {
            close(keyboard)
            throw Failure("unlockpt: errno \(errno)")
        }
        terminal = ioctl(keyboard, 0x5441, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else {
            close(keyboard)
            throw Failure("no terminal side: errno \(errno)")
        }
        var size = winsize(
            ws_row: UInt16(Self.rows), ws_col: UInt16(Self.columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = unsafe ioctl(terminal, UInt(TIOCSWINSZ), &size)
    }

    deinit {
        close(keyboard)
        handedOver()
    }

    /// The program has its side: when it ends, nobody holds that side any more, and reading from the keyboard's ends.
    func handedOver() {
        if terminal >= 0 { close(terminal) }
        terminal = -1
    }

    /// The flags of the local mode: whether it echoes, and cuts lines by itself.
    var localMode: (echoes: Bool, isCanonical: Bool) {
        var attributes = termios()
        _ = unsafe tcgetattr(keyboard, &attributes)
        return (attributes.c_lflag & tcflag_t(ECHO) != 0, attributes.c_lflag & tcflag_t(ICANON) != 0)
    }
}
