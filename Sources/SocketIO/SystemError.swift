import CLinux
import Glibc

/// A call to the operating system that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call, as its manual page is named: `bind`, `open`.
    package let call: String

    /// What it was about: a path, an address, or nothing.
    package let subject: String

    /// The error number (errno).
    package let code: Int32

    package init(call: String, subject: String = "", code: Int32) {
        self.call = call
        self.subject = subject
        self.code = code
    }

    /// The error's symbol, such as `EADDRINUSE`; the number where it has none.
    package var name: String {
        guard let name = unsafe clinux_error_name(code) else { return "error \(code)" }
        return unsafe String(cString: name)
    }

    /// The error in words, such as `Address already in use`.
    package var text: String {
        guard let text = unsafe clinux_error_text(code) else { return "unknown error" }
        return unsafe String(cString: text)
    }

    /// `bind 127.0.0.1:80: Permission denied (EACCES)`.
    package var description: String {
        subject.isEmpty ? "\(call): \(text) (\(name))" : "\(call) \(subject): \(text) (\(name))"
    }

    /// Another socket has the port.
    package var isAddressInUse: Bool { code == EADDRINUSE }
    /// The address is none of this machine's.
    package var isAddressUnavailable: Bool { code == EADDRNOTAVAIL }
    /// The machine has no IPv4 (or no IPv6).
    package var isFamilyUnsupported: Bool { code == EAFNOSUPPORT }
    /// The user may not do this.
    package var isPermissionDenied: Bool { code == EACCES || code == EPERM }
    /// There is no such file.
    package var isNotFound: Bool { code == ENOENT }
    /// Another process holds the lock (`FileLock`).
    package var isHeldElsewhere: Bool { code == EWOULDBLOCK }

    /// Passes a result of CLinux on: a value >= 0, or a negated error number.
    @discardableResult
    static func check(_ result: Int32, _ call: String, _ subject: String = "") throws(SystemError) -> Int32 {
        guard result >= 0 else { throw SystemError(call: call, subject: subject, code: -result) }
        return result
    }
}

extension SystemError {
    /// A library has no memory or no descriptors left, and does not say which.
    package static func outOfMemory(_ call: String) -> SystemError { SystemError(call: call, code: ENOMEM) }
}
