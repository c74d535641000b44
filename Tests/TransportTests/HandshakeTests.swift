import Basics
import Crypto
import Testing

@testable import Transport

struct HandshakeTests {
    @Test("with the same password both sides come to the same keys, and the server hears the login once")
    func succeeds() throws {
        var world = LoginWorld()
        var (client, _, _, finish) = try world.handshakeUntilFinish()
        let verdict = try #require(world.ask(finish).first)
        client.receive(verdict.span, at: world.now)
        guard case .accepted(let keys, let serverKey, let payload, _) = client.outcome else {
            Issue.record("not accepted")
            return
        }
        #expect(payload == [1, 2, 3])
        #expect(serverKey == TestKeys.signing(100).publicKey)
        #expect(world.logins == [Array("ana".utf8)])
        var connection = Connection(role: .client, keys: keys, at: world.now)
        _ = connection.sendControl([42])
        var datagram: [UInt8] = []
        let hasDatagram = connection.pollTransmit(into: &datagram, from: TestLog(), at: world.now)
        #expect(hasDatagram)
        let answers = world.ask(datagram)
        #expect(world.messages == [[42]])
        var scratch: [UInt8] = []
        #expect(answers.count == 1)
        for answer in answers {
            let authenticated = connection.receive(answer.span, scratch: &scratch, at: world.now)
            #expect(authenticated)
        }
        #expect(!connection.hasUnconfirmed)
    }

    @Test("a refusal reaches the client with its reason, and no peer comes of it")
    func refuses() throws {
        var world = LoginWorld()
        world.policy = .refuse
        var (client, _, _, finish) = try world.handshakeUntilFinish()
        let verdict = try #require(world.ask(finish).first)
        client.receive(verdict.span, at: world.now)
        guard case .refused(let payload, _) = client.outcome else {
            Issue.record("not refused")
            return
        }
        #expect(payload == [1, 2, 3])
        #expect(world.server.peerCount == 0)
    }

    @Test("8: a wrong password is told by a REJECT that the client believes, and counted once")
    func rejectsWrongPasswords() throws {
        var world = LoginWorld()
        var (client, _, _, finish) = try world.handshakeUntilFinish(password: "guess")
        let reject = try #require(world.ask(finish).first)
        #expect(reject.count == Reject.bytes)
        client.receive(reject.span, at: world.now)
        #expect(client.isRejected)
        #expect(world.wrongPasswords == 1)
        #expect(world.logins.isEmpty)
    }

    @Test("8: a rejected M3 that comes again gets the same REJECT three times, then silence")
    func repeatsRejectThreeTimes() throws {
        var world = LoginWorld()
        let (_, _, _, finish) = try world.handshakeUntilFinish(password: "guess")
        let first = world.ask(finish)
        let repeats = (0..<5).map { _ in world.ask(finish) }
        #expect(repeats == [first, first, first, [], []])
        #expect(world.wrongPasswords == 1)
    }

    @Test("8: a second try on a rejected handshake is ignored, even with the right password")
    func tombstonesStay() throws {
        var world = LoginWorld()
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        _ = world.ask(changed(finish, at: 17))
        #expect(world.wrongPasswords == 1)
        #expect(world.ask(finish).isEmpty)
        #expect(world.ask(changed(finish, at: 18)).isEmpty)
        #expect(world.wrongPasswords == 1)
        #expect(world.logins.isEmpty)
    }

    @Test("a REJECT with any byte changed is no REJECT")
    func ignoresCorruptedRejects() throws {
        var world = LoginWorld()
        var (client, _, _, finish) = try world.handshakeUntilFinish(password: "guess")
        let reject = try #require(world.ask(finish).first)
        for index in reject.indices { client.receive(changed(reject, at: index).span, at: world.now) }
        #expect(client.outcome == nil)
        client.receive(reject.span, at: world.now)
        #expect(client.isRejected)
    }

    @Test("a REJECT that answers another M3 than was sent is ignored")
    func ignoresForeignRejects() throws {
        var world = LoginWorld()
        var (client, _, _, finish) = try world.handshakeUntilFinish(password: "guess")
        let reject = try #require(world.ask(changed(finish, at: 60)).first)
        client.receive(reject.span, at: world.now)
        #expect(client.outcome == nil)
    }

    @Test("M3 damaged in its sealed part gets silence, and its repeat succeeds")
    func survivesDamagedFinish() throws {
        var world = LoginWorld()
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        for index in ConfirmationHeader.bytes..<finish.count {
            #expect(world.ask(changed(finish, at: index)).isEmpty)
        }
        #expect(world.logins.isEmpty)
        #expect(world.wrongPasswords == 0)
        #expect(world.ask(finish).count == 1)
        #expect(world.logins.count == 1)
    }

