/// The client's link to the server.
struct EnglishLink: LinkSentences {
    var wrongPassword: String { "The room password is wrong." }
    func tooManyAttempts(seconds: Int64) -> String {
        "Too many wrong passwords were tried from your address, or by all together. Try again in "
            + (seconds <= 1 ? "a second." : "\(seconds) seconds.")
    }
    var keyChanged: String {
        "This server shows another key than the one remembered for this address: it was set up anew, or somebody else"
            + " answers in its place. Nothing was sent. Ask the person who runs it; if the change is right, remove the"
            + " remembered key and connect again."
    }
    var notInvitedKey: String {
        "This server shows another key than your invitation names: the invitation is old, or somebody else answers in"
            + " the server's place. Nothing was sent. Ask the person who invited you for a new one."
    }
    var inviteContradictsPin: String {
        "Your invitation names another key than the one remembered for this address: the server was set up anew, or the"
            + " invitation is not from the person who runs it. Nothing was sent. Ask that person; if the invitation is"
            + " right, remove the remembered key and connect again."
    }
    var notUnderstood: String { "The server's answer could not be understood; are both of the same version?" }
    var passwordNeeded: String {
        "The server wants the room password again: this device has not been there for two weeks, or the password was"
            + " changed."
    }
    var notLetIn: String { "Somebody else was faster: the server did not let you in again." }
    var refused: String { "The server did not let you in." }
    var replaced: String { "You signed in again from elsewhere; this connection has ended." }
    var unreachable: String { "The server does not answer: check address and port, and that UDP is let through." }
    var lost: String { "The server was lost and did not come back in time." }
    var registerNeedsPassword: String {
        "Nobody can be asked for your personal password: set GAS_ACCOUNT_PASSWORD, or use :register at a terminal."
    }
    var registerLater: String {
        "The server is busy with what you asked before; use :register again in a moment."
    }
    var passwordNotHashed: String {
        "The personal password could not be hashed: the memory for it is missing, or the server asks for too much."
    }
    func registered(_ name: String) -> String {
        "The name \(name) is yours: with your personal password you have it on other devices too."
    }
    var kicked: String { "You were put out of this room." }
    var banned: String { "You were banned from this room." }

    // MARK: :stats

    func stats(_ parts: [String]) -> String { "The link: " + parts.joined(separator: ", ") }
    var connecting: String { "connecting" }
    var connected: String { "connected" }
    var leaving: String { "leaving" }
    func roundTrip(tenths: Int64) -> String { "round trip \(English.tenths(tenths)) ms" }
    func loss(perMille: Int) -> String { "loss \(English.tenths(Int64(perMille))) %" }
    func lastHeard(seconds: Int64) -> String { "last heard \(seconds) s ago" }
    func notConfirmed(_ count: Int) -> String { "\(count) not confirmed" }
}
