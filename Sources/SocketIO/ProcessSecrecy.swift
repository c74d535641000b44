import CLinux

/// Keeps what is in this process's memory, keys above all, from other processes and from the disk.
package enum ProcessSecrecy {
    /// Forbids core dumps (RLIMIT_CORE 0, for good), and that processes of the same user look into this one (ptrace,
    /// `/proc/<pid>/mem`; PR_SET_DUMPABLE of prctl(2)). Root can still look.
    ///
    /// A program that is started from here may be inspected again, but leaves no core dump either.
    ///
    /// - Throws: `SystemError` where the system does not let itself be told.
    package static func forbidInspection() throws(SystemError) {
        try SystemError.check(clinux_forbid_core_dumps(), "setrlimit")
        try setInspectable(false)
    }

    static func setInspectable(_ isInspectable: Bool) throws(SystemError) {
        try SystemError.check(clinux_set_inspectable(isInspectable), "prctl")
    }

    /// Whether processes of the same user may look into this one.
    static var isInspectable: Bool { clinux_is_inspectable() }

    /// Whether a crash could write this process's memory to the disk.
    static var allowsCoreDumps: Bool { clinux_allows_core_dumps() }
}
