import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Simulation
import Testing

@Suite("coming back with a ticket")
struct ResumeTests {
    /// Somebody whose first run alone knows the password, and a witness.
    private static func world(seed: UInt64, loss: Double = 0) -> SimulatedChat {
        var chat = SimulatedChat(seed: seed, loss: loss, people: ["bo"])
        var options = ClientOptions()
        options.forgetsPassword = true
        chat.join("ana", options: options)
        chat.recordsWire = true
        return chat
    }

    @Test("a killed client is back without the password, and its line leaves after one round trip")
    func restartedClient() throws {
        var chat = Self.world(seed: 71)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.vanish("ana")
        chat.run(for: .seconds(3))
        let start = chat.clock.elapsed
        chat.comeBack("ana")
        chat.say("back at once", from: "ana")
        let settled = chat.runUntilQuiet(within: .seconds(2))
        #expect(settled && chat.present == ["ana", "bo"], "\(replay(chat))")
        let address = try #require(chat.address(of: "ana"))
        #expect(chat.sent(.hello, from: address).isEmpty && chat.sent(.resume, from: address).count == 1)
        // 20 ms each way.
        let firstData = try #require(chat.sent(.data, from: address).first)
        #expect(firstData.time - start == .milliseconds(40))
        let heard = try #require(
            chat.events(of: "bo").first { shown in
                if case .message(let line, _) = shown.event { line.text == "back at once" } else { false }
            })
        #expect(heard.time - start <= .milliseconds(85), "\(heard.time - start)")
        #expect(chat.crossings(of: "ana", toldTo: "bo") <= 1 && chat.departure(of: "ana", toldTo: "bo") == nil)
    }

    @Test("28: over restarts of client and server, by tickets, lines are stored once", arguments: [72, 73, 74])
    func restarts(seed: UInt64) {
        var chat = Self.world(seed: seed, loss: 0.15)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        var lines = 0
        for round in 0..<4 {
            for _ in 0..<5 {
                lines += 1
                chat.say("line \(lines)", from: "ana")
                chat.run(for: .milliseconds(30))
            }
            if round == 1 {
                chat.crashServer()
                chat.run(for: .seconds(2))
                chat.startServer()
            }
            if round == 2 { chat.cutOff("ana", for: .seconds(50)) }
            let settled = chat.runUntilQuiet(within: .seconds(120))
            #expect(settled, "\(replay(chat))")
            chat.vanish("ana")
            chat.run(for: .seconds(round == 3 ? 60 : 1))
            chat.comeBack("ana")
        }
        let settled = chat.runUntilQuiet(within: .seconds(120))
        #expect(settled && chat.present == ["ana", "bo"], "\(replay(chat))")
        #expect(chat.heard(by: "bo").filter { $0.hasPrefix("line") } == (1...lines).map { "line \($0)" })
        #expect(chat.errors(of: "ana") == [])
    }

    @Test("a client that was cut off until its time was over resumes, and goes on where it was")
    func lostPath() throws {
        var chat = Self.world(seed: 75)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.cutOff("ana", for: .seconds(45))
        chat.say("from the tunnel", from: "ana")
        chat.say("meanwhile", from: "bo")
        let settled = chat.runUntilQuiet(within: .seconds(90))
        #expect(settled && chat.heard(by: "bo") == ["from the tunnel"], "\(replay(chat))")
        #expect(chat.heard(by: "ana") == ["meanwhile"] && chat.joins(of: "ana") == 1)
        let address = try #require(chat.address(of: "ana"))
        #expect(!chat.sent(.resume, from: address).isEmpty)
    }

    @Test("who has a ticket and finds the name given to somebody else is told so")
    func lateResume() {
        var chat = Self.world(seed: 76)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.vanish("ana")
        chat.run(for: .seconds(200))
        chat.join("ana", as: "other")
        let isThere = chat.settleIn("other")
        #expect(isThere)
        chat.comeBack("ana")
        chat.run(for: .seconds(2))
        #expect(chat.errors(of: "ana") == [.nameTaken] && chat.isOnline("other"))
    }

    @Test("16: a repeated R1 from elsewhere takes nothing from the member, before and after")
    func repeatedFirstMessage() throws {
        var chat = Self.world(seed: 77)
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn)
        chat.vanish("ana")
        chat.run(for: .seconds(1))
        chat.comeBack("ana")
        let isBack = chat.settleIn("ana")
        #expect(isBack)
        let address = try #require(chat.address(of: "ana"))
        let hello = try #require(chat.sent(.resume, from: address).first?.datagram)
        for number in 0..<20 as Range<UInt32> {
            let elsewhere = SocketAddress(host: .v4(0xc633_6500 + number), port: 9)
            chat.inject(
                SimulatedDatagram(source: elsewhere, destination: SimulatedChat.serverAddress, bytes: hello.bytes))
            chat.inject(hello)
            chat.run(for: .milliseconds(100))
        }
        chat.say("still here", from: "ana")
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.heard(by: "bo") == ["still here"], "\(replay(chat))")
        #expect(chat.crossings(of: "ana", toldTo: "bo") <= 1 && chat.finish(of: "ana") == nil)
        chat.checkNothingLeaks()
        #expect(chat.violation == nil, "\(replay(chat))")
    }

    @Test("a late M3 of a killed client takes nothing from its successor")
    func lateFinish() throws {
        var chat = SimulatedChat(seed: 78, people: ["bo"])
        let isIn = chat.settleIn("bo")
        #expect(isIn)
        chat.recordsWire = true
        chat.join("ana")
        chat.run(for: .milliseconds(30))
        let killed = try #require(chat.address(of: "ana"))
        chat.network.toServer = LinkFaults(loss: 1)
        chat.run(for: .milliseconds(30))
        let finish = try #require(chat.sent(.finish, from: killed).first?.datagram)
        chat.vanish("ana")
        chat.network.toServer = LinkFaults()
        chat.comeBack("ana")
        let isBack = chat.settleIn("ana", within: .seconds(1))
        #expect(isBack)
        chat.inject(finish)
        chat.run(for: .seconds(1))
        #expect(!chat.answers(.verdict).filter { $0.datagram.destination == killed }.isEmpty, "it was answered")
        chat.say("mine", from: "ana")
        let settled = chat.runUntilQuiet()
        #expect(settled && chat.heard(by: "bo") == ["mine"] && chat.finish(of: "ana") == nil, "\(replay(chat))")
        #expect(chat.crossings(of: "ana", toldTo: "bo") == 1)
        chat.checkNothingLeaks()
        #expect(chat.violation == nil, "\(replay(chat))")
    }
}
