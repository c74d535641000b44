package import Basics
import Crypto

/// Who comes back with a ticket, and who takes the place of a member that is there.
extension ServerEndpoint {
    // MARK: R1

    mutating func receiveResume(
        _ datagram: Span<UInt8>, from address: SocketAddress, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) {
        guard greets else {
            drops.overLimit += 1
            return
        }
        guard let message = try? ResumeHello(parsing: datagram), let algorithm = suites.choice(of: message.hello.suites)
        else {
            drops.malformed += 1
            return
        }
        let bytes = [UInt8](copying: datagram)
        let key = ProvisionalTable.HelloKey(
            address: address, clientID: message.hello.clientID, sessionID: message.hello.sessionID)
        if let id = provisional.id(of: key) { return repeatAnswer(of: id, to: bytes, at: now) }
        let halfOpen = handshakes.count(of: .halfOpen) + provisional.count
        switch gate.passage(of: message.hello, from: address, halfOpen: halfOpen, at: now, using: &random) {
        case .closed: drops.unauthenticated += 1
        case .needsCookie: sendRetry(to: message.hello, from: address, at: now, using: &random)
        case .open(let isValidated):
            guard gate.takeAnswer(isValidated: isValidated, at: now) else {
                drops.overLimit += 1
                return
            }
            begin(message, bytes, key, algorithm, isValidated: isValidated, at: now, using: &random)
        }
    }

    private mutating func begin(
        _ message: ResumeHello, _ bytes: [UInt8], _ key: ProvisionalTable.HelloKey, _ algorithm: AEAD,
        isValidated: Bool, at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        guard let content = tickets?.open(message.ticket, passwordEpoch: passwordEpoch, at: now),
            let responder = ResumeResponder(
                message, bytes: bytes, content: content, algorithm: algorithm, using: &random)
        else { return refuseTicket(Transcript.resumeDigest(bytes), of: key.clientID, at: key.address, arrivedAt) }
        let id = responder.serverID
        handshakeCounters.resumed &+= 1
        provisional.insert(
            ProvisionalTable.Entry(
                address: key.address, local: arrivedAt, greeted: now, deviceKey: content.holder.deviceKey, hello: key,
                helloDigest: Transcript.resumeDigest(bytes), stage: .asked(responder), isValidated: isValidated),
            under: id, at: now)
        events.append(
            .resume(
                LoginID(handshake: id), holder: content.holder, payload: responder.request, address: key.address))
    }

    private mutating func repeatAnswer(of id: ConnectionID, to bytes: [UInt8], at now: Instant) {
        guard let entry = provisional[id], entry.repeats > 0, !entry.answer.isEmpty,
            entry.helloDigest == Transcript.resumeDigest(bytes)
        else {
            drops.overLimit += 1
            return
        }
        provisional[id]?.repeats -= 1
        answerStranger(entry.answer, to: entry.address, isValidated: entry.isValidated, at: now)
    }

    private mutating func refuseTicket(
        _ digest: [UInt8], of clientID: ConnectionID, at address: SocketAddress, _ local: SocketAddress.Host?
    ) {
        drops.ticketsRefused += 1
        var refusal = TicketRefusal(clientID: clientID, helloDigest: digest, signature: [])
        refusal.signature = identity.sign(Transcript.ticketRefusalSignatureInput(unsigned: refusal.unsigned))
        _ = answers.append(StrangerAnswer(address: address, local: local, datagram: refusal.encoded()))
    }

    // MARK: The owner's answers

    /// Answers a login or a resume, without letting it in yet: the first packet under its keys brings `confirmed`. What
    /// came by M3 is answered so when somebody with that name is there.
    ///
    /// - Parameters:
    ///   - request: what the client asked, and `payload`, what it is told; both come back with `confirmed`.
    ///   - alias: the client's messages under it are accepted after `cursor`, from the first packet on.
    package mutating func offer(
        _ login: LoginID, to holder: TicketHolder, request: [UInt8], payload: [UInt8], opening alias: UInt64,
        after cursor: UInt64, at now: Instant
    ) {
        let id = login.handshake
        let granted: (SessionKeys, TicketGrant)?
        if case .asked(let responder)? = provisional[id]?.stage {
            granted = answerResume(responder, to: holder, payload: payload, at: now)
        } else {
            granted = answerLogin(login, to: holder, payload: payload, at: now)
        }
        guard let (keys, grant) = granted else { return }
        var connection = Connection(role: .server, keys: keys, keyLimits: keyLimits, at: now)
        connection.open(alias: alias, after: cursor)
        provisional[id]?.stage = .offered(
            ProvisionalTable.Offer(connection: connection, grant: grant, request: request, promised: payload))
    }

