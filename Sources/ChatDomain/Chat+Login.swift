package import Basics
package import ChatProtocol

/// Logging in: who may have the name, and whether a session goes on or begins.
///
///     name free                          -> new session (or a remembered one), `joined`
///     name reserved, same account        -> same incarnation: the session goes on; else a new one. `joined`
///     name present, same account         -> same incarnation: the session goes on; else it is replaced. Nobody sees it
///     name kept since a restart, same    -> the session goes on. Nobody sees it
///     name of another account, or banned -> refused
///
/// A session is that of a device's run, whatever the name. Who comes back within the same run goes by the name that the
/// session has here: somebody may have been renamed and not have heard of it. A later run goes by the name it asks for.
extension Chat {
    /// The name that a login is about.
    ///
    /// - Parameter asked: the request's name, prepared.
    package func name(asked: PreparedName, in request: LoginRequest, of device: DeviceID) -> PreparedName {
        request.continuesRun ? awaitedSession(of: request, device: device)?.name ?? asked : asked
    }

    /// Whether a login takes the place of somebody who is in the room.
    package func isPresent(_ name: PreparedName, orIn request: LoginRequest, of device: DeviceID) -> Bool {
        let key = SessionKey(device: device, incarnation: request.incarnation)
        return names.holder(of: name.key) != nil || names.session(key) != nil
    }

    /// What a login would get, if it were handled now: so a client can be told before it has proved that it hears us.
    /// Nothing of anybody is touched.
    ///
    /// - Parameter isReported: whether a refusal is told the operator.
    /// - Returns: the welcome, whose number is to be given to `login`; it stays good while the log does.
    package mutating func preview(
        _ request: LoginRequest, name: PreparedName, device: DeviceID, address: SocketAddress, isReported: Bool,
        at now: Instant, wall: WallTime
    ) -> LoginOutcome {
        expire(at: now, wall: wall)
        if let refused = refusal(of: name, request, device: device, address: address) {
            return isReported ? refuse(refused, name: name, address: address) : .refused(refused)
        }
        if let untold = takeUntold(request, device) { return .refused(untold) }
        let known = knownSession(of: request, device: device)
        guard known != nil || memberNumbers.hasNext else { return .unavailable }
        var session =
            known
            ?? Session(
                id: makeMemberID(), account: .server, device: device, incarnation: request.incarnation, name: name,
                address: address, since: wall)
        session.name = name
        return .welcome(welcome(session, request))
    }

    /// Whether a login would still get the number that `preview` promised.
    package func isGood(promised: MemberID, for request: LoginRequest, device: DeviceID) -> Bool {
        knownSession(of: request, device: device).map { $0.id == promised } ?? (names[promised] == nil)
    }

    /// The session of the same device and run, wherever it is kept.
    private func knownSession(of request: LoginRequest, device: DeviceID) -> Session? {
        awaitedSession(of: request, device: device)
            ?? memory.session(SessionKey(device: device, incarnation: request.incarnation))
    }

    /// The session of the same device and run, if it is present or its name is kept for it.
    private func awaitedSession(of request: LoginRequest, device: DeviceID) -> Session? {
        let key = SessionKey(device: device, incarnation: request.incarnation)
        return names.session(key) ?? reservations.session(key)
    }

    /// How often the person of a device was put out: what was promised before counts no more.
    package func expulsions(of device: DeviceID) -> Int { accounts.account(of: device)?.expulsions ?? 0 }

    /// Whether a ban keeps somebody out.
    package func isBanned(_ name: PreparedName, _ device: DeviceID, _ address: SocketAddress) -> Bool {
        ban(of: name, device, address) != nil
    }

    private func ban(of name: PreparedName, _ device: DeviceID, _ address: SocketAddress) -> Ban? {
        // Who is banned under the registered name is the same person on another device, whatever the name now.
        let registered = accounts.account(of: device)?.registered
        return rules.ban(of: device, nameKey: name.key, address: address)
            ?? registered.flatMap { rules.ban(ofPerson: $0.key) }
    }

