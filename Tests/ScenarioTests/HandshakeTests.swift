import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Simulation
import Testing

@Suite("the handshake, seen on the wire")
struct HandshakeTests {
    /// A world in which nothing has happened yet, and everything that is sent is kept.
    private func world(seed: UInt64) -> SimulatedChat {
        var chat = SimulatedChat(seed: seed, people: [])
        chat.recordsWire = true
        return chat
    }

    private func milliseconds(_ record: [RecordedDatagram]) -> [Int64] {
        record.map { $0.time.wholeNanoseconds / 1_000_000 }
    }

    @Test("M1 repeats after 250 ms, 500 ms, then every second; after 4 s a new session identifier is tried")
    func helloTimers() {
        var chat = world(seed: 71)
        chat.crashServer()
        chat.join("ana")
        chat.run(for: .milliseconds(4_900))
        guard let address = chat.address(of: "ana") else { return }
        let hellos = chat.sent(.hello, from: address)
        #expect(milliseconds(hellos) == [0, 250, 750, 1_750, 2_750, 3_750, 4_000, 4_250, 4_750])
        #expect(Set(hellos[..<6].map(\.sessionID)).count == 1 && Set(hellos[6...].map(\.sessionID)).count == 1)
        #expect(hellos.first?.sessionID != hellos.last?.sessionID)
    }

    @Test("M2 is repeated for a repeated M1, at most three times")
    func serverHelloRepeats() {
        var chat = world(seed: 72)
        chat.network.toClients.loss = 1
        chat.join("ana")
        chat.run(for: .milliseconds(3_900))
        guard let address = chat.address(of: "ana") else { return }
        #expect(chat.sent(.hello, from: address).count == 6)
        let answers = chat.answers(.serverHello)
        #expect(answers.count == 4 && Set(answers.map(\.datagram.bytes)).count == 1)
    }