    private mutating func answerResume(
        _ responder: ResumeResponder, to holder: TicketHolder, payload: [UInt8], at now: Instant
    ) -> (SessionKeys, TicketGrant) {
        let keys = responder.keys
        let grant = TicketGrant(holder: holder, secret: keys.secrets.resumption, passwordEpoch: passwordEpoch)
        let answer = responder.answer(
            VerdictPayload(
                isAccepted: true, application: payload, resetToken: resets.token(of: responder.serverID),
                ticket: issueTicket(grant, at: now)))
        sendAnswer(answer, of: responder.serverID)
        return (keys, grant)
    }

    private mutating func answerLogin(
        _ login: LoginID, to holder: TicketHolder, payload: [UInt8], at now: Instant
    ) -> (SessionKeys, TicketGrant)? {
        guard let responder = handshakes[login.handshake],
            let (verdict, keys, grant) = answer(login, payload: payload, holder: holder, at: now)
        else { return nil }
        provisional.insert(
            ProvisionalTable.Entry(
                address: responder.address, local: responder.local, greeted: responder.greeted,
                deviceKey: holder.deviceKey, hello: nil, helloDigest: [], stage: .refused),
            under: login.handshake, at: now)
        _ = answers.append(
            StrangerAnswer(address: responder.address, local: responder.local, datagram: verdict))
        return grant.map { (keys, $0) }
    }

    private mutating func sendAnswer(_ answer: [UInt8], of id: ConnectionID) {
        guard let entry = provisional[id] else { return }
        provisional[id]?.answer = answer
        _ = answers.append(StrangerAnswer(address: entry.address, local: entry.local, datagram: answer))
    }

    /// The ticket is good, yet its holder is not let in: this is told sealed.
    mutating func refuseResume(_ id: ConnectionID, payload: [UInt8]) {
        guard case .asked(let responder)? = provisional[id]?.stage else { return }
        sendAnswer(responder.answer(VerdictPayload(isAccepted: false, application: payload)), of: id)
        provisional[id]?.stage = .refused
    }

    /// Refuses a resume as if the ticket were none of ours: nobody learns by a ticket that its holder was banned.
    package mutating func refuseTicket(_ login: LoginID) {
        guard let entry = provisional[login.handshake], case .asked(let responder) = entry.stage else { return }
        provisional.remove(login.handshake)
        refuseTicket(entry.helloDigest, of: responder.clientID, at: entry.address, entry.local)
    }

    // MARK: The first packet

    /// Takes data for a connection that waits for its first packet.
    mutating func receiveFirst(_ datagram: Span<UInt8>, under id: ConnectionID, at now: Instant) {
        guard provisional.receive(datagram, under: id, mark: arrivalMark, scratch: &scratch, at: now),
            let entry = provisional[id], case .offered(var offer) = entry.stage
        else {
            drops.unauthenticated += 1
            return
        }
        guard !offer.isConfirmed else { return }
        offer.isConfirmed = true
        provisional[id]?.stage = .offered(offer)
        events.append(
            .confirmed(
                LoginID(handshake: id), holder: offer.grant.holder, request: offer.request, promised: offer.promised,
                address: entry.address))
    }

    /// Lets a login that was confirmed take its place: at its address, with what its packets brought.
    ///
    /// - Returns: the new peer; nil when the login is forgotten.
    package mutating func promote(_ login: LoginID, at now: Instant) -> PeerID? {
        guard let entry = provisional[login.handshake], case .offered(let offer) = entry.stage, offer.isConfirmed
        else { return nil }
        provisional.remove(login.handshake)
        provisional.forget(entry.deviceKey, before: entry.greeted)
        return settle(offer.connection, at: entry.address, local: entry.local, grant: offer.grant, now: now)
    }

    // MARK: Tickets

    /// Makes a ticket for a connection, when the server gives any.
    mutating func issueTicket(_ grant: TicketGrant, at now: Instant) -> [UInt8]? {
        tickets?.issue(to: grant.holder, secret: grant.secret, passwordEpoch: grant.passwordEpoch, at: now)
    }

    /// Makes a newer ticket for a member: the secret that belongs to it stays the same.
    ///
    /// - Returns: nil when the peer is gone or the server gives no tickets.
    package mutating func renewTicket(of id: PeerID, at now: Instant) -> [UInt8]? {
        grants[id].flatMap { issueTicket($0, at: now) }
    }

    /// The keys of tickets, when they have changed since this was asked last: to be stored.
    package mutating func takeChangedTicketKeys() -> [TicketKey]? {
        tickets?.takeChanged()
    }
}
