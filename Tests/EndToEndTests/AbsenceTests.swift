import Basics
import Foundation
import SocketIO
import Testing

/// People who vanish without a word. These tests wait for the protocol's time-outs, so the others run beside them.
@Suite("absence", .ownThread, .timeLimit(.minutes(5)))
struct AbsenceTests {
    @Test("who is unplugged is announced within 40 s; the name waits for the device, not for a stranger")
    func unplugged() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let ana = try house.member("ana", at: server)
        ana.signal(SIGKILL)
        let begin = MonotonicClock.now
        #expect(try ana.exit() == 128 + SIGKILL)
        try expectTaken("ana", at: server, in: house)

        let left = try bob.event("left")
        let took = MonotonicClock.now - begin
        #expect(left["name"] == "ana" && left["reason"] == "timeout")
        #expect(took < .seconds(40) && took > .seconds(15), "\(took)")
        try expectTaken("ana", at: server, in: house)

        let again = try house.member("ana", at: server)
        try bob.event("joined") { $0["name"] == "ana" }
        try again.say("back")
        try bob.hear(["back"])
    }

    private func expectTaken(_ name: String, at server: Server, in house: House) throws {
        let stranger = try house.client(name, at: server, home: "stranger")
        #expect(try stranger.exit() == 77)
        #expect(stranger.events("error").map { $0["code"] } == ["name-taken"])
    }

    @Test("who is back before anybody noticed takes the session over, and nobody sees it")
    func takeover() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let ana = try house.member("ana", at: server)
        ana.signal(SIGKILL)
        _ = try ana.exit()
        let again = try house.member("ana", at: server)
        try again.say("never gone")
        try bob.hear(["never gone"])
        bob.send(":list")
        #expect(try bob.event("members").list("names")?.sorted() == ["ana", "bob"])
        #expect(bob.events("joined").count == 1 && bob.events("left") == [])
    }

    @Test("a second process of the same person is a stranger while the first one lives")
    func secondProcess() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let second = try house.client("ana", at: server)
        #expect(try second.exit() == 77)
        #expect(second.events("error").map { $0["code"] } == ["name-taken"])
        try ana.say("still me")
    }

    @Test("a server that was killed and comes back is found again, and nothing typed is lost")
    func killedServer() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        let ana = try house.member("ana", at: first)
        first.program.signal(SIGKILL)
        _ = try first.program.exit()
        ana.send("into the void")
        let second = try house.server(port: first.port)
        try ana.event("disconnected")
        try ana.event("sent") { $0["text"] == "into the void" }
        try second.program.event("message") { $0["text"] == "into the void" }
        try ana.leave()
        #expect(second.program.events("message").count == 1)
    }
}
