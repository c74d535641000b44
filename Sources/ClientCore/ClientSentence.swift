import Basics

/// What a client tells a person about its link, in English.
enum ClientSentence {
    static let wrongPassword = "The room password is wrong."
    static func tooManyAttempts(_ wait: Duration) -> String {
        "Too many wrong passwords were tried from your address, or by all together. Try again in "
            + (wait <= .seconds(1) ? "a second." : "\(wait.components.seconds) seconds.")
    }

    static let keyChanged =
        "This server shows another key than the one remembered for this address: it was set up anew, or somebody else"
        + " answers in its place. Nothing was sent. Ask the person who runs it; if the change is right, remove the"
        + " remembered key and connect again."
    static let notInvitedKey =
        "This server shows another key than your invitation names: the invitation is old, or somebody else answers in"
        + " the server's place. Nothing was sent. Ask the person who invited you for a new one."
    static let inviteContradictsPin =
        "Your invitation names another key than the one remembered for this address: the server was set up anew, or the"
        + " invitation is not from the person who runs it. Nothing was sent. Ask that person; if the invitation is"
        + " right, remove the remembered key and connect again."
    static let notUnderstood = "The server's answer could not be understood; are both of the same version?"
    static let passwordNeeded =
        "The server wants the room password again: this device has not been there for two weeks, or the password was"
        + " changed."
    static let notLetIn = "Somebody else was faster: the server did not let you in again."
    static let replaced = "You signed in again from elsewhere; this connection has ended."
    static let unreachable = "The server does not answer: check address and port, and that UDP is let through."
    static let lost = "The server was lost and did not come back in time."

    static let registerNeedsPassword =
        "Nobody can be asked for your personal password: set GAS_ACCOUNT_PASSWORD, or use :register at a terminal."
    static let registerLater = "The server is busy with what you asked before; use :register again in a moment."
    static let passwordNotHashed =
        "The personal password could not be hashed: the memory for it is missing, or the server asks for too much."
    static func registered(_ name: String) -> String {
        "The name \(name) is yours: with your personal password you have it on other devices too."
    }

    static func stats(_ status: LinkStatus, at now: Instant) -> String {
        var parts: [String] = []
        switch status.phase {
        case .connecting: parts.append("connecting")
        case .online: parts.append("connected")
        case .leaving, .finished: parts.append("leaving")
        }
        if let roundTrip = status.roundTrip { parts.append("round trip \(tenths(of: roundTrip)) ms") }
        if let loss = status.lossPerMille { parts.append("loss \(loss / 10).\(loss % 10) %") }
        if let heard = status.lastHeard { parts.append("last heard \((now - heard).components.seconds) s ago") }
        parts.append("\(status.unsent) not confirmed")
        return "The link: " + parts.joined(separator: ", ")
    }

    private static func tenths(of duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let tenths = seconds * 10_000 + attoseconds / 100_000_000_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }

    static func expelled(_ word: String) -> String {
        word == "banned" ? "You were banned from this room." : "You were put out of this room."
    }
}
