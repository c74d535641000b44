import ChatProtocol

/// Who is present, by number and by name. Bound: the room's member limit, checked by the caller before `insert`.
struct NameTable: Sendable {
    private var sessions: [MemberID: Session] = [:]
    private var holders: [String: MemberID] = [:]

    var count: Int { sessions.count }

    /// The present session with that number.
    subscript(id: MemberID) -> Session? { sessions[id] }

    /// The present session whose name has that comparison key.
    func holder(of nameKey: String) -> Session? {
        holders[nameKey].flatMap { sessions[$0] }
    }

    /// Everybody, in the order in which their sessions began: a dictionary's own order would differ from run to run.
    var all: [Session] {
        sessions.values.sorted { $0.id < $1.id }
    }

    /// Adds a session, or puts a newer state of it in its place. Its name is free or its own.
    mutating func insert(_ session: Session) {
        if let old = sessions[session.id] { holders[old.name.key] = nil }
        sessions[session.id] = session
        holders[session.name.key] = session.id
    }

    /// - Returns: the session that was there.
    mutating func remove(_ id: MemberID) -> Session? {
        guard let session = sessions.removeValue(forKey: id) else { return nil }
        holders[session.name.key] = nil
        return session
    }
}