    @Test("M3 repeats after 250 ms, 500 ms, then every second; each is answered by the same M4")
    func finishRepeats() {
        var chat = world(seed: 73)
        chat.network.lets = { $0.bytes.first != WireType.verdict.rawValue }
        chat.join("ana")
        chat.run(for: .milliseconds(3_900))
        guard let address = chat.address(of: "ana") else { return }
        let finishes = chat.sent(.finish, from: address)
        // The answer to M1 is there after 40 ms.
        #expect(milliseconds(finishes) == [40, 290, 790, 1_790, 2_790, 3_790])
        #expect(Set(finishes.map(\.datagram.bytes)).count == 1)
        let verdicts = chat.answers(.verdict)
        #expect(verdicts.count == 6 && Set(verdicts.map(\.datagram.bytes)).count == 1)
        chat.network.heal()
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.present == ["ana"], "\(replay(chat))")
    }

    @Test("an M3 for an unknown handshake gets silence: a restarted server never looks like a wrong password")
    func unknownFinish() {
        var chat = world(seed: 74)
        chat.network.lets = { $0.bytes.first != WireType.finish.rawValue }
        chat.join("ana")
        chat.run(for: .seconds(1))
        guard let address = chat.address(of: "ana"), let finish = chat.sent(.finish, from: address).first else {
            return
        }
        chat.vanish("ana")
        chat.crashServer()
        chat.startServer()
        let before = chat.wireRecord.count
        chat.inject(finish.datagram)
        chat.run(for: .seconds(1))
        #expect(chat.wireRecord.count == before, "\(replay(chat))")
    }

    @Test("a server that restarts between M2 and M3 is found again with a new session identifier")
    func restartWithinHandshake() {
        var chat = world(seed: 75)
        chat.join("ana", options: ClientOptions(reconnect: .seconds(30)))
        chat.run(for: .milliseconds(30))
        chat.crashServer()
        chat.startServer()
        let isIn = chat.settleIn("ana", within: .seconds(6))
        #expect(isIn, "\(replay(chat))")
        #expect(chat.answers(.reject).isEmpty && chat.errors(of: "ana").isEmpty)
    }

    @Test("a wrong password is told once by a REJECT, repeated at most three times")
    func wrongPassword() {
        var chat = world(seed: 76)
        chat.join("ana", options: ClientOptions(knowsPassword: false))
        chat.run(for: .seconds(1))
        #expect(chat.finish(of: "ana")?.reason == .refused && chat.errors(of: "ana") == [.wrongPassword])
        #expect(chat.answers(.reject).count == 1 && chat.present.isEmpty)

        chat.network.lets = { $0.bytes.first != WireType.reject.rawValue }
        chat.join("bo", options: ClientOptions(knowsPassword: false))
        chat.run(for: .milliseconds(3_900))
        #expect(chat.answers(.reject).count == 1 + 4, "\(replay(chat))")
    }

    @Test("a REJECT for an M3 that was damaged on the way is not believed")
    func rejectOfDamagedFinish() {
        var chat = world(seed: 77)
        // The tag of each M3 of the first handshake is damaged, so that the server must take it for a wrong password.
        chat.network.lets = { datagram in
            if datagram.bytes.first == WireType.finish.rawValue { datagram.bytes[20] ^= 1 }
            return true
        }
        chat.join("ana")
        chat.run(for: .seconds(3))
        #expect(!chat.answers(.reject).isEmpty && chat.errors(of: "ana").isEmpty && chat.isRunning("ana"))
        chat.network.heal()
        let settled = chat.runUntilQuiet(within: .seconds(10))
        #expect(settled && chat.present == ["ana"], "\(replay(chat))")
    }

    @Test("an M3 that arrives again after the login changes nothing")
    func lateFinish() {
        var chat = world(seed: 78)
        chat.join("ana")
        let isIn = chat.settleIn("ana")
        #expect(isIn)
        guard let address = chat.address(of: "ana"), let finish = chat.sent(.finish, from: address).first else {
            return
        }
        chat.inject(finish.datagram)
        chat.run(for: .seconds(1))
        #expect(chat.answers(.verdict).count == 2 && Set(chat.answers(.verdict).map(\.datagram.bytes)).count == 1)
        chat.say("still here", from: "ana")
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.joins(of: "ana") == 1, "\(replay(chat))")
    }

    @Test("an M3 of an abandoned handshake that arrives late does not take the new connection away")
    func finishOfAbandonedHandshake() {
        var chat = world(seed: 79)
        chat.network.lets = { $0.bytes.first != WireType.finish.rawValue }
        chat.join("ana")
        chat.run(for: .milliseconds(3_800))
        guard let address = chat.address(of: "ana"), let finish = chat.sent(.finish, from: address).first else {
            return
        }
        chat.network.lets = nil
        // The first handshake is over 4 s after its last progress, the server remembers it for 5 s.
        let isIn = chat.settleIn("ana", within: .milliseconds(600))
        #expect(isIn, "\(replay(chat))")
        chat.inject(finish.datagram)
        chat.say("still here", from: "ana")
        chat.run(for: .seconds(2))
        #expect(chat.receipts(of: "ana") == 1 && chat.joins(of: "ana") == 1, "\(replay(chat))")
    }

    @Test("999 of 1,000 logins over 20 % loss each way succeed within 10 s")
    func logins() {
        var trials = LoginTrials(loss: 0.2)
        for seed in 1...1_000 { trials.run(seed: UInt64(seed)) }
        #expect(trials.successes >= 999, "too slow: seeds \(trials.failedSeeds)")
    }

    @Test("random bytes get no answer and disturb nobody")
    func garbage() {
        var chat = SimulatedChat(seed: 80)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        for line in 0..<300 {
            chat.throwGarbageAtServer()
            chat.throwGarbage(between: "ana")
            if line % 10 == 0 { chat.say("line \(line)", from: "ana") }
            chat.run(for: .milliseconds(10))
        }
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.heard(by: "bo").count == 30, "\(replay(chat))")
    }
}
