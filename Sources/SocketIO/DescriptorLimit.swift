import CLinux

/// How many files and sockets this process may have open.
package enum DescriptorLimit {
    /// Lets the process open so many, as far as the system's hard limit (RLIMIT_NOFILE of setrlimit(2)) allows; the limit
    /// never falls.
    ///
    /// - Returns: how many it may open now, fewer than wanted where the hard limit is lower.
    /// - Throws: `SystemError` where the system does not let itself be asked.
    package static func raise(to wanted: Int) throws(SystemError) -> Int {
        var granted: UInt64 = 0
        let result = unsafe clinux_allow_descriptors(UInt64(max(0, wanted)), &granted)
        try SystemError.check(result, "setrlimit")
        return Int(clamping: granted)
    }
}