    /// Whether the person of a device, who had another name, has this one now: who was renamed is still the same.
    package func goes(by name: PreparedName, _ device: DeviceID) -> Bool {
        accounts.account(of: device)?.name.key == name.key
    }

    /// Handles a login whose password, name and device key were checked by the surroundings.
    ///
    /// When a present session goes on (the welcome has the number of a member who was there before), its earlier
    /// connection is to be dropped without a `leave`.
    ///
    /// - Parameters:
    ///   - name: the request's name, prepared.
    ///   - device: the key that the client proved to have.
    ///   - promised: the number for a new session, when `preview` gave one.
    package mutating func login(
        _ request: LoginRequest, name: PreparedName, device: DeviceID, address: SocketAddress,
        promised: MemberID? = nil, at now: Instant, wall: WallTime
    ) -> LoginOutcome {
        expire(at: now, wall: wall)
        if let refused = refusal(of: name, request, device: device, address: address) {
            return refuse(refused, name: name, address: address)
        }
        if let untold = takeUntold(request, device) { return .refused(untold) }
        let known = knownSession(of: request, device: device)
        guard promised != nil || memberNumbers.hasNext || known != nil else { return .unavailable }
        let former = former(of: known, named: name)
        let account = account(of: device, named: name)
        var session =
            takeSession(known, name: name)
            ?? Session(
                id: promised ?? makeMemberID(), account: account.id, device: device,
                incarnation: request.incarnation, name: name, address: address, since: wall)
        session.isReturning = false
        session.account = account.id
        session.address = address
        session.name = name
        session.history = request.history
        if former == nil { session.since = wall }
        names.insert(session)
        resetFeeds(of: session.id)

        let welcome = welcome(session, request)
        if let former {
            announceRename(of: session, from: former.name, wall: wall)
        } else {
            appendToRoom(.joined, of: session, wall: wall)
            hold(.effect(.observed(.joined(name: session.name.display, address: session.address))))
        }
        store(session, isPresent: true)
        sendMembers(label: 0, to: session.id)
        if welcome.resumed, let own = request.cursor, logs.room.hasLost(own.number) {
            tellForgotten(in: .room, to: session.id)
        }
        return .welcome(welcome)
    }

    /// Whom everybody takes for present, and who goes on as a session under a name: nil when somebody joins. Nobody was
    /// told that whoever was there when the server ended is gone.
    private func former(of known: Session?, named name: PreparedName) -> Session? {
        if let known, names[known.id] != nil || known.isReturning { return known }
        let kept = reservations.session(holding: name.key)
        return names.holder(of: name.key) ?? (kept?.isReturning == true ? kept : nil)
    }

    /// Why a device can't have that name now; nil when it can.
    private func refusal(
        of name: PreparedName, _ request: LoginRequest, device: DeviceID, address: SocketAddress
    ) -> Refusal? {
        if let ban = ban(of: name, device, address) {
            return Refusal(code: .banned, text: ServerSentence.banned(reason: ban.reason).wireText)
        }
        let account = accounts.account(of: device)
        let holder = names.holder(of: name.key)
        let owner = holder ?? reservations.session(holding: name.key)
        let isTaken = owner.map { $0.device != device && $0.account != account?.id } ?? false
        if isTaken || name.key == configuration.operatorName.key {
            return Refusal(code: .nameTaken, text: ServerSentence.nameTaken(name.display).wireText)
        }
        if let registrant = accounts.account(registering: name.key), registrant.id != account?.id {
            return Refusal(code: .nameTaken, text: ServerSentence.nameRegistered(name.display).wireText)
        }
        if !configuration.admitsGuests, account?.registered == nil {
            return Refusal(code: .notAllowed, text: ServerSentence.registeredOnly.wireText)
        }
        if account == nil, !hasRoomForAccount {
            return Refusal(code: .roomFull, text: ServerSentence.tooManyPeople.wireText)
        }
        if !isPresent(name, orIn: request, of: device), names.count >= configuration.memberLimit {
            let sentence = ServerSentence.roomFull(limit: configuration.memberLimit)
            return Refusal(code: .roomFull, text: sentence.wireText)
        }
        return nil
    }

