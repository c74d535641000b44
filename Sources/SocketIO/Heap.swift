import CLinux

/// The memory that the process has asked for.
package enum Heap {
    /// Bytes in use now, in all threads; the figure that tells what dropping a value gives back. Slow: it walks the heap.
    package static var bytesInUse: Int {
        Int(clamping: clinux_heap_bytes())
    }
}
