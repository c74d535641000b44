import CLinux
import Glibc

/// A file that did not exist before, for its owner alone (0600), and is written piece by piece.
package struct NewFile: ~Copyable {
    private let handle: Descriptor
    private let path: String

    /// - Throws: `FileError.system`, also when there is something of this name.
    package init(at path: String) throws(FileError) {
        let number = unsafe clinux_create_private(path)
        guard number >= 0 else { throw .system(SystemError(call: "open", subject: path, code: -number)) }
        handle = Descriptor(owning: number)
        self.path = path
    }

    /// What a `StreamWriter` writes to.
    package var descriptor: Int32 { handle.number }

    /// Waits until what was written is on the disk.
    ///
    /// - Throws: `FileError.system`.
    package borrowing func sync() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw .system(SystemError(call: "fsync", subject: path, code: errno)) }
    }
}
