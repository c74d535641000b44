package import Basics
import Sentences

/// What measured values come to.
package enum Judgement {
    /// Clocks may be so far apart: about as much as people notice on messages.
    package static let clockTolerance: Duration = .seconds(60)
    /// Below this a buffer does not hold what a class says in the moment that the program is not running: 250 datagrams
    /// of 100 bytes, as the kernel counts them (768 bytes each).
    package static let leastBufferBytes = 192_000
    /// Below this a disk counts as full.
    package static let leastFreeBytes: UInt64 = 64 << 20

    /// The clock of this machine against the server's.
    ///
    /// - Parameters:
    ///   - server: what the server said; nil where it said nothing.
    ///   - own: this machine's clock when that came.
    ///   - delay: how long the answer was under way at most.
    package static func clock(server: WallTime?, own: WallTime, delay: Duration) -> Finding {
        guard let server else { return .unknown(.clock) { $0.clockUnknown } }
        let (difference, overflow) = own.milliseconds.subtractingReportingOverflow(server.milliseconds)
        let distance = overflow ? .max : Int64(clamping: difference.magnitude)
        guard distance > (clockTolerance + delay).wholeNanoseconds / 1_000_000 else {
            return .well(.clock) { $0.clockFine }
        }
        return .fault(.clock, .system) { $0.clockOff(seconds: distance / 1000, isAhead: difference > 0) }
    }

    /// The clock of a machine against files that were written by it.
    ///
    /// - Parameters:
    ///   - files: when each was changed last.
    ///   - isKept: whether the system knows that something keeps the clock right.
    package static func clock(own: WallTime, files: [(path: String, changed: WallTime)], isKept: Bool) -> Finding {
        let latest = files.max { $0.changed < $1.changed }
        if let latest {
            let (ahead, overflow) = latest.changed.milliseconds.subtractingReportingOverflow(own.milliseconds)
            let distance = overflow ? .max : ahead
            if distance > clockTolerance.wholeNanoseconds / 1_000_000 {
                let path = latest.path
                return .fault(.clock, .system) { $0.clockBehind(path, seconds: distance / 1000) }
            }
        }
        return .well(.clock) { isKept ? $0.clockFine : $0.clockUnkept }
    }

    /// The buffers of a socket.
    ///
    /// - Parameters:
    ///   - granted: what the kernel gave for the smaller direction, in bytes.
    ///   - wanted: what was asked for.
    package static func buffers(granted: Int, wanted: Int) -> Finding {
        let kibibytes = granted / 1024
        if granted < leastBufferBytes {
            return .fault(.buffers, .system) { $0.buffersSmall(kibibytes, wanted: wanted) }
        }
        return .well(.buffers) {
            granted < wanted ? $0.buffersModest(kibibytes, wanted: wanted) : $0.buffersFine(kibibytes)
        }
    }

    /// The room on the disk of a data folder that can be written.
    package static func space(at path: String, free: UInt64) -> Finding {
        let mebibytes = Int64(clamping: free >> 20)
        if free < leastFreeBytes { return .fault(.data, .file) { $0.dataFull(path, free: mebibytes) } }
        return .well(.data) { $0.dataFine(path, free: mebibytes) }
    }

    /// What the server said to the password.
    ///
    /// - Parameter pinPath: where the server's key is kept that is known.
    package static func password(_ verdict: Knock.Verdict?, pinPath: String) -> Finding {
        switch verdict {
        case .welcome: .well(.password) { $0.passwordFine }
        case .wrongPassword: .fault(.password, .refused) { $0.passwordWrong }
        case .muted(let wait):
            .fault(.password, .refused) { $0.passwordMuted(seconds: wait.wholeNanoseconds / 1_000_000_000) }
        case .keyChanged: .fault(.server, .keyChanged) { $0.serverKeyChanged(pinPath) }
        case nil: .unknown(.password) { $0.notLookedAt }
        }
    }
}