    /// The session to go on with, from wherever it is kept; nil when a new one begins. The name is free of any other
    /// session afterwards.
    private mutating func takeSession(_ known: Session?, name: PreparedName) -> Session? {
        if let holder = names.holder(of: name.key), holder.id != known?.id, let replaced = names.remove(holder.id) {
            feeds[replaced.id] = nil
            store(replaced, isPresent: false)
            remember(replaced)
            emit(.replaced(replaced.id))
        }
        if let reserved = reservations.remove(name.key), reserved.id != known?.id {
            store(reserved, isPresent: false)
            remember(reserved)
        }
        guard let known else { return nil }
        if reservations.session(known.key) != nil { _ = reservations.remove(known.name.key) }
        _ = memory.remove(known.key)
        return known
    }

    /// Who never went away may have come back under another spelling of the name.
    private mutating func announceRename(of session: Session, from old: PreparedName, wall: WallTime) {
        guard !old.display.utf8.elementsEqual(session.name.display.utf8) else { return }
        append(.renamed(to: session.name.display), to: .room, of: session.id, named: old.display, wall: wall)
    }

    /// Where the log is fed from: the client's own cursor if it belongs to this log, else before the history asked for;
    /// before both for a later run of a client, which begins with an empty screen.
    ///
    /// Only what is stored counts: what is not, the client sends again or is shown when it is.
    private func welcome(_ session: Session, _ request: LoginRequest) -> Welcome {
        let log = logs.room
        var cursor = log.cursor(beforeLast: request.history)
        var end = log.visible
        var resumed = false
        // A client may have seen what a power cut took since: numbers were skipped then, so it is not beyond the end.
        if let own = request.cursor, own.epoch == log.epoch, own.number <= log.end {
            cursor = max(request.wantsHistoryAgain ? min(own.number, cursor) : own.number, log.trimmedThrough)
            end = max(end, own.number)
            resumed = true
        }
        return Welcome(
            member: session.id, name: session.name.display, server: configuration.server, room: configuration.room,
            epoch: log.epoch, cursor: cursor, end: end, storedOutbox: session.storedOutbox, resumed: resumed)
    }

    private mutating func refuse(_ refusal: Refusal, name: PreparedName, address: SocketAddress) -> LoginOutcome {
        emit(.observed(.refused(name: name.display, address: address, reason: refusal.code)))
        return .refused(refusal)
    }

    /// A number for a new session: never given before, as the store knows already that it may be.
    mutating func makeMemberID() -> MemberID {
        memberNumbers.last &+= 1
        reserveMembers()
        return MemberID(rawValue: memberNumbers.last)
    }

    /// Has the store note some numbers of sessions ahead, where few are left.
    mutating func reserveMembers() {
        guard memberNumbers.isScarce else { return }
        let through = memberNumbers.reserve()
        storing.note(.count(counter: Counter.member, through: UInt64(through)))
        hold(.members(through: through))
    }
}

/// The numbers of sessions. A client learns its own with the welcome, before its login is stored, and knows its lines by
/// it: so the store has noted a block of numbers before the first of them is given.
struct MemberNumbers: Sendable {
    /// How many are reserved at a time.
    private static let block: UInt32 = 256

    /// The number given last.
    var last: UInt32 = 0
    /// Numbers up to here may be given.
    var usable: UInt32 = 0
    /// The store was told of numbers up to here.
    private var noted: UInt32 = 0

    var hasNext: Bool { last < usable }
    var isScarce: Bool { noted < last || noted - last < Self.block / 2 }

    mutating func reserve() -> UInt32 {
        noted = last &+ Self.block
        return noted
    }
}
