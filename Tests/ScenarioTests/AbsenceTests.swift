import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Simulation
import Testing

@Suite("going away and coming back")
struct AbsenceTests {
    @Test("a client that vanished is announced as left by time-out within 40 s", arguments: [0, 0.2])
    func vanishing(loss: Double) {
        var chat = SimulatedChat(seed: 31, loss: loss)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        let start = chat.clock.elapsed
        chat.vanish("ana")
        chat.run(for: .seconds(40))
        let departure = chat.departure(of: "ana", toldTo: "bo")
        #expect(departure?.reason == .timeout, "\(replay(chat))")
        #expect((departure?.time ?? start) - start >= .seconds(20))
        #expect(chat.present == ["bo"])
    }

    @Test("the same device comes back at once, without a ghost", arguments: [true, false])
    func comingBackAtOnce(keepsPort: Bool) {
        var chat = SimulatedChat(seed: 32)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.vanish("ana")
        chat.run(for: .seconds(2))
        chat.comeBack("ana", keepsPort: keepsPort)
        let isBack = chat.settleIn("ana", within: .seconds(2))
        #expect(isBack, "\(replay(chat))")
        chat.say("back", from: "ana")
        chat.run(for: .seconds(60))
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.present == ["ana", "bo"], "\(replay(chat))")
        // For the others the person never was away.
        #expect(chat.crossings(of: "ana", toldTo: "bo") <= 1)
        #expect(chat.departure(of: "ana", toldTo: "bo") == nil)
        #expect(chat.heard(by: "bo") == ["back"])
    }

    @Test("the same device comes back after its time-out under its name")
    func comingBackLate() {
        var chat = SimulatedChat(seed: 33)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.vanish("ana")
        chat.run(for: .seconds(60))
        chat.comeBack("ana")
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.present == ["ana", "bo"], "\(replay(chat))")
    }

    @Test("a stranger gets the name of somebody lost only after 120 s")
    func reservation() {
        var chat = SimulatedChat(seed: 34)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.vanish("ana")
        chat.run(within: .seconds(40)) { $0.present == ["bo"] }
        chat.run(for: .seconds(118))
        chat.join("ana", as: "early")
        chat.run(for: .seconds(1))
        #expect(chat.finish(of: "early")?.reason == .refused && chat.errors(of: "early") == [.nameTaken])
        chat.run(for: .seconds(2))
        chat.join("ana", as: "late")
        let isBack = chat.settleIn("late", within: .seconds(2))
        #expect(isBack, "\(replay(chat))")
        chat.comeBack("ana")
        chat.run(for: .seconds(2))
        #expect(chat.errors(of: "ana") == [.nameTaken])
    }

    @Test(
        "a stranger does not get the name of somebody present, nor one that looks like it", arguments: ["ana", "ANA"])
    func presentName(name: String) {
        var chat = SimulatedChat(seed: 35)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.join(name, as: "stranger")
        chat.run(for: .seconds(2))
        #expect(chat.finish(of: "stranger")?.reason == .refused && chat.errors(of: "stranger") == [.nameTaken])
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.crossings(of: name, toldTo: "bo") <= 1, "\(replay(chat))")
    }

    @Test("who quits frees the name at once, and everybody knows", arguments: [0, 0.2])
    func quitting(loss: Double) {
        var chat = SimulatedChat(seed: 36, loss: loss)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.quit("ana")
        chat.run(within: .seconds(5)) { $0.finish(of: "ana") != nil && $0.present == ["bo"] }
        #expect(chat.finish(of: "ana")?.reason == .quit)
        chat.join("ana", as: "another")
        let isBack = chat.settleIn("another", within: .seconds(10))
        #expect(isBack, "\(replay(chat))")
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.departure(of: "ana", toldTo: "bo")?.reason == .quit)
    }

    @Test("who quits with lines on the way leaves when all are confirmed")
    func quittingAfterTalk() {
        var chat = SimulatedChat(seed: 37, loss: 0.2)
        for line in 0..<200 { chat.say("line \(line)", from: "ana") }
        chat.quit("ana")
        let left = chat.run(within: .seconds(60)) { $0.finish(of: "ana") != nil }
        #expect(left && chat.finish(of: "ana")?.reason == .quit && chat.finish(of: "ana")?.unconfirmed == [])
        #expect(chat.receipts(of: "ana") == 200)
        let settled = chat.runUntilQuiet()
        #expect(settled, "\(replay(chat))")
    }

    @Test("who gives up waiting for receipts is not waited for by the others")
    func givingUp() {
        var chat = SimulatedChat(seed: 41, people: ["bo"])
        chat.join("ana", options: ClientOptions(reconnect: .seconds(5)))
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.network.lets = { [address = chat.address(of: "ana")] in $0.destination != address }
        chat.say("no receipt comes back", from: "ana")
        chat.quit("ana")
        chat.run(for: .seconds(6))
        #expect(chat.finish(of: "ana")?.reason == .unreachable)
        #expect(chat.departure(of: "ana", toldTo: "bo")?.reason == .quit, "\(replay(chat))")
    }

    @Test("signing in from a second place ends the first, and nobody else notices")
    func secondPlace() {
        var chat = SimulatedChat(seed: 38)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.comeBack("ana")
        let settled = chat.runUntilQuiet()
        #expect(settled, "\(replay(chat))")
        #expect(chat.crossings(of: "ana", toldTo: "bo") <= 1 && chat.present == ["ana", "bo"])
    }

    @Test("without a server a client with a time limit gives up when it is over")
    func noServer() {
        var chat = SimulatedChat(seed: 39, people: [])
        chat.crashServer()
        chat.join("ana", options: ClientOptions(reconnect: .zero))
        chat.join("bo", options: ClientOptions(reconnect: .seconds(20)))
        chat.run(for: .milliseconds(4_900))
        #expect(chat.isRunning("ana"))
        chat.run(for: .milliseconds(200))
        #expect(chat.finish(of: "ana")?.reason == .unreachable && chat.isRunning("bo"))
        chat.run(for: .seconds(15))
        #expect(chat.finish(of: "bo")?.reason == .unreachable)
    }
}
