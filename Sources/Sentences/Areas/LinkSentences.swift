/// The client's link to the server.
package protocol LinkSentences: Sendable {
    /// The room password is not the right one.
    var wrongPassword: String { get }
    /// Too many wrong passwords were tried; the seconds to wait.
    func tooManyAttempts(seconds: Int64) -> String
    /// The server's key is not the pinned one.
    var keyChanged: String { get }
    /// The server's key is not the one of the invitation.
    var notInvitedKey: String { get }
    /// The invitation names another key than the pinned one.
    var inviteContradictsPin: String { get }
    /// The server's answer makes no sense.
    var notUnderstood: String { get }
    /// A ticket does not do any more.
    var passwordNeeded: String { get }
    /// The server did not let the client in again.
    var notLetIn: String { get }
    /// A refusal without a reason.
    var refused: String { get }
    /// The same person came in from elsewhere.
    var replaced: String { get }
    /// Nothing was heard at the first connection.
    var unreachable: String { get }
    /// The server was there, and did not come back.
    var lost: String { get }
    /// `:register` without anybody to ask.
    var registerNeedsPassword: String { get }
    /// `:register` while the server still answers the former one.
    var registerLater: String { get }
    /// A personal password can't be hashed.
    var passwordNotHashed: String { get }
    /// The name is registered.
    func registered(_ name: String) -> String
    /// The person was put out.
    var kicked: String { get }
    /// The person was banned.
    var banned: String { get }

    // MARK: :stats

    /// The answer to `:stats`, made of the parts below.
    func stats(_ parts: [String]) -> String
    /// How the link stands.
    var connecting: String { get }
    /// How the link stands.
    var connected: String { get }
    /// How the link stands.
    var leaving: String { get }
    /// A time there and back, in tenths of a millisecond.
    func roundTrip(tenths: Int64) -> String
    /// Datagrams that do not arrive, per mille.
    func loss(perMille: Int) -> String
    /// Since when nothing was heard.
    func lastHeard(seconds: Int64) -> String
    /// Lines without a receipt.
    func notConfirmed(_ count: Int) -> String
}
