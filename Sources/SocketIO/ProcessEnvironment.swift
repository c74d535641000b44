import Glibc

/// What the system tells this process about itself: its environment variables and the host's name.
///
/// To be used before another thread starts: the environment has no lock.
package enum ProcessEnvironment {
    /// - Returns: nil when there is no such variable.
    package static func variable(_ name: String) -> String? {
        // The text is the system's, ended by a zero, and copied here.
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(cString: text)
    }

    /// Moves a secret out of the environment: what other programs can see of it (`/proc/<pid>/environ`) is overwritten,
    /// and no program started from here inherits it.
    ///
    /// - Returns: the variable's bytes, for the caller to wipe; nil when there is no such variable.
    package static func takeSecret(_ name: String) -> [UInt8]? {
        guard let text = unsafe getenv(name) else { return nil }
        // A variable's memory is writable and ends with a zero (environ(7)); only the bytes before that are touched.
        let count = unsafe strlen(text)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in 0..<count { bytes.append(unsafe UInt8(bitPattern: text[index])) }
        unsafe explicit_bzero(text, count)
        unsafe unsetenv(name)
        return bytes
    }

    /// Whether this process may do everything.
    package static var isRoot: Bool { geteuid() == 0 }

    /// The host's name; empty when the system does not tell.
    package static var hostName: String {
        // HOST_NAME_MAX is 64 on Linux; one byte more than is lent stays zero and ends the text.
        var bytes = [CChar](repeating: 0, count: 257)
        guard unsafe gethostname(&bytes, 256) == 0 else { return "" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
