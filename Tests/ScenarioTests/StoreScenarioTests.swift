import Basics
import ChatClient
import ChatDomain
import ChatProtocol
import Simulation
import Testing

/// What may happen to a log between two looks at it: no line is lost silently, none is doubled, none awaited for ever.
@Suite("logs that outlive servers and clients")
struct StoreScenarioTests {
    /// A world whose store takes its time, with a group of everybody.
    private static func world(
        seed: UInt64, loss: Double = 0, options: ClientOptions = ClientOptions()
    ) -> SimulatedChat {
        var chat = SimulatedChat(seed: seed, loss: loss, people: [])
        for name in ["ana", "bo", "cy"] { chat.join(name, options: options) }
        chat.setStorePace(StorePace(latency: .milliseconds(30), reading: .milliseconds(30)))
        let isIn = chat.settleIn("ana", "bo", "cy")
        #expect(isIn)
        chat.obey(":group create tea", from: "ana")
        _ = chat.runUntilQuiet()
        for name in ["bo", "cy"] { chat.obey(":group join tea", from: name) }
        let settled = chat.runUntilQuiet()
        #expect(settled, "\(replay(chat))")
        // Cursors are on everybody's disk.
        chat.run(for: .seconds(1))
        return chat
    }

    /// Everybody talks, everywhere.
    private static func talk(_ chat: inout SimulatedChat, _ mark: String) {
        for line in 0..<4 {
            chat.say("\(mark) \(line)", from: "ana")
            chat.say("\(mark) tea \(line)", inGroup: "tea", from: "bo")
            chat.whisper("\(mark) cy \(line)", to: "cy", from: "ana")
            chat.run(for: .milliseconds(25))
        }
    }

    @Test("row 28: resumed twice and after a restart, a line is stored once", arguments: [81, 82, 83] as [UInt64])
    func resumedTwice(seed: UInt64) {
        var chat = Self.world(seed: seed, loss: 0.1)
        for round in 0..<3 {
            chat.say("round \(round)", from: "ana")
            chat.run(for: .milliseconds(45))
            chat.vanish("ana")
            chat.comeBack("ana")
            chat.run(for: .milliseconds(60))
            chat.crashServer()
            chat.startServer()
            chat.vanish("ana")
            chat.comeBack("ana")
            chat.run(for: .seconds(1))
        }
        let settled = chat.runUntilQuiet(within: .seconds(90))
        #expect(settled, "\(replay(chat))")
        #expect(chat.heard(by: "bo").filter { $0.hasPrefix("round") } == ["round 0", "round 1", "round 2"])
    }

    @Test("a client restart: what was missed comes once, in order, in room, group and inbox")
    func clientRestart() {
        var chat = Self.world(seed: 84)
        Self.talk(&chat, "before")
        _ = chat.runUntilQuiet()
        chat.run(for: .seconds(1))
        chat.vanish("cy")
        Self.talk(&chat, "meanwhile")
        chat.run(for: .seconds(5))
        chat.comeBack("cy")
        let settled = chat.runUntilQuiet(within: .seconds(30))
        #expect(settled, "\(replay(chat))")
        let heard = chat.events(of: "cy").compactMap { shown -> String? in
            if case .message(let line, _) = shown.event, line.text.hasPrefix("meanwhile") { line.text } else { nil }
        }
        #expect(heard.count == 12 && Set(heard).count == 12)
        let missed = chat.events(of: "cy").compactMap { shown -> Int? in
            if case .resumed(let missed) = shown.event { missed } else { nil }
        }
        #expect(missed == [12])
    }

    @Test("an unclean boot: numbers jump, nobody waits for those between, and nothing is told twice")
    func uncleanBoot() {
        var chat = Self.world(seed: 85)
        Self.talk(&chat, "before")
        chat.crashServer()
        chat.run(for: .seconds(1))
        chat.startServer()
        // Silence in room, group and inbox: all the same everybody comes to the end of them.
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled, "\(replay(chat))")
        for name in ["ana", "bo", "cy"] { #expect(chat.joins(of: name) == 1 && chat.resumptions(of: name) == 1) }
        Self.talk(&chat, "after")
        let calmed = chat.runUntilQuiet(within: .seconds(30))
        #expect(calmed, "\(replay(chat))")
    }

    @Test("a forgotten room: everybody is told that it began anew, and what waits is said in the new one")
    func forgotten() {
        var chat = Self.world(seed: 86)
        Self.talk(&chat, "before")
        _ = chat.runUntilQuiet()
        chat.crashServer()
        chat.say("into the new room", from: "ana")
        chat.startServer(.forgetful)
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled, "\(replay(chat))")
        for name in ["ana", "bo", "cy"] { #expect(chat.joins(of: name) == 2) }
        #expect(chat.heard(by: "bo").filter { $0 == "into the new room" }.count == 1)
        #expect(chat.heard(by: "bo").filter { $0 == "before 3" }.count == 1)
    }

