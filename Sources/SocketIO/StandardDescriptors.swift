import Glibc

/// Standard input, output and error.
package enum StandardDescriptors {
    /// Opens what is closed of the three as `/dev/null`, so that no socket gets one of their numbers and with it what is
    /// printed. To be called before anything is opened.
    package static func fillGaps() {
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is this one: those below were looked at before.
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }
}
