import Basics
import ChatDomain
import ChatProtocol
import Transport

/// Registered names at the entrance, and registering inside.
extension ServerCore {
    /// Looks at the answer to a challenge that a login carries.
    ///
    /// - Returns: why the login is refused; nil when it goes on: the device belongs to the account now, or there was
    ///   nothing to look at.
    mutating func prove(
        _ request: LoginRequest, _ name: PreparedName, _ device: DeviceID, address: SocketAddress, at now: Instant
    ) -> Refusal? {
        guard let answer = request.answer, let verdict = desk?.check(answer, nameKey: name.key, device: device, at: now)
        else { return nil }
        switch verdict {
        case .right:
            chat.adopt(device, by: name)
            return nil
        case .unknown: return nil  // What follows asks anew.
        case .wrong:
            observations.append(.refused(name: name.display, address: address, reason: .wrongPassword))
            let sentence = ServerSentence.personalPasswordWrong(name.display)
            let refusal = Refusal(code: .wrongPassword, text: sentence.wireText)
            return challenging(refusal, name, device, at: now)
        case .tooMany(let wait):
            observations.append(.refused(name: name.display, address: address, reason: .tooManyAttempts))
            let seconds = max(1, wait.components.seconds)
            let sentence = ServerSentence.tooManyPersonalPasswords(name.display, seconds: seconds)
            return Refusal(code: .tooManyAttempts, text: sentence.wireText)
        }
    }

    /// Adds a challenge to a refusal, where the name is somebody's who has a personal password.
    mutating func challenging(
        _ refusal: Refusal, _ name: PreparedName, _ device: DeviceID, at now: Instant
    ) -> Refusal {
        guard refusal.code == .nameTaken || refusal.code == .wrongPassword,
            let verifier = chat.verifier(of: name, for: device)
        else { return refusal }
        var refusal = refusal
        refusal.challenge = desk?.challenge(device, nameKey: name.key, verifier: verifier, at: now)
        return refusal
    }

    /// A step of registering.
    ///
    /// - Returns: whether it was one.
    mutating func register(
        _ request: ClientRequest, for member: MemberID, at peer: PeerID, at now: Instant, wall: WallTime
    ) -> Bool {
        guard case .account(let bytes) = request else { return false }
        guard let step = try? RegistrationRequest(decoding: bytes.span) else {
            endpoint.close(peer, CloseReason(code: CloseReason.violation, text: "malformed request"), at: now)
            lose(peer, reason: .timeout, at: now, wall: wall)
            return true
        }
        switch step {
        case .begin:
            let answer: RegistrationEvent
            if let salt = desk?.makeSalt() {
                answer = .salt(salt)
            } else {
                answer = .refused(Refusal(code: .notAllowed, text: ServerSentence.noRegistering.wireText))
            }
            run(.send(.account(answer.encoded()), to: member), at: now, wall: wall)
        case .keep(let verifier): chat.register(verifier.encoded(), by: member, at: now, wall: wall)
        }
        return true
    }
}