    @Test("a restored backup: clients ahead of the server are told, and no number means two things")
    func restoredBackup() {
        var chat = Self.world(seed: 87)
        Self.talk(&chat, "kept")
        _ = chat.runUntilQuiet()
        let backup = chat.backUpStore()
        Self.talk(&chat, "lost to the backup")
        _ = chat.runUntilQuiet()
        chat.crashServer()
        chat.say("waiting", from: "bo")
        chat.startServer(.restored(backup))
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled, "\(replay(chat))")
        #expect(chat.notices(of: "ana", containing: "began anew") == 1)
        Self.talk(&chat, "after")
        let calmed = chat.runUntilQuiet(within: .seconds(30))
        #expect(calmed, "\(replay(chat))")
        #expect(chat.heard(by: "ana").filter { $0 == "waiting" }.count == 1)
    }

    @Test("a restored backup: an older copy of the files gives no number again, and who saw more is told, in each log")
    func olderCopy() {
        var chat = Self.world(seed: 92)
        Self.talk(&chat, "kept")
        _ = chat.runUntilQuiet()
        let copy = chat.backUpStore()
        Self.talk(&chat, "not in the copy")
        _ = chat.runUntilQuiet()
        chat.run(for: .seconds(1))
        chat.crashServer()
        chat.say("waiting", from: "bo")
        chat.startServer(.copied(copy))
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled, "\(replay(chat))")
        // Of the room, the group and the private lines.
        for name in ["ana", "cy"] { #expect(chat.notices(of: name, containing: "older state") == 3) }
        Self.talk(&chat, "after")
        chat.join("dee")
        let calmed = chat.runUntilQuiet(within: .seconds(30))
        #expect(calmed, "\(replay(chat))")
        for name in ["ana", "bo", "cy"] { #expect(chat.joins(of: name) == 1) }
        #expect(chat.heard(by: "ana").filter { $0 == "waiting" }.count == 1)
        let after = (0..<4).map { "after \($0)" }
        #expect(chat.heard(by: "dee") == (0..<4).map { "kept \($0)" } + ["waiting"] + after)
        // It was told once: from then on everybody is where the server is.
        chat.crashServer()
        chat.startServer()
        let isWell = chat.runUntilQuiet(within: .seconds(60))
        #expect(isWell && chat.notices(of: "ana", containing: "older state") == 3, "\(replay(chat))")
    }

    @Test("a retention cut: who misses lines is told, and comes to the end all the same")
    func retentionCut() {
        var chat = Self.world(seed: 88)
        chat.vanish("cy")
        for round in 0..<30 { Self.talk(&chat, "round \(round)") }
        chat.run(for: .seconds(2))
        chat.trimStore(keeping: 5)
        chat.comeBack("cy")
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled, "\(replay(chat))")
        // Of the room, the group and the inbox.
        #expect(chat.notices(of: "cy", containing: "removed") == 3)
        // Also a server that starts with what is left.
        chat.crashServer()
        chat.startServer()
        Self.talk(&chat, "after")
        let calmed = chat.runUntilQuiet(within: .seconds(60))
        #expect(calmed, "\(replay(chat))")
    }

    @Test("row 43: a full disk is told to who says something; what came before waits, and later all goes on")
    func fullDisk() {
        var chat = Self.world(seed: 89)
        chat.say("accepted before", from: "ana")
        chat.run(for: .milliseconds(21))
        chat.fillDisk(for: .seconds(20))
        chat.run(for: .seconds(2))
        chat.say("refused", from: "bo")
        chat.run(for: .seconds(2))
        #expect(chat.errors(of: "bo") == [.storage] && !chat.heard(by: "cy").contains("accepted before"))
        chat.run(for: .seconds(20))
        chat.say("afterwards", from: "bo")
        let settled = chat.runUntilQuiet(within: .seconds(30))
        #expect(settled, "\(replay(chat))")
        #expect(chat.heard(by: "cy") == ["accepted before", "afterwards"])
        #expect(chat.errors(of: "bo") == [.storage])
    }

    @Test("row 43: a server that is killed while the disk is full lost nothing that it had confirmed")
    func killedOnFullDisk() {
        var chat = Self.world(seed: 90)
        Self.talk(&chat, "before")
        _ = chat.runUntilQuiet()
        chat.fillDisk(for: .seconds(60))
        chat.say("refused", from: "bo")
        chat.run(for: .milliseconds(500))
        chat.cutOff("bo", for: .seconds(3))
        chat.say("never heard", from: "bo")
        chat.crashServer()
        chat.startServer()
        let settled = chat.runUntilQuiet(within: .seconds(90))
        #expect(settled && chat.heard(by: "cy").last == "never heard", "\(replay(chat))")
    }

    @Test(
        "row 46: a clock a day forward or back changes neither order, nor time-outs, nor tickets, and lengthens no mute",
        arguments: [86_400, -86_400])
    func clock(step: Int) {
        // After the first run tickets alone let them in.
        var options = ClientOptions()
        options.forgetsPassword = true
        var chat = Self.world(seed: 91, options: options)
        Self.talk(&chat, "before")
        chat.stepServerClock(by: .seconds(step))
        chat.order(.moderate(.mute, name: "cy", seconds: 3_600, text: ""))
        Self.talk(&chat, "after")
        let settled = chat.runUntilQuiet(within: .seconds(30))
        #expect(settled, "\(replay(chat))")
        chat.run(for: .seconds(20))
        chat.crashServer()
        chat.stepServerClock(by: .seconds(-2 * step))
        chat.startServer()
        chat.vanish("bo")
        chat.comeBack("bo")
        Self.talk(&chat, "again")
        chat.say("muted or not", from: "cy")
        let calmed = chat.runUntilQuiet(within: .seconds(60))
        #expect(calmed, "\(replay(chat))")
        // A clock that is two days ahead when the server starts has the mute over; one that is behind does not.
        #expect(chat.errors(of: "cy") == (step > 0 ? [.muted] : []))
        let expected = ["before", "after", "again"].flatMap { mark in (0..<4).map { "\(mark) \($0)" } }
        #expect(chat.heard(by: "cy") == expected)
        chat.stepServerClock(by: .seconds(step))
        chat.run(for: .seconds(40))
        #expect(chat.present == ["ana", "bo", "cy"] && chat.departure(of: "ana", toldTo: "cy") == nil)
    }
}
