import ChatProtocol
import Sentences
import TextSafety

/// The rule for what a server may be called.
enum ServerName {
    /// - Returns: nil when it is fine.
    static func fault(in name: String) -> Phrase? {
        if name.isEmpty { return Phrase { $0.server.emptyName } }
        if name.utf8.count > ChatLimits.serverNameBytes {
            return Phrase { $0.server.nameTooLong }
        }
        return VisibleText.forLog(name) == name ? nil : Phrase { $0.server.nameUnprintable }
    }

    /// A name from the host's, whatever that is.
    static func from(host: String) -> String {
        fault(in: host) == nil ? host : "gaschat"
    }
}
