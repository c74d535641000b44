import Basics
import ChatDomain
import ChatProtocol
import TextSafety
import Transport

/// Coming in: by the password, or by a ticket.
///
/// Who comes by the password, and has a name that nobody has at the moment, is in at once. Everybody else is told what
/// to expect, and is in when the first packet under the new keys comes: until then the connection, name and address of
/// whoever is there stay as they are, so neither a repeated R1 nor a late M3 of a client that is dead takes anything over.
extension ServerCore {
    mutating func handleLogin(
        _ login: LoginID, deviceKey: [UInt8], payload: [UInt8], address: SocketAddress, at now: Instant,
        wall: WallTime
    ) {
        guard case .serving = phase else { return }
        guard let device = DeviceID(bytes: deviceKey),
            let request = try? LoginRequest(decoding: payload.span)
        else {
            let refusal = Refusal(code: .notAllowed, text: ServerSentence.loginUnfit.wireText)
            return endpoint.refuse(login, payload: refusal.encoded(), at: now)
        }
        let asked: PreparedName
        do throws(NameError) {
            asked = PreparedName(try NameRule.prepare(request.name))
        } catch {
            let refusal = refusal(ofName: request.name, from: address, wall: wall)
            return endpoint.refuse(login, payload: refusal.encoded(), at: now)
        }
        if let refusal = prove(request, asked, device, address: address, at: now) {
            return endpoint.refuse(login, payload: refusal.encoded(), at: now)
        }
        let name = chat.name(asked: asked, in: request, of: device)
        let isPresent = chat.isPresent(name, orIn: request, of: device)
        let outcome =
            isPresent
            ? chat.preview(
                request, name: name, device: device, address: address, isReported: true, at: now, wall: wall)
            : chat.login(request, name: name, device: device, address: address, at: now, wall: wall)
        switch outcome {
        case .refused(let refusal):
            endpoint.refuse(login, payload: challenging(refusal, name, device, at: now).encoded(), at: now)
        case .unavailable: return
        case .welcome(let welcome):
            let holder = holder(deviceKey, welcome, request)
            if isPresent {
                offer(login, welcome, to: holder, request: payload, at: now)
            } else {
                admit(login, welcome, holder: holder, at: now, wall: wall)
            }
        }
    }

    /// The answer to a name that can't be one. Without any name somebody only looks whether all is well, and what time it is
    /// here: nobody need hear of it.
    private mutating func refusal(ofName name: String, from address: SocketAddress, wall: WallTime) -> Refusal {
        if name.isEmpty { return Refusal(code: .nameInvalid, text: ServerSentence.serverTime(wall).wireText) }
        observations.append(.refused(name: VisibleText.forLog(name), address: address, reason: .nameInvalid))
        let shown = name.cut(toBytes: ChatLimits.nameBytes)
        return Refusal(code: .nameInvalid, text: ServerSentence.nameInvalid(shown).wireText)
    }

    mutating func handleResume(
        _ login: LoginID, holder ticketed: TicketHolder, payload: [UInt8], address: SocketAddress, at now: Instant,
        wall: WallTime
    ) {
        guard case .serving = phase else { return }
        guard let device = DeviceID(bytes: ticketed.deviceKey),
            let identity = try? TicketIdentity(decoding: ticketed.identity.span),
            let request = try? LoginRequest(decoding: payload.span),
            let owned = try? NameRule.prepare(identity.name), let safe = try? NameRule.prepare(request.name),
            owned.key == safe.key || chat.goes(by: PreparedName(safe), device)
        else { return endpoint.refuseTicket(login) }
        let name = chat.name(asked: PreparedName(safe), in: request, of: device)
        let outcome = chat.preview(
            request, name: name, device: device, address: address, isReported: false, at: now, wall: wall)
        switch outcome {
        // A ticket tells nobody that its holder was banned. The password is asked for, and then the truth is told.
        case .refused(let refusal) where refusal.code == .banned: endpoint.refuseTicket(login)
        case .refused(let refusal): endpoint.refuse(login, payload: refusal.encoded(), at: now)
        case .unavailable: return
        case .welcome(let welcome):
            offer(login, welcome, to: holder(ticketed.deviceKey, welcome, request), request: payload, at: now)
        }
    }

