import Basics
import ChatProtocol
import Simulation
import Testing

/// What befalls paths, addresses, machines and clocks while people talk.
@Suite("talk over paths that change and break")
struct PathScenarioTests {
    /// Ana and bo in a room where nothing is wrong yet.
    private func room(seed: UInt64, loss: Double = 0) -> SimulatedChat {
        var chat = SimulatedChat(seed: seed, loss: loss)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        return chat
    }

    /// Ana says a line every 100 ms, bo every second one; `befalls` happens before each line.
    private func talk(
        _ chat: inout SimulatedChat, lines: Int, _ befalls: (inout SimulatedChat, Int) -> Void
    ) {
        for line in 0..<lines {
            befalls(&chat, line)
            chat.say("ana \(line)", from: "ana")
            if line % 2 == 0 { chat.say("bo \(line)", from: "bo") }
            chat.run(for: .milliseconds(100))
        }
    }

    /// Everybody has everything, nobody was ever away, and nobody had to sign in again.
    private func expectUnbroken(_ chat: inout SimulatedChat, lines: Int) {
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled, "\(replay(chat))")
        #expect(chat.heard(by: "bo") == (0..<lines).map { "ana \($0)" })
        #expect(chat.heard(by: "ana").count == (lines + 1) / 2)
        #expect(chat.departure(of: "ana", toldTo: "bo") == nil && chat.departure(of: "bo", toldTo: "ana") == nil)
        #expect(chat.joins(of: "ana") == 1 && chat.joins(of: "bo") == 1)
    }

    @Test("bursts of loss on both hops delay lines and lose none")
    func bursts() {
        let faults = LinkFaults(outages: Outages(share: 0.1, mean: .milliseconds(60)), delay: .milliseconds(40))
        var chat = SimulatedChat(seed: 101, toServer: faults, toClients: faults)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        talk(&chat, lines: 300) { _, _ in }
        expectUnbroken(&chat, lines: 300)
    }

    @Test("roaming in the middle of talk loses nothing, also over a bad path", arguments: [0, 0.2], [false, true])
    func roaming(loss: Double, isNoticed: Bool) {
        var chat = room(seed: 102, loss: loss)
        talk(&chat, lines: 200) { chat, line in
            if line % 30 == 10 { chat.roam("ana", isNoticed: isNoticed) }
        }
        expectUnbroken(&chat, lines: 200)
        // The server has learned the last address.
        #expect(chat.serverAddress(of: "ana") == chat.address(of: "ana"))
    }

    @Test("who listens while roaming hears everything", arguments: [0, 0.2], [false, true])
    func roamingListener(loss: Double, isNoticed: Bool) {
        var chat = room(seed: 103, loss: loss)
        talk(&chat, lines: 200) { chat, line in
            if line % 40 == 20 { chat.roam("bo", isNoticed: isNoticed) }
        }
        expectUnbroken(&chat, lines: 200)
    }

    @Test("a router that forgets its mapping every 5 s is not noticed", arguments: [0, 0.2])
    func rebinding(loss: Double) {
        var chat = room(seed: 104, loss: loss)
        talk(&chat, lines: 600) { chat, line in
            if line % 50 == 25 { chat.rebind("ana") }
            if line % 50 == 0 { chat.rebind("bo") }
        }
        expectUnbroken(&chat, lines: 600)
    }

    @Test("members behind one router may get each other's ports", arguments: [0, 0.2])
    func takenPorts(loss: Double) {
        let faults = LinkFaults(loss: loss)
        var chat = SimulatedChat(seed: 106, toServer: faults, toClients: faults, people: [])
        chat.isHousehold = true
        chat.join("ana")
        chat.join("bo")
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        let first = chat.address(of: "ana")
        talk(&chat, lines: 200) { chat, line in
            // Each of them then has the port that the other had just before, and says nothing for a moment.
            if line % 20 == 10 {
                chat.rebind("ana")
                chat.rebind("bo", takesOver: true)
                chat.rebind("ana", takesOver: true)
            }
            if line == 10 { #expect(chat.address(of: "bo") == first) }
        }
        expectUnbroken(&chat, lines: 200)
        #expect(chat.serverAddress(of: "ana") == chat.address(of: "ana"))
        #expect(chat.serverAddress(of: "bo") == chat.address(of: "bo"))
    }

    @Test("a silent member whose mapping is forgotten is not taken for lost")
    func silentRebinding() {
        var chat = room(seed: 105)
        for _ in 0..<40 {
            chat.rebind("bo")
            chat.run(for: .seconds(15))
        }
        chat.say("still here?", from: "ana")
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.heard(by: "bo") == ["still here?"], "\(replay(chat))")
        #expect(chat.departure(of: "bo", toldTo: "ana") == nil && chat.joins(of: "bo") == 1)
    }

    @Test("a partition of 29 s in the middle of talk ends without anybody being shown as left", arguments: 0..<8)
    func shortPartition(seed: UInt64) {
        var chat = room(seed: 110 + seed)
        talk(&chat, lines: 100) { chat, line in
            if line == 50 { chat.cutOff("ana", for: .seconds(29)) }
        }
        chat.run(for: .seconds(24))
        expectUnbroken(&chat, lines: 100)
    }

    @Test("a partition of 35 s shows left by time-out, and then the member is back with all that was said")
    func longPartition() {
        var chat = room(seed: 107)
        talk(&chat, lines: 100) { chat, line in
            if line == 50 { chat.cutOff("ana", for: .seconds(35)) }
        }
        chat.run(for: .seconds(32))
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.present == ["ana", "bo"], "\(replay(chat))")
        #expect(chat.departure(of: "ana", toldTo: "bo")?.reason == .timeout)
        #expect(chat.heard(by: "bo") == (0..<100).map { "ana \($0)" } && chat.heard(by: "ana").count == 50)
    }

    @Test("a path that is cut one way is healed when it comes back", arguments: [LinkDirection.toServer, .toClient])
    func halfPartition(direction: LinkDirection) {
        var chat = room(seed: 108)
        talk(&chat, lines: 100) { chat, line in
            if line == 50 { chat.cutOff("ana", direction, for: .seconds(15)) }
        }
        chat.run(for: .seconds(10))
        expectUnbroken(&chat, lines: 100)
    }

    @Test("a wall clock that is set a day forward or back times nobody out", arguments: [-86_400, 86_400])
    func clockStep(seconds: Int) {
        var chat = room(seed: 109)
        talk(&chat, lines: 100) { chat, line in
            if line == 30 { chat.stepServerClock(by: .seconds(seconds)) }
            if line == 60 { chat.stepServerClock(by: .seconds(-2 * seconds)) }
        }
        chat.run(for: .seconds(60))
        expectUnbroken(&chat, lines: 100)
    }

    @Test("a machine that sleeps for 15 s hears on waking what was said, and was never away")
    func shortSleep() {
        var chat = room(seed: 120)
        chat.run(for: .milliseconds(50))
        chat.suspend("bo", for: .seconds(15))
        for line in 0..<100 {
            chat.say("ana \(line)", from: "ana")
            chat.run(for: .milliseconds(100))
        }
        chat.run(for: .seconds(6))
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.heard(by: "bo") == (0..<100).map { "ana \($0)" }, "\(replay(chat))")
        #expect(chat.departure(of: "bo", toldTo: "ana") == nil && chat.joins(of: "bo") == 1)
    }

    @Test("a machine that sleeps for two hours comes back, and is shown what it missed")
    func longSleep() {
        var chat = room(seed: 121)
        chat.suspend("bo", for: .seconds(7_200))
        for line in 0..<100 {
            chat.say("ana \(line)", from: "ana")
            chat.run(for: .seconds(72))
        }
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.present == ["ana", "bo"], "\(replay(chat))")
        #expect(chat.heard(by: "bo") == (0..<100).map { "ana \($0)" })
    }

    @Test("a server that stands still for 8 s loses nobody and nothing")
    func stall() {
        var chat = room(seed: 122, loss: 0.05)
        talk(&chat, lines: 150) { chat, line in
            if line == 40 { chat.stallServer(for: .seconds(8)) }
        }
        expectUnbroken(&chat, lines: 150)
    }

    @Test("what somebody sends on from elsewhere moves nobody")
    func diversion() {
        var chat = room(seed: 123)
        let address = chat.address(of: "ana")
        talk(&chat, lines: 100) { chat, line in
            if line % 10 == 5 { chat.divertNext(of: "ana") }
        }
        expectUnbroken(&chat, lines: 100)
        #expect(chat.serverAddress(of: "ana") == address)
    }

    @Test("the longest lines pass a path that swallows what is larger than 1200 bytes")
    func blackHole() {
        let faults = LinkFaults(loss: 0.02, largestDatagram: 1_200)
        var chat = SimulatedChat(seed: 124, toServer: faults, toClients: faults)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        let long = "\(SimulatedChat.secretMark) " + String(repeating: "x", count: 15_000)
        chat.say(long, from: "ana")
        let settled = chat.runUntilQuiet(within: .seconds(20))
        #expect(settled && chat.heard(by: "bo") == [long], "\(replay(chat))")
    }
}
