package import Basics
package import ChatProtocol

/// Logging in: who may have the name, and whether a session goes on or begins.
///
///     name free                         -> new session (or a remembered one), `joined`
///     name reserved, same device        -> same incarnation: the session goes on; else a new one. `joined`
///     name present, same device         -> same incarnation: the session goes on; else it is replaced. Nobody sees it
///     name reserved or present, other   -> refused, `name-taken`
extension Chat {
    /// Handles a login whose password, name and device key were checked by the surroundings.
    ///
    /// When a present session goes on (the welcome has the number of a member who was there before), its earlier
    /// connection is to be dropped without a `leave`.
    ///
    /// - Parameters:
    ///   - name: the request's name, prepared.
    ///   - device: the key that the client proved to have.
    package mutating func login(
        _ request: LoginRequest, name: PreparedName, device: DeviceID, address: SocketAddress, at now: Instant,
        wall: WallTime
    ) -> LoginOutcome {
        expire(at: now)
        let holder = names.holder(of: name.key)
        let owner = holder ?? reservations.session(holding: name.key)
        let isTaken = owner.map { $0.device != device } ?? false
        if isTaken || name.key == configuration.operatorName.key {
            return refuse(.nameTaken, .nameTaken(name.display), name: name, address: address)
        }
        if holder == nil, names.count >= configuration.memberLimit {
            return refuse(.roomFull, .roomFull(limit: configuration.memberLimit), name: name, address: address)
        }

        var session = takeSession(of: request, name: name, device: device, holder: holder, address: address, wall: wall)
        session.address = address
        session.name = name
        if holder == nil { session.since = wall }
        names.insert(session)

        let welcome = welcome(session, request)
        announce(session, after: holder, wall: wall)
        sendMembers(label: 0, to: session.id)
        return .welcome(welcome)
    }

    /// The session to go on with: the one of the same device and incarnation, wherever it is kept, else a new one.
    /// The name is free of any other session afterwards.
    private mutating func takeSession(
        of request: LoginRequest, name: PreparedName, device: DeviceID, holder: Session?, address: SocketAddress,
        wall: WallTime
    ) -> Session {
        let key = SessionKey(device: device, incarnation: request.incarnation, nameKey: name.key)
        let reserved = reservations.remove(name.key)
        if let holder, holder.key == key { return holder }
        if let holder, let replaced = names.remove(holder.id) {
            memory.insert(replaced)
            emit(.replaced(replaced.id))
        }
        if let reserved {
            if reserved.key == key { return reserved }
            memory.insert(reserved)
        }
        if let remembered = memory.remove(key), names[remembered.id] == nil { return remembered }
        return Session(
            id: makeMemberID(), device: device, incarnation: request.incarnation, name: name, address: address,
            since: wall)
    }

    /// Tells the room, unless for everybody else the person never went away.
    private mutating func announce(_ session: Session, after holder: Session?, wall: WallTime) {
        guard let holder else {
            append(.joined, of: session.id, named: session.name.display, wall: wall)
            emit(.observed(.joined(name: session.name.display, address: session.address)))
            return
        }
        let oldName = holder.name.display
        guard !oldName.utf8.elementsEqual(session.name.display.utf8) else { return }
        append(.renamed(to: session.name.display), of: session.id, named: oldName, wall: wall)
    }

    /// Where the log is fed from: the client's own cursor if it belongs to this log, else before the history asked for.
    private func welcome(_ session: Session, _ request: LoginRequest) -> Welcome {
        var cursor = log.cursor(beforeLast: request.history)
        var resumed = false
        if let own = request.cursor, own.epoch == log.epoch, own.number <= log.end {
            cursor = own.number
            resumed = true
        }
        return Welcome(
            member: session.id, name: session.name.display, server: configuration.server, room: configuration.room,
            epoch: log.epoch, cursor: cursor, end: log.end, storedOutbox: session.storedOutbox, resumed: resumed)
    }

    private mutating func refuse(
        _ code: ErrorCode, _ sentence: Sentence, name: PreparedName, address: SocketAddress
    ) -> LoginOutcome {
        emit(.observed(.refused(name: name.display, address: address, reason: code)))
        return .refused(Refusal(code: code, text: sentence.english))
    }
}
