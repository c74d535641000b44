package import Basics
import ChatClient
import ChatProtocol
package import Crypto
import Sentences
import Transport

/// Personal passwords: proving one to come in under a registered name, and setting one.
extension ClientCore {
    /// How many challenges are answered with the same password: more than one only where the first came too late.
    private static let answersAtMost = 3

    /// A personal password that is under way to the server.
    struct Registration: Sendable {
        let password: PersonalPassword
    }

    // MARK: Coming in

    /// The login was refused. Where the name is registered and the personal password is known, it goes on with that.
    mutating func takeRefusal(
        _ refusal: Refusal, serverKey: [UInt8], at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        guard refusal.code == .nameTaken, let challenge = refusal.challenge, answersGiven < Self.answersAtMost,
            let password = identity.personalPassword, case .trying(let pacing, _) = phase
        else { return fail(refusal) }
        guard let answer = makeAnswer(to: challenge, password, serverKey: serverKey, using: &random) else {
            return fail(.refused, .notAllowed, words.passwordNotHashed)
        }
        answersGiven += 1
        self.answer = answer
        // A challenge is answered by who proves the room password.
        wasTicketIgnored = true
        phase = .trying(pacing, next: now)
    }

    private func makeAnswer(
        to challenge: AccountChallenge, _ password: PersonalPassword, serverKey: [UInt8],
        using random: inout some RandomNumberGenerator
    ) -> AccountAnswer? {
        guard let verifier = password.verifier(salt: challenge.salt.salt, cost: challenge.salt.cost) else { return nil }
        do throws(CPaceError) {
            let party = try AccountSecrets.party(
                salt: challenge.salt.salt, verifier: verifier, server: serverKey, device: identity.device.publicKey,
                session: challenge.session, scalar: AccountSecrets.scalar(using: &random))
            let tag = try AccountSecrets.tag(
                party, peerShare: challenge.share, serverShare: challenge.share, deviceShare: party.share,
                session: challenge.session)
            return AccountAnswer(session: challenge.session, share: party.share, tag: tag)
        } catch {
            return nil
        }
    }

    // MARK: Registering

    /// Whether the person is to be asked for a personal password to register with; asked for once.
    package mutating func takePasswordQuestion() -> Bool {
        defer { wantsPasswordToRegister = false }
        return wantsPasswordToRegister
    }

    /// The person wants the name registered: by the password that is known, else by one that is asked for.
    mutating func beginRegistration(at now: Instant) {
        guard registration == nil else { return }
        if let password = identity.personalPassword {
            register(with: password, at: now)
        } else if configuration.canAskPassword {
            wantsPasswordToRegister = true
        } else {
            state.failed(.usage, words.registerNeedsPassword)
        }
    }

    /// Registers the name with a personal password.
    package mutating func register(with password: PersonalPassword, at now: Instant) {
        registration = Registration(password: password)
        askForSalt(at: now)
    }

    /// Begins, or begins again over another connection.
    mutating func askForSalt(at now: Instant) {
        guard registration != nil, case .online = phase else { return }
        sendStep(.begin, at: now)
    }

    private mutating func sendStep(_ step: RegistrationRequest, at now: Instant) {
        let bytes = ClientRequest.account(step.encoded()).encoded()
        guard endpoint.withConnection({ $0.sendControl(bytes) }) != true else { return }
        registration = nil
        state.failed(.tooMany, words.registerLater)
    }

    /// A step of the server's.
    ///
    /// - Returns: false when it is not one.
    mutating func takeStep(_ bytes: [UInt8], at now: Instant) -> Bool {
        guard let event = try? RegistrationEvent(decoding: bytes.span) else { return false }
        guard let registration else { return true }
        switch event {
        case .salt(let salt):
            guard let verifier = registration.password.verifier(salt: salt.salt, cost: salt.cost) else {
                self.registration = nil
                state.failed(.notAllowed, words.passwordNotHashed)
                return true
            }
            sendStep(.keep(AccountVerifier(salt: salt, verifier: verifier.revealed())), at: now)
        case .registered(let name):
            self.registration = nil
            state.note(words.registered(name))
        case .refused(let refusal):
            self.registration = nil
            state.failed(refusal.code, configuration.language.text(ofServer: refusal.text))
        }
        return true
    }
}

extension AccountSalt {
    fileprivate var cost: PasswordCost { PasswordCost(passes: passes, kibibytes: kibibytes) }
}
