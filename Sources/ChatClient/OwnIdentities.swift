import ChatProtocol

/// The member numbers under which this client has spoken: its own lines are known by them, also after the server forgot
/// the session and gave it a new number.
///
/// Bound: `ChatLimits.ownIdentities`; the oldest are forgotten first.
struct OwnIdentities: Sendable {
    struct Identity: Hashable, Sendable {
        let epoch: LogEpoch
        let member: MemberID
    }

    private(set) var known: [Identity] = []

    init(known: [Identity] = []) {
        self.known = Array(known.suffix(ChatLimits.ownIdentities))
    }

    var count: Int { known.count }

    func contains(_ member: MemberID, in epoch: LogEpoch) -> Bool {
        known.contains(Identity(epoch: epoch, member: member))
    }

    /// Notes the number of a welcome.
    ///
    /// - Returns: whether the client had another number in this log before: the new session does not know then which
    ///   lines of the outbox are stored.
    mutating func note(_ member: MemberID, in epoch: LogEpoch) -> Bool {
        let identity = Identity(epoch: epoch, member: member)
        guard !known.contains(identity) else { return false }
        let isChange = known.contains { $0.epoch == epoch }
        known.append(identity)
        if known.count > ChatLimits.ownIdentities { known.removeFirst() }
        return isChange
    }
}
