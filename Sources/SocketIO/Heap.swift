import CLinux

/// The memory that the process has asked for.
package enum Heap {
    /// Bytes in use now, in all threads; the figure that tells what dropping a value gives back. Slow: it walks the heap.
    package static var bytesInUse: Int {
        Int(clamping: clinux_heap_bytes())
    }

    /// Gives pages that hold nothing back to the system, also those between others that do; by itself the allocator keeps
    /// these. Takes milliseconds for each ten megabytes.
    package static func giveBack() { clinux_heap_give_back() }
}
