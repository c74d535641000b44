import Basics
import ChatClient
import ChatProtocol
import Simulation
import Testing

/// The invariants themselves are tested: each of these worlds has a client that seems to break one.
@Suite("the invariants see what is wrong")
struct InvariantTests {
    private func violation(of falsify: @escaping @Sendable (ClientEvent) -> [ClientEvent]) -> Violation? {
        var chat = SimulatedChat(seed: 91)
        chat.falsifies = falsify
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        for line in 0..<6 {
            chat.say("line \(line)", from: "ana")
            chat.run(for: .milliseconds(200))
        }
        chat.join("cy")
        chat.runUntilQuiet(within: .seconds(20))
        return chat.violation
    }

    private func shows(_ event: ClientEvent, _ line: String) -> Bool {
        if case .message(let shown, _) = event { shown.text == line } else { false }
    }

    @Test("nothing is found where nothing is wrong")
    func truth() {
        #expect(violation { [$0] } == nil)
    }

    @Test("a line that is not shown is found")
    func dropped() {
        #expect(violation { shows($0, "line 3") ? [] : [$0] } != nil)
    }

    @Test("the last line, when it is not shown, is found")
    func droppedLast() {
        #expect(violation { shows($0, "line 5") ? [] : [$0] } != nil)
    }

    @Test("a line that is shown twice is found")
    func repeated() {
        #expect(violation { shows($0, "line 3") ? [$0, $0] : [$0] } != nil)
    }

    @Test("a line that nobody said is found")
    func altered() {
        let found = violation { event in
            guard case .message(var line, in: let place) = event, line.text == "line 3" else { return [event] }
            line.text = "line x"
            return [.message(line, in: place)]
        }
        #expect(found != nil)
    }

    @Test("a line with the number of another is found")
    func renumbered() {
        let found = violation { event in
            guard case .message(var line, in: let place) = event, line.text == "line 3" else { return [event] }
            line.id += 1
            return [.message(line, in: place)]
        }
        #expect(found != nil)
    }

    @Test("a receipt that is missing is found")
    func missingReceipt() {
        let found = violation { event in
            if case .sent(_, "line 3", _, _) = event { [] } else { [event] }
        }
        #expect(found != nil)
    }

    @Test("a receipt for another entry is found")
    func falseReceipt() {
        let found = violation { event in
            guard case .sent(let id?, "line 3", let time, in: let place) = event else { return [event] }
            return [.sent(id: id - 1, text: "line 3", time: time, in: place)]
        }
        #expect(found != nil)
    }

    @Test("a receipt that comes twice is found")
    func repeatedReceipt() {
        let found = violation { event in
            if case .sent(_, "line 3", _, _) = event { [event, event] } else { [event] }
        }
        #expect(found != nil)
    }

    @Test("somebody's coming, when it is not shown, is found")
    func missingJoin() {
        let found = violation { event in
            if case .joined("cy") = event { [] } else { [event] }
        }
        #expect(found != nil)
    }

    @Test("somebody's coming that did not happen is found")
    func inventedJoin() {
        #expect(violation { shows($0, "line 3") ? [.joined(name: "dee"), $0] : [$0] } != nil)
    }

    @Test("an event after bye is found")
    func afterBye() {
        #expect(violation { shows($0, "line 3") ? [$0, .bye(reason: "quit")] : [$0] } != nil)
    }

    @Test("a member who could be heard and is shown as left is found")
    func takenForLost() {
        var chat = SimulatedChat(seed: 92)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.network.lets = { [address = chat.address(of: "ana")] in $0.source != address }
        chat.run(for: .seconds(40))
        #expect(chat.violation?.text.contains("ana was taken for lost") == true)
    }

    @Test("of two runs of a client the one that has the place may be lost, though the other is there")
    func twoRuns() {
        var chat = SimulatedChat(seed: 95)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        // The first run hears nothing of its place being taken, and goes on as if it were there.
        chat.network.lets = { [address = chat.address(of: "ana")] in $0.destination != address }
        chat.comeBack("ana")
        chat.run(for: .seconds(2))
        chat.cutOff("ana", for: .seconds(60))
        chat.run(for: .seconds(50))
        let departure = chat.departure(of: "ana", toldTo: "bo")
        #expect(departure?.reason == .timeout && chat.violation == nil, "\(replay(chat))")
    }

    /// Two who are in a group and write to each other, one of whom seems to show something else.
    private func privateViolation(of falsify: @escaping @Sendable (ClientEvent) -> [ClientEvent]) -> Violation? {
        var chat = SimulatedChat(seed: 93)
        chat.falsifies = falsify
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.obey(":group create tea", from: "ana")
        chat.run(for: .seconds(1))
        chat.obey(":group join tea", from: "bo")
        chat.run(for: .seconds(1))
        for line in 0..<4 {
            chat.say("tea \(line)", inGroup: "tea", from: "ana")
            chat.whisper("psst \(line)", to: "bo", from: "ana")
            chat.run(for: .milliseconds(200))
        }
        chat.runUntilQuiet(within: .seconds(20))
        return chat.violation
    }

    @Test("a line of a group or a private one that is not shown, shown twice or never receipted is found")
    func privateLines() {
        #expect(privateViolation { [$0] } == nil)
        for line in ["tea 2", "psst 2", "tea 3", "psst 3"] {
            #expect(privateViolation { shows($0, line) ? [] : [$0] } != nil, "\(line) is left out")
            #expect(privateViolation { shows($0, line) ? [$0, $0] : [$0] } != nil, "\(line) comes twice")
            let unreceipted = privateViolation { event in
                if case .sent(_, line, _, _) = event { [] } else { [event] }
            }
            #expect(unreceipted != nil, "\(line) has no receipt")
        }
    }

    @Test("a receipt that a server lost is found: a store that forgets breaks the next life's promises")
    func lostReceipt() {
        var chat = SimulatedChat(seed: 94)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        let before = chat.backUpStore()
        chat.say("receipted and lost", from: "ana")
        let calmed = chat.runUntilQuiet()
        #expect(calmed)
        chat.crashServer()
        // An older store in the place of the newer, and nobody noticed: its numbers would be given again.
        chat.startServer(.mistaken(before))
        chat.say("another line", from: "bo")
        chat.runUntilQuiet(within: .seconds(30))
        #expect(chat.violation != nil)
    }

    @Test("a violation tells its seed, its time and the command that shows it again")
    func description() throws {
        let found = try #require(violation { shows($0, "line 3") ? [] : [$0] })
        #expect(found.seed == 91 && found.time > .zero)
        #expect(found.description.contains("make sim SEED=91"))
    }
}