    /// The first packet of somebody who was made an offer came: whether they may come in is asked once more.
    mutating func confirm(
        _ login: LoginID, holder: TicketHolder, request bytes: [UInt8], promised: [UInt8], address: SocketAddress,
        at now: Instant, wall: WallTime
    ) {
        guard case .serving = phase, let device = DeviceID(bytes: holder.deviceKey),
            let offered = OfferedLogin(bytes), let request = try? LoginRequest(decoding: offered.request.span),
            let promised = try? Welcome(decoding: promised.span), let safe = try? NameRule.prepare(request.name)
        else { return }
        let name = chat.name(asked: PreparedName(safe), in: request, of: device)
        guard chat.isGood(promised: promised.member, for: request, device: device) else {
            return turnAway(login, CloseReason.superseded, at: now)
        }
        guard chat.expulsions(of: device) == offered.expulsions else {
            let isBanned = chat.isBanned(name, device, address)
            return turnAway(login, (isBanned ? LeaveReason.banned : .kicked).rawValue, at: now)
        }
        let outcome = chat.login(
            request, name: name, device: device, address: address, promised: promised.member, at: now, wall: wall)
        switch outcome {
        case .refused(let refusal): turnAway(login, refusal.code.rawValue, at: now)
        case .unavailable: return
        case .welcome(let welcome):
            if let former = peerOfMember[welcome.member] { replace(former, at: now) }
            guard let peer = endpoint.promote(login, at: now) else {
                return chat.leave(welcome.member, reason: .timeout, at: now, wall: wall)
            }
            settle(welcome.member, at: peer, after: promised.cursor, at: now)
        }
    }

    /// What was promised does not hold any more.
    private mutating func turnAway(_ login: LoginID, _ word: String, at now: Instant) {
        guard let peer = endpoint.promote(login, at: now) else { return }
        endpoint.close(peer, CloseReason(code: CloseReason.firstApplicationCode, text: word), at: now)
    }

    private mutating func admit(
        _ login: LoginID, _ welcome: Welcome, holder: TicketHolder, at now: Instant, wall: WallTime
    ) {
        guard let peer = endpoint.accept(login, payload: welcome.encoded(), holder: holder, at: now) else {
            return chat.leave(welcome.member, reason: .timeout, at: now, wall: wall)
        }
        endpoint.open(alias: ChannelAlias.outbox, after: welcome.storedOutbox, from: peer, at: now)
        settle(welcome.member, at: peer, after: welcome.cursor, at: now)
    }

    private mutating func offer(
        _ login: LoginID, _ welcome: Welcome, to holder: TicketHolder, request: [UInt8], at now: Instant
    ) {
        let expulsions = DeviceID(bytes: holder.deviceKey).map { chat.expulsions(of: $0) } ?? 0
        let offered = OfferedLogin(request: request, expulsions: expulsions)
        endpoint.offer(
            login, to: holder, request: offered.bytes, payload: welcome.encoded(), opening: ChannelAlias.outbox,
            after: welcome.storedOutbox, at: now)
    }

    private mutating func settle(_ member: MemberID, at peer: PeerID, after cursor: EntryNumber, at now: Instant) {
        peerOfMember[member] = peer
        memberOfPeer[peer] = member
        renewals.set(peer, to: now + Limits.ticketRenewal)
        endpoint.pace(alias: ChannelAlias.outbox, at: memberLimits.lines, from: peer)
        endpoint.pace(alias: Connection.control, at: memberLimits.requests, from: peer)
        endpoint.feed(
            log: UInt64(LogID.room.rawValue), as: ChannelAlias.room, after: cursor, to: peer, at: now)
    }

    private func holder(_ deviceKey: [UInt8], _ welcome: Welcome, _ request: LoginRequest) -> TicketHolder {
        let identity = TicketIdentity(name: welcome.name, incarnation: request.incarnation)
        return TicketHolder(deviceKey: deviceKey, identity: identity.encoded())
    }

    /// The session goes on over another connection.
    mutating func replace(_ peer: PeerID, at now: Instant) {
        renewals.remove(peer)
        if let member = memberOfPeer.removeValue(forKey: peer) { peerOfMember[member] = nil }
        endpoint.close(
            peer, CloseReason(code: CloseReason.replaced, text: "signed in again from elsewhere"), at: now)
    }

    /// Sends newer tickets to members whose ones get old: a client that is there for weeks can still come back.
    mutating func renewTickets(at now: Instant) {
        while let peer = renewals.popDue(at: now) {
            guard memberOfPeer[peer] != nil else { continue }
            renewals.set(peer, to: now + Limits.ticketRenewal)
            guard let ticket = endpoint.renewTicket(of: peer, at: now) else { continue }
            // Where so much waits already, the next one will do.
            _ = endpoint.sendControl(ServerEvent.ticket(ticket).encoded(), to: peer, at: now)
        }
    }
}

/// What is kept of a login while its first packet is awaited.
struct OfferedLogin {
    /// The login request, encoded.
    let request: [UInt8]
    /// How often the person had been put out by then: who is put out meanwhile does not come in by it.
    let expulsions: Int

    init(request: [UInt8], expulsions: Int) {
        self.request = request
        self.expulsions = expulsions
    }

    init?(_ bytes: [UInt8]) {
        var rest = bytes.span
        guard let count = try? rest.take(UInt64.self), let expulsions = Int(exactly: count) else { return nil }
        self.expulsions = expulsions
        request = Array(bytes.dropFirst(MemoryLayout<UInt64>.size))
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(UInt64(expulsions))
        return bytes + request
    }
}

extension CloseReason {
    /// The word of a connection that came too late: another one of the same client is there.
    static let superseded = "superseded"
}
