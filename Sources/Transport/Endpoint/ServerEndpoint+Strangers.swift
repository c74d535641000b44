import Basics
import Crypto

/// What strangers say: hellos and finishes. An answer to them is never longer than what it answers.
extension ServerEndpoint {
    mutating func receiveHello(
        _ datagram: Span<UInt8>, from address: SocketAddress, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) {
        guard greets else {
            drops.overLimit += 1
            return
        }
        guard let hello = try? Hello(parsing: datagram) else {
            if let foreign = Hello.foreignVersion(of: datagram) {
                answerStranger(
                    VersionReply(clientID: foreign.clientID, versions: [Limits.version]).encoded(), to: address, at: now
                )
            } else {
                drops.malformed += 1
            }
            return
        }
        if let id = handshakes.id(of: hello, from: address) {
            if let answer = handshakes[id]?.receiveRepeat(ofHello: [UInt8](copying: datagram)) {
                answerStranger(answer, to: address, isValidated: !hello.cookie.isEmpty, at: now)
            } else {
                drops.overLimit += 1
            }
            return
        }
        guard let algorithm = suites.choice(of: hello.suites) else {
            drops.malformed += 1
            return
        }
        switch gate.passage(
            of: hello, from: address, halfOpen: handshakes.count(of: .halfOpen) + provisional.count, at: now,
            using: &random)
        {
        case .closed: drops.unauthenticated += 1
        case .needsCookie: sendRetry(to: hello, from: address, at: now, using: &random)
        case .open(let isValidated):
            begin(hello, datagram, algorithm, from: address, isValidated: isValidated, at: now, using: &random)
        }
    }

    private mutating func begin(
        _ hello: Hello, _ datagram: Span<UInt8>, _ algorithm: AEAD, from address: SocketAddress, isValidated: Bool,
        at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        guard gate.takeAnswer(isValidated: isValidated, at: now) else {
            // Others have used up what there is for forged addresses: who has a real one shows it and goes on.
            if isValidated {
                drops.overLimit += 1
            } else {
                sendRetry(to: hello, from: address, at: now, using: &random)
            }
            return
        }
        guard
            var responder = try? Responder(
                hello: hello, bytes: [UInt8](copying: datagram), from: address, identity: identity, password: password,
                algorithm: algorithm, at: now, using: &random)
        else {
            drops.malformed += 1
            return
        }
        responder.local = arrivedAt
        handshakeCounters.begun &+= 1
        handshakes.insert(responder, hello: hello, at: now)
        _ = answers.append(StrangerAnswer(address: address, local: arrivedAt, datagram: responder.firstAnswer))
    }

    mutating func sendRetry(
        to hello: Hello, from address: SocketAddress, at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        guard let retry = gate.retry(to: hello, from: address, at: now, using: &random),
            answers.append(StrangerAnswer(address: address, local: arrivedAt, datagram: retry.encoded()))
        else {
            drops.overLimit += 1
            return
        }
        handshakeCounters.challenged &+= 1
    }

    mutating func receiveFinish(_ datagram: Span<UInt8>, from address: SocketAddress, at now: Instant) {
        guard let header = try? ConfirmationHeader(parsing: datagram, type: .finish) else {
            drops.malformed += 1
            return
        }
        let id = header.destination
        guard handshakes[id]?.address == address,
            let step = handshakes[id]?.receiveFinish(
                datagram, identity: identity, wait: gate.admission.wait(of: address, at: now))
        else {
            drops.unknown += 1
            return
        }
        // Who names the server's ID has heard M2.
        switch step {
        case .none: drops.unauthenticated += 1
        case .answer(let bytes): answerStranger(bytes, to: address, isValidated: true, at: now)
        case .wrongPassword(let reject):
            handshakes.finish(id, as: .rejected, at: now)
            handshakeCounters.guessed &+= 1
            gate.admission.failed(from: address, at: now)
            answerStranger(reject, to: address, isValidated: true, at: now)
            events.append(.wrongPassword(address: address))
        case .turnedAway(let reject):
            handshakes.finish(id, as: .rejected, at: now)
            drops.turnedAway += 1
            answerStranger(reject, to: address, isValidated: true, at: now)
            if gate.takeReport(at: now) { events.append(.tooManyAttempts(address: address)) }
        case .login(let login):
            handshakeCounters.proved &+= 1
            gate.admission.succeeded(from: address, at: now)
            events.append(
                .login(
                    LoginID(handshake: id), deviceKey: login.deviceKey, payload: login.application, address: address))
        }
    }

    /// Queues an answer to somebody who has not proved the password, if the budget for all such answers allows it.
    mutating func answerStranger(
        _ datagram: [UInt8], to address: SocketAddress, isValidated: Bool = false, at now: Instant
    ) {
        guard gate.takeAnswer(isValidated: isValidated, at: now),
            answers.append(StrangerAnswer(address: address, local: arrivedAt, datagram: datagram))
        else {
            drops.overLimit += 1
            return
        }
    }
}
