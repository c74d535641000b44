import Basics
import ChatClient
import ChatDomain
import ChatProtocol
import ClientCore
import Simulation
import Testing

@Suite("a server that goes away")
struct RestartTests {
    @Test("after a kill clients come back without a word about history, and unconfirmed lines are sent again")
    func kill() {
        var chat = SimulatedChat(seed: 50)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.say("before", from: "ana")
        let calmed = chat.runUntilQuiet()
        #expect(calmed)
        chat.crashServer()
        chat.say("meanwhile 1", from: "ana")
        chat.say("meanwhile 2", from: "ana")
        chat.run(for: .seconds(3))
        chat.startServer()
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled && chat.joins(of: "ana") == 1 && chat.joins(of: "bo") == 1, "\(replay(chat))")
        #expect(chat.heard(by: "bo") == ["before", "meanwhile 1", "meanwhile 2"] && chat.receipts(of: "ana") == 3)
        // Nobody was gone, for anybody.
        #expect(chat.crossings(of: "ana", toldTo: "bo") <= 1)
    }

    @Test("a room that forgot says that history began anew, and unconfirmed lines are sent again")
    func forgotten() {
        var chat = SimulatedChat(seed: 51)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.say("before", from: "ana")
        let calmed = chat.runUntilQuiet()
        #expect(calmed)
        chat.crashServer()
        chat.say("meanwhile 1", from: "ana")
        chat.say("meanwhile 2", from: "ana")
        chat.run(for: .seconds(3))
        chat.startServer(.forgetful)
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled && chat.joins(of: "ana") == 2 && chat.joins(of: "bo") == 2, "\(replay(chat))")
        #expect(chat.heard(by: "bo") == ["before", "meanwhile 1", "meanwhile 2"] && chat.receipts(of: "ana") == 3)
        let notices = chat.events(of: "bo").count { shown in
            if case .notice = shown.event { true } else { false }
        }
        #expect(notices == 1)
    }

    @Test("a server that was restarted is noticed within a round trip of the next line, and the line arrives")
    func restartIsNoticed() {
        var chat = SimulatedChat(seed: 52)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.crashServer()
        chat.startServer()
        chat.run(for: .seconds(1))
        chat.say("anybody?", from: "ana")
        let isBack = chat.run(within: .seconds(1)) { $0.resumptions(of: "ana") == 1 }
        #expect(isBack, "\(replay(chat))")
        let reasons = chat.events(of: "ana").compactMap { shown in
            if case .disconnected(let reason) = shown.event { reason } else { nil }
        }
        #expect(reasons == ["restarted"])
        let settled = chat.runUntilQuiet(within: .seconds(60))
        #expect(settled && chat.heard(by: "bo") == ["anybody?"], "\(replay(chat))")
    }

    @Test("a restart in the middle of busy talk loses nothing that was not receipted", arguments: [61, 62, 63, 64])
    func restartInTalk(seed: UInt64) {
        var chat = SimulatedChat(seed: seed, loss: 0.1, people: ["ana", "bo", "cy"])
        let isIn = chat.settleIn("ana", "bo", "cy")
        #expect(isIn)
        for line in 0..<60 {
            chat.say("line \(line)", from: "ana")
            chat.run(for: .milliseconds(20))
            if line == 30 {
                chat.crashServer()
                chat.run(for: .seconds(1))
                chat.startServer()
            }
        }
        let settled = chat.runUntilQuiet(within: .seconds(90))
        #expect(settled && chat.receipts(of: "ana") == 60, "\(replay(chat))")
    }

    @Test("a server that stops politely says so, and what was said before arrives")
    func shutdown() {
        var chat = SimulatedChat(seed: 65)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.say("last words", from: "ana")
        chat.run(for: .milliseconds(25))
        chat.shutDownServer()
        chat.run(for: .seconds(2))
        #expect(chat.heard(by: "bo") == ["last words"] && chat.receipts(of: "ana") == 1, "\(replay(chat))")
        let reasons = chat.events(of: "bo").compactMap { shown in
            if case .disconnected(let reason) = shown.event { reason } else { nil }
        }
        #expect(reasons == ["shutdown"])
    }

    @Test("who has confirmed the end is not taken for lost while the server waits for others")
    func farewell() {
        var chat = SimulatedChat(seed: 66)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.order(.moderate(.mute, name: "ana", seconds: 2, text: ""))
        chat.run(for: .milliseconds(1_300))
        // The server waits for bo. Meanwhile ana's mute ends, and there is nobody left to be told.
        chat.cutOff("bo", for: .seconds(10))
        chat.shutDownServer()
        chat.run(for: .seconds(3))
        #expect(chat.violation == nil, "\(replay(chat))")
        let left = chat.events(of: "bo").contains { shown in
            if case .left = shown.event { true } else { false }
        }
        #expect(!left)
        chat.startServer()
        let settled = chat.runUntilQuiet(within: .seconds(90))
        let isGone = chat.events(of: "bo").contains { shown in
            if case .left(let name, _) = shown.event { name == "ana" } else { false }
        }
        #expect(settled && !isGone, "\(replay(chat))")
    }
}
