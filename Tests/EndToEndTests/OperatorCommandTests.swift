import Foundation
import Testing

/// What operators among the members do with their clients; the console makes the first one.
@Suite("operators' commands", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct OperatorCommandTests {
    private func moderated(_ person: RunningProgram, _ action: String, _ name: String?) throws -> Event {
        try person.event("moderated") { $0["action"] == action && $0["name"] == name }
    }

    @Test("an operator is made, rules, and is an ordinary member again")
    func ruling() throws {
        let house = try House()
        let server = try house.server("--console")
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        let carol = try house.member("carol", at: server)
        server.program.send(":op ana")
        #expect(try moderated(ana, "op", "ana")["by"] == "SERVER")

        ana.send(":topic Plans for Friday")
        let topic = try bob.event("topic")
        #expect(topic["text"] == "Plans for Friday" && topic["by"] == "ana" && topic["room"] == "main")
        bob.send(":topic")
        #expect(try bob.event("topic")["text"] == "Plans for Friday")

        ana.send(":mute bob 10")
        #expect(try moderated(carol, "mute", "bob").number("seconds") == 600)
        for line in ["hello", ":pm carol hello", ":me shouts"] {
            bob.send(line)
            #expect(try bob.event("error")["code"] == "muted", "\(line)")
        }
        ana.send(":unmute bob")
        _ = try moderated(carol, "unmute", "bob")
        try bob.say("I can speak")

        ana.send(":slow 60")
        _ = try moderated(bob, "slow", nil)
        bob.send("so soon after the last one")
        #expect(try bob.event("error")["code"] == "slow-mode")
        try ana.say("operators are not slowed")
        try ana.say("at all")
        ana.send(":slow off")
        _ = try moderated(bob, "slow", nil)
        try bob.say("and so on")

        ana.send(":op bob")
        _ = try moderated(bob, "op", "bob")
        bob.send(":deop ana")
        _ = try moderated(ana, "deop", "ana")
        ana.send(":kick carol")
        #expect(try ana.event("error")["code"] == "not-allowed")
    }

    @Test("who is kicked may come back, who is banned may not until it is taken back")
    func puttingOut() throws {
        let house = try House()
        let server = try house.server("--console")
        let ana = try house.member("ana", at: server)
        server.program.send(":op ana")
        _ = try moderated(ana, "op", "ana")
        var bob = try house.member("bob", at: server)
        ana.send(":kick nobody")
        #expect(try ana.event("error")["code"] == "no-such-user")
        ana.send(":kick bob too loud")
        #expect(try moderated(ana, "kick", "bob")["text"] == "too loud")
        #expect(try ana.event("left") { $0["name"] == "bob" }["reason"] == "kicked")
        #expect(try bob.exit() == 77)
        #expect(bob.events("error").map { $0["code"] } == ["kicked"])

        bob = try house.member("bob", at: server)
        ana.send(":ban bob")
        #expect(try ana.event("left") { $0["name"] == "bob" }["reason"] == "banned")
        #expect(try bob.exit() == 77)
        for home in ["bob", "stranger"] {
            let again = try house.client("bob", at: server, home: home)
            #expect(try again.exit() == 77)
            #expect(again.events("error").map { $0["code"] } == ["banned"])
        }
        ana.send(":unban bob")
        _ = try moderated(ana, "unban", "bob")
        bob = try house.member("bob", at: server)
        ana.send(":unban bob")
        #expect(try ana.event("error")["code"] == "not-allowed")
        ana.send(":ban ana")
        #expect(try ana.event("error")["code"] == "not-allowed")
        ana.send(":ban 192.0.2.0/24 a flood")
        _ = try moderated(bob, "ban", "192.0.2.0/24")
        ana.send(":unban 192.0.2.0/24")
        _ = try moderated(bob, "unban", "192.0.2.0/24")
    }
}
