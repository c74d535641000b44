import ChatProtocol
import TextSafety

/// The rule for what a server may be called.
enum ServerName {
    /// - Returns: nil when it is fine.
    static func fault(in name: String) -> String? {
        if name.isEmpty { return "the name is empty" }
        if name.utf8.count > ChatLimits.serverNameBytes {
            return "a server's name has at most \(ChatLimits.serverNameBytes) bytes"
        }
        return VisibleText.forLog(name) == name
            ? nil : "a server's name has printable characters only, and no backslash"
    }

    /// A name from the host's, whatever that is.
    static func from(host: String) -> String {
        fault(in: host) == nil ? host : "gaschat"
    }
}
