import Basics
import ChatProtocol

/// Who is present, by number and by name. Bound: the room's member limit, checked by the caller before `insert`.
struct NameTable: Sendable {
    private var sessions: [MemberID: Session] = [:]
    private var holders: [String: MemberID] = [:]
    private var byKey: [SessionKey: MemberID] = [:]
    private var byAccount: [AccountID: [MemberID]] = [:]
    /// By number, with the names that are shown: each newcomer is told them all, and sorting them then would take longer
    /// than the rest of a login.
    private var order: [(id: MemberID, name: String)] = []

    var count: Int { sessions.count }

    /// The present session with that number.
    subscript(id: MemberID) -> Session? { sessions[id] }

    /// The present session whose name has that comparison key.
    func holder(of nameKey: String) -> Session? {
        holders[nameKey].flatMap { sessions[$0] }
    }

    /// The present session of a device's run.
    func session(_ key: SessionKey) -> Session? {
        byKey[key].flatMap { sessions[$0] }
    }

    /// Everybody, in the order in which their sessions began: a dictionary's own order would differ from run to run.
    var all: [Session] {
        order.compactMap { sessions[$0.id] }
    }

    /// The names of all, in the same order.
    var displayNames: [String] { order.map(\.name) }

    private func place(of id: MemberID) -> Int { order.partitioningIndex { $0.id >= id } }

    /// The present sessions of an account, in the order in which they came.
    func sessions(of account: AccountID) -> [Session] {
        (byAccount[account] ?? []).compactMap { sessions[$0] }
    }

    /// Adds a session, or puts a newer state of it in its place. Its name is free or its own.
    mutating func insert(_ session: Session) {
        let old = sessions[session.id]
        if let old { holders[old.name.key] = nil }
        if old?.account != session.account {
            if let old { unlink(old) }
            byAccount[session.account, default: []].append(session.id)
        }
        let place = place(of: session.id)
        if old == nil {
            order.insert((session.id, session.name.display), at: place)
        } else {
            order[place].name = session.name.display
        }
        sessions[session.id] = session
        holders[session.name.key] = session.id
        byKey[session.key] = session.id
    }

    /// - Returns: the session that was there.
    mutating func remove(_ id: MemberID) -> Session? {
        guard let session = sessions.removeValue(forKey: id) else { return nil }
        order.remove(at: place(of: id))
        holders[session.name.key] = nil
        byKey[session.key] = nil
        unlink(session)
        return session
    }

    private mutating func unlink(_ session: Session) {
        byAccount[session.account]?.removeAll { $0 == session.id }
        if byAccount[session.account]?.isEmpty == true { byAccount[session.account] = nil }
    }
}
