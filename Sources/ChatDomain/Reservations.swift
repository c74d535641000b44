import Basics
import ChatProtocol

/// Names kept for members who were lost: for 120 s only the same device gets them back.
///
/// The oldest are first in line, so the next deadline is at the front. Bound: `ChatLimits.reservations`.
struct Reservations: Sendable {
    /// A lost session and how long its name is kept.
    struct Reservation: Sendable {
        let session: Session
        let until: Instant
    }

    private var reservations: [String: Reservation] = [:]
    /// Comparison keys, the earliest deadline first: all last equally long and time does not run backwards.
    private var order: [String] = []

    var count: Int { order.count }

    /// When the next reservation ends.
    var nextDeadline: Instant? {
        order.first.flatMap { reservations[$0]?.until }
    }

    /// The lost session that the name is kept for.
    func session(holding nameKey: String) -> Session? {
        reservations[nameKey]?.session
    }

    /// Keeps the session's name.
    ///
    /// - Returns: the session whose reservation had to end early because there were too many.
    mutating func insert(_ session: Session, at now: Instant) -> Session? {
        var displaced: Session?
        if order.count >= ChatLimits.reservations, let oldest = order.first { displaced = remove(oldest) }
        let key = session.name.key
        reservations[key] = Reservation(session: session, until: now + ChatLimits.reservation)
        order.append(key)
        return displaced
    }

    /// Ends the reservation of that name. O(reservations).
    mutating func remove(_ nameKey: String) -> Session? {
        guard let reservation = reservations.removeValue(forKey: nameKey) else { return nil }
        order.removeAll { $0 == nameKey }
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

    var count: Int { order.count }

    func session(_ key: SessionKey) -> Session? { sessions[key] }

    mutating func insert(_ session: Session) {
        if sessions.updateValue(session, forKey: session.key) != nil { order.removeAll { $0 == session.key } }
        order.append(session.key)
        if order.count > ChatLimits.rememberedSessions { sessions[order.removeFirst()] = nil }
    }

    /// Takes a session out, to go on with it. O(remembered sessions).
    mutating func remove(_ key: SessionKey) -> Session? {
        guard let session = sessions.removeValue(forKey: key) else { return nil }
        order.removeAll { $0 == key }
        return session
    }
}
