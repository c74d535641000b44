import CLinux

/// An exclusive lock on a file (flock): one process at a time uses a data folder. It ends with its owner, also when the
/// process is killed.
package struct FileLock: ~Copyable, Sendable {
    private let handle: Descriptor

    /// Locks a file without waiting; makes it, readable for its owner alone, where it does not exist.
    ///
    /// The file stays when the lock ends: to remove it would let two processes hold locks on two files of one name.
    ///
    /// - Throws: `SystemError`; `isHeldElsewhere` when another lock holds the file.
    package init(path: String) throws(SystemError) {
        var failedCall: UnsafePointer<CChar>?
        let result = unsafe clinux_lock_file(path, &failedCall)
        guard result >= 0 else {
            let call = unsafe failedCall.map { unsafe String(cString: $0) } ?? "flock"
            throw SystemError(call: call, subject: path, code: -result)
        }
        handle = Descriptor(owning: result)
    }
}
