import Foundation
import SocketIO

/// What the system allows of sockets.
enum Sockets {
    /// Files that are open beside them.
    private static let others = 64

    /// Sees to it that so many may be open.
    ///
    /// - Throws: `SystemError` (EMFILE) that tells what would have to be allowed.
    static func allow(_ count: Int) throws(SystemError) {
        let granted = try DescriptorLimit.raise(to: count + others)
        guard granted >= count + others else {
            throw SystemError(
                call: "open", subject: "\(count) sockets, where ulimit -Hn is \(granted)", code: EMFILE)
        }
    }
}
