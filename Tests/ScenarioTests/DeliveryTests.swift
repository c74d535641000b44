import Basics
import Simulation
import Testing

@Suite("delivery over a bad network")
struct DeliveryTests {
    private func talk(_ faults: LinkFaults, seed: UInt64, lines: Int = 40) -> SimulatedChat {
        var chat = SimulatedChat(seed: seed, toServer: faults, toClients: faults)
        chat.join("cy", options: ClientOptions(history: 100))
        for line in 0..<lines {
            chat.say("from ana \(line)", from: "ana")
            chat.say("from bo \(line)", from: "bo")
            chat.run(for: .milliseconds(100))
        }
        chat.runUntilQuiet(within: .seconds(60))
        return chat
    }

    private func expectAll(_ chat: borrowing SimulatedChat, lines: Int = 40) {
        #expect(chat.violation == nil && chat.isQuiet, "\(replay(chat))")
        #expect(chat.receipts(of: "ana") == lines && chat.receipts(of: "bo") == lines)
        // What cy missed before coming in is history; more was asked for than there can be.
        #expect(chat.heard(by: "cy").count == 2 * lines)
        #expect(chat.heard(by: "ana") == (0..<lines).map { "from bo \($0)" })
        #expect(chat.heard(by: "bo") == (0..<lines).map { "from ana \($0)" })
    }

    @Test("every message arrives once, at any loss", arguments: [0, 0.05, 0.3])
    func everyMessageArrivesOnce(loss: Double) {
        var chat = SimulatedChat(seed: 7, loss: loss)
        chat.say("hello", from: "ana")
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled && chat.heard(by: "bo") == ["hello"], "\(replay(chat))")
    }

    @Test("lines arrive in order over lost datagrams", arguments: [0.05, 0.2, 0.3])
    func loss(share: Double) {
        expectAll(talk(LinkFaults(loss: share), seed: 21))
    }

    @Test("lines arrive once over repeated datagrams")
    func duplication() {
        let chat = talk(LinkFaults(duplication: 0.5, replay: 0.2), seed: 12)
        expectAll(chat)
        #expect(chat.network.counters.repeated > 100)
    }

    @Test("lines arrive in order over reordered datagrams")
    func reordering() {
        expectAll(talk(LinkFaults(jitter: .milliseconds(400)), seed: 13))
    }

    @Test("lines arrive whole over damaged datagrams")
    func corruption() {
        let chat = talk(LinkFaults(corruption: 0.3), seed: 14)
        expectAll(chat)
        #expect(chat.network.counters.corrupted > 100)
    }

    @Test("lines arrive over a path with 20 % loss, 5 % repeats, reordering and damage")
    func everything() {
        expectAll(
            talk(LinkFaults(loss: 0.2, jitter: .milliseconds(60), duplication: 0.05, corruption: 0.05), seed: 15))
    }

    @Test("a full outbox of lines goes through, and the longest line")
    func burst() {
        var chat = SimulatedChat(seed: 16, loss: 0.1)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        let long = "\(SimulatedChat.secretMark) " + String(repeating: "x", count: 15_000)
        chat.say(long, from: "ana")
        var taken = 1
        while taken < 1_024, chat.say("line \(taken)", from: "ana") { taken += 1 }
        #expect(taken == 1_024)
        let accepted = chat.say("one too many", from: "ana")
        #expect(!accepted)
        let settled = chat.runUntilQuiet(within: .seconds(120))
        #expect(settled && chat.heard(by: "bo").count == taken && chat.heard(by: "bo").first == long, "\(replay(chat))")
    }

    @Test("everybody sees one order, the operator's lines in it")
    func oneOrder() {
        var chat = SimulatedChat(seed: 17, loss: 0.2, people: ["ana", "bo", "cy", "dee"])
        let isIn = chat.settleIn("ana", "bo", "cy", "dee")
        #expect(isIn)
        for line in 0..<30 {
            chat.say("ana \(line)", from: "ana")
            chat.say("bo \(line)", from: "bo")
            chat.sayAsOperator("operator \(line)")
            chat.run(for: .milliseconds(30))
        }
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.heard(by: "cy").count == 90, "\(replay(chat))")
        #expect(chat.heard(by: "cy") == chat.heard(by: "dee"))
    }

    @Test("a member who was cut off catches up with all that was missed, in order", arguments: [5, 25, 70])
    func catchingUp(seconds: Int) {
        var chat = SimulatedChat(seed: 18, loss: 0.05)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.cutOff("bo", for: .seconds(seconds))
        for line in 0..<200 {
            chat.say("line \(line)", from: "ana")
            chat.run(for: .milliseconds(50))
        }
        let settled = chat.runUntilQuiet(within: .seconds(120))
        #expect(settled && chat.heard(by: "bo") == (0..<200).map { "line \($0)" }, "\(replay(chat))")
        #expect(chat.joins(of: "bo") == 1)
    }

    @Test("lines typed while cut off arrive once afterwards", arguments: [5, 70, 200])
    func typingWhileCutOff(seconds: Int) {
        var chat = SimulatedChat(seed: 19)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        // The first line leaves, and its receipt does not come back.
        chat.say("line 0", from: "ana")
        chat.run(for: .milliseconds(21))
        chat.cutOff("ana", for: .seconds(seconds))
        for line in 1..<50 { chat.say("line \(line)", from: "ana") }
        chat.run(for: .seconds(seconds))
        let settled = chat.runUntilQuiet(within: .seconds(120))
        #expect(settled && chat.heard(by: "bo") == (0..<50).map { "line \($0)" }, "\(replay(chat))")
        #expect(chat.receipts(of: "ana") == 50)
    }

    @Test("a newcomer is shown as many earlier messages as were asked for")
    func history() {
        var chat = SimulatedChat(seed: 20, people: ["ana"])
        for line in 0..<30 { chat.say("line \(line)", from: "ana") }
        let settled = chat.runUntilQuiet()
        #expect(settled)
        chat.join("bo", options: ClientOptions(history: 7))
        chat.join("cy", options: ClientOptions(history: 0))
        let calmed = chat.runUntilQuiet()
        #expect(calmed, "\(replay(chat))")
        #expect(chat.heard(by: "bo") == (23..<30).map { "line \($0)" })
        #expect(chat.heard(by: "cy").isEmpty)
    }
}
