import CLinux

/// What this process uses of the machine.
package enum ProcessUsage {
    /// Bytes that are in memory; nil where the system does not tell.
    package static var residentBytes: Int64? {
        let bytes = clinux_resident_bytes()
        return bytes > 0 ? bytes : nil
    }

    /// Descriptors that are open; nil where the system does not tell, for instance because none is left to ask with.
    package static var descriptorCount: Int? {
        let count = clinux_descriptor_count()
        return count >= 0 ? Int(count) : nil
    }
}
