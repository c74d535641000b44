import Basics
import ChatProtocol

/// Names kept for members who were lost: for 120 s only the same device gets them back.
///
/// The oldest are first in line, so the next deadline is at the front. Bound: `ChatLimits.reservations`.
struct Reservations: Sendable {
    /// A lost session and how long its name is kept.
    struct Reservation: Sendable {
        var session: Session
        let until: Instant
    }

    private var reservations: [String: Reservation] = [:]
    private var nameKeys: [SessionKey: String] = [:]
    /// Comparison keys, the earliest deadline first: all last equally long and time does not run backwards.
    private var order: [String] = []

    var count: Int { order.count }

    /// When the next reservation ends.
    var nextDeadline: Instant? {
        order.first.flatMap { reservations[$0]?.until }
    }

    /// Every lost session, the one that goes first in front.
    var all: [Session] { order.compactMap { reservations[$0]?.session } }

    /// The lost session with that number. O(reservations).
    func session(_ id: MemberID) -> Session? {
        order.first { reservations[$0]?.session.id == id }.flatMap { reservations[$0]?.session }
    }

    /// The lost session of a device's run.
    func session(_ key: SessionKey) -> Session? {
        nameKeys[key].flatMap { reservations[$0]?.session }
    }

    /// The lost session that the name is kept for.
    func session(holding nameKey: String) -> Session? {
        reservations[nameKey]?.session
    }

    /// Keeps the session's name for a while.
    ///
    /// - Parameter duration: not shorter than that of any reservation that stands.
    /// - Returns: the session whose reservation had to end early because there were too many.
    mutating func insert(
        _ session: Session, for duration: Duration = ChatLimits.reservation, at now: Instant
    ) -> Session? {
        var displaced: Session?
        if order.count >= ChatLimits.reservations, let oldest = order.first { displaced = remove(oldest) }
        let key = session.name.key
        reservations[key] = Reservation(session: session, until: now + duration)
        nameKeys[session.key] = key
        order.append(key)
        return displaced
    }

    /// The requests of a lost session up to this number are stored. O(reservations).
    mutating func noteStored(_ member: MemberID, _ number: OutboxNumber) {
        guard let key = order.first(where: { reservations[$0]?.session.id == member }) else { return }
        let known = reservations[key]?.session.storedOutbox ?? 0
        reservations[key]?.session.storedOutbox = max(known, number)
    }

    /// Ends the reservation of that name. O(reservations).
    mutating func remove(_ nameKey: String) -> Session? {
        guard let reservation = reservations.removeValue(forKey: nameKey) else { return nil }
        order.removeAll { $0 == nameKey }
        if nameKeys[reservation.session.key] == nameKey { nameKeys[reservation.session.key] = nil }
        return reservation.session
    }

    /// Ends one reservation whose time is over.
    mutating func popExpired(at now: Instant) -> Session? {
        guard let deadline = nextDeadline, deadline <= now, let oldest = order.first else { return nil }
        return remove(oldest)
    }
}

/// Sessions that were replaced or whose reservation is over, remembered for their outbox alone.
///
/// A client that comes back after hours with the same process sends its unconfirmed lines again, and those that are in
/// the log must not get there twice.
///
/// Bound: `ChatLimits.rememberedSessions`; the oldest are forgotten first.
struct SessionMemory: Sendable {
    private var sessions: [SessionKey: Session] = [:]
    private var order: [SessionKey] = []
    private var numbers: [MemberID: SessionKey] = [:]

    var count: Int { order.count }

    /// The session of a device's run.
    func session(_ key: SessionKey) -> Session? { sessions[key] }

    /// The session with that number.
    func session(_ id: MemberID) -> Session? { numbers[id].flatMap { sessions[$0] } }

    mutating func update(_ id: MemberID, _ change: (inout Session) -> Void) {
        guard let key = numbers[id], var session = sessions[key] else { return }
        change(&session)
        sessions[key] = session
    }

    /// The session that was remembered last under a name. O(remembered sessions).
    func latest(named nameKey: String) -> Session? {
        order.last { sessions[$0]?.name.key == nameKey }.flatMap { sessions[$0] }
    }

    /// - Returns: the session that had to be forgotten because there were too many, or another of the same run.
    mutating func insert(_ session: Session) -> Session? {
        let other = sessions[session.key].flatMap { $0.id == session.id ? nil : forget($0.key) }
        numbers[session.id] = session.key
        if other != nil || sessions[session.key] != nil { order.removeAll { $0 == session.key } }
        sessions[session.key] = session
        order.append(session.key)
        guard order.count > ChatLimits.rememberedSessions else { return other }
        return forget(order.removeFirst())
    }

    private mutating func forget(_ key: SessionKey) -> Session? {
        guard let session = sessions.removeValue(forKey: key) else { return nil }
        if numbers[session.id] == key { numbers[session.id] = nil }
        return session
    }

    /// The requests of a session up to this number are stored.
    mutating func noteStored(_ member: MemberID, _ number: OutboxNumber) {
        guard let key = numbers[member] else { return }
        let known = sessions[key]?.storedOutbox ?? 0
        sessions[key]?.storedOutbox = max(known, number)
    }

    /// Takes a session out, to go on with it. O(remembered sessions).
    mutating func remove(_ key: SessionKey) -> Session? {
        guard let session = forget(key) else { return nil }
        order.removeAll { $0 == key }
        return session
    }
}