    @Test("9: a replayed M1 gets the identical M2 three times, then silence")
    func repeatsServerHello() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let first = world.ask(hello)
        #expect(first.count == 1)
        let repeats = (0..<5).map { _ in world.ask(hello) }
        #expect(repeats == [first, first, first, [], []])
    }

    @Test("another M1 under the same session identifier is no repeat")
    func ignoresAlteredHello() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        _ = world.ask(hello)
        var other = try world.initiator()
        let otherHello = try other.message(at: world.now)
        let altered = Array(hello[..<47] + otherHello[47...])
        #expect(world.ask(altered).isEmpty)
    }

    @Test("15: a replayed M3 gets M4 eight times more, then silence")
    func boundsVerdicts() throws {
        var world = LoginWorld()
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        let first = world.ask(finish)
        let repeats = (0..<12).map { _ in world.ask(finish) }
        #expect(repeats == [[[UInt8]]](repeating: first, count: 8) + [[[UInt8]]](repeating: [], count: 4))
    }

    @Test("10: a repeated M3 gets the identical M4, and the login is told once")
    func repeatsVerdict() throws {
        var world = LoginWorld()
        let (_, hello, _, finish) = try world.handshakeUntilFinish()
        let first = world.ask(finish)
        #expect(first.count == 1)
        for _ in 0..<3 { #expect(world.ask(finish) == first) }
        #expect(world.logins.count == 1)
        #expect(world.server.peerCount == 1)
        #expect(world.ask(hello).isEmpty, "the greeting is over")
    }

    @Test(
        "another M3 for a handshake that was answered, or waits for its answer, gets silence", arguments: [true, false])
    func ignoresOtherFinish(isAnswered: Bool) throws {
        var world = LoginWorld()
        world.policy = isAnswered ? .accept : .leaveWaiting
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        #expect(world.ask(finish).count == (isAnswered ? 1 : 0))
        for index in [9, 20, 48, 60, finish.count - 1] {
            #expect(world.ask(changed(finish, at: index)).isEmpty)
        }
        if !isAnswered { #expect(world.ask(finish).isEmpty) }
        #expect(world.logins.count == 1)
        #expect(world.wrongPasswords == 0)
    }

    @Test("M3 for an unknown handshake gets silence: a restarted server is no wrong password")
    func restartedServerIsSilent() throws {
        var world = LoginWorld()
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        var restarted = LoginWorld(seed: 2)
        #expect(restarted.ask(finish).isEmpty)
        #expect(restarted.wrongPasswords == 0)
    }

    @Test("M3 from another address than M1 gets silence")
    func finishIsBoundToItsAddress() throws {
        var world = LoginWorld()
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        #expect(world.ask(finish, from: .loopback(port: 5001)).isEmpty)
        #expect(world.ask(finish).count == 1)
    }

    @Test("an accepted login can't be answered again, nor a forgotten one")
    func answersOnce() throws {
        var world = LoginWorld()
        world.policy = .leaveWaiting
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        world.server.receive(finish.span, from: LoginWorld.address, at: world.now, using: &world.random)
        guard case .login(let login, _, _, _) = world.server.pollEvent() else {
            Issue.record("no login")
            return
        }
        var forgetful = world.server
        forgetful.handleTimeouts(at: world.now + Limits.handshakeMemory)
        let tooLate = forgetful.accept(login, payload: [], at: world.now + Limits.handshakeMemory)
        #expect(tooLate == nil)
        let first = world.server.accept(login, payload: [], at: world.now)
        let second = world.server.accept(login, payload: [], at: world.now)
        #expect(first != nil && second == nil)
    }

    @Test("an abandoned handshake's M3 that arrives late does not displace the newer connection")
    func newerConnectionStays() throws {
        var world = LoginWorld()
        let abandoned = try world.handshakeUntilFinish()
        _ = world.pass(.milliseconds(100))
        let newer = try world.handshakeUntilFinish()
        _ = world.ask(newer.finish)
        #expect(world.ask(abandoned.finish).isEmpty)
        #expect(world.logins.count == 1)
        #expect(world.closed.isEmpty)
    }

    @Test("30: a replaced password counts at once: a handshake that began before it comes to nothing")
    func replacesPassword() throws {
        var world = LoginWorld()
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        world.server.replacePassword(TestKeys.password("other"))
        #expect(world.ask(finish).isEmpty && world.logins.isEmpty && world.wrongPasswords == 0)
        let late = try world.handshakeUntilFinish()
        _ = world.ask(late.finish, from: LoginWorld.address)
        #expect(world.wrongPasswords == 1)
    }
}
