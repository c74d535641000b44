import Foundation
import Testing

/// Operators among the members, and what outlives the server.
@Suite("moderation", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct ModerationTests {
    @Test("an operator moderates from the client; who is none, or not any more, may not")
    func operatorAtClient() throws {
        let house = try House()
        let server = try house.server("--console")
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        let carol = try house.member("carol", at: server)
        for line in [":kick carol", ":mute carol", ":ban carol", ":op ana", ":slow 5", ":topic mine"] {
            ana.send(line)
            #expect(try ana.event("error")["code"] == "not-allowed")
        }
        #expect(try server.answer(":op ana") == "ana is an operator.")
        try ana.event("notice") { $0["text"]?.hasPrefix("SERVER made you an operator") == true }
        #expect(try server.answer(":op ana") == "ana is an operator already.")

        ana.send(":mute bob 5")
        try bob.event("notice") { $0["text"] == "ana muted you for 5 min." }
        bob.send("hello?")
        #expect(try bob.event("error")["code"] == "muted")
        ana.send(":unmute bob")
        try bob.event("notice") { $0["text"] == "ana gave you the word back." }
        ana.send(":topic Plans")
        try carol.event("topic") { $0["text"] == "Plans" && $0["by"] == "ana" }
        ana.send(":kick carol too loud")
        #expect(try carol.exit() == 77)
        let seen = try server.program.event("moderated") { $0["action"] == "kick" }
        #expect(seen["by"] == "ana" && seen["name"] == "carol" && seen["text"] == "too loud")
        ana.send(":ban bob")
        #expect(try bob.exit() == 77)
        ana.send(":kick dee")
        #expect(try ana.event("error")["code"] == "no-such-user")
        ana.send(":ban ana")
        #expect(try ana.event("error")["code"] == "not-allowed")

        let audit = try server.answer(":audit")
        let acts = ["op ana", "mute bob 300 s", "unmute bob", "topic (Plans)", "kick carol (too loud)", "ban bob"]
        let lines = audit.split(separator: "\n")
        #expect(lines.count == acts.count)
        for (line, act) in zip(lines, acts) {
            #expect(line.hasSuffix(act) && line.contains(act == "op ana" ? "SERVER" : "ana"))
        }
        #expect(try server.answer(":audit 1").hasSuffix("ban bob"))
        #expect(try server.answer(":audit 0").contains("It is used like this"))

        #expect(try server.answer(":deop ana") == "ana is an ordinary member again.")
        #expect(try server.answer(":deop ana") == "ana is no operator.")
        #expect(try server.answer(":op").contains("It is used like this"))
        #expect(try server.answer(":deop a b").contains("It is used like this"))
        try ana.event("notice") { $0["text"] == "SERVER made you an ordinary member again." }
        ana.send(":unban bob")
        #expect(try ana.event("error")["code"] == "not-allowed")
    }

    @Test(
        "bans, mutes, rank, topic and the audit survive the server, stopped or killed",
        arguments: [SIGTERM, SIGKILL])
    func survival(signal: Int32) throws {
        let house = try House()
        var server = try house.serverAtLastingPort("--console")
        let port = server.port
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        let carol = try house.member("carol", at: server)
        let orders = [
            ":op ana", ":mute carol 60", ":ban bob spam", ":ban 192.0.2.0/24", ":topic Lasting", ":slow 7",
        ]
        for line in orders { _ = try server.answer(line) }
        #expect(try bob.exit() == 77)
        // A line that is confirmed: what was ordered before it is stored as well.
        try ana.say("stored")
        server.program.signal(signal)
        _ = try server.program.exit()
        for person in [ana, carol] { try person.event("disconnected") }

        server = try house.server(port: port, "--console")
        for person in [ana, carol] { try person.event("resumed") }
        let bans = try server.answer(":bans")
        #expect(bans.contains("bob") && bans.contains("spam") && bans.contains("192.0.2.0/24"))
        #expect(bans.contains("carol") && bans.contains("min left"))
        for home in ["bob", "elsewhere"] {
            let refused = try house.client("bob", at: server, home: home)
            #expect(try refused.exit() == 77)
            #expect(try refused.event("error")["code"] == "banned")
        }
        carol.send("may I?")
        #expect(try carol.event("error")["code"] == "muted")
        let stats = try server.answer(":stats")
        #expect(stats.contains("Lasting") && stats.contains("7 s"))
        ana.send(":unmute carol")
        try carol.event("notice") { $0["text"] == "ana gave you the word back." }
        let audit = try server.answer(":audit").split(separator: "\n")
        #expect(audit.count == 7 && audit.first?.hasSuffix("op ana") == true)
        #expect(audit.last?.hasSuffix("unmute carol") == true)
    }

    @Test("a rename by the console stays over a restart, with the groups that were owned, and without the password")
    func renameSurvives() throws {
        let house = try House()
        var server = try house.serverAtLastingPort("--console")
        let port = server.port
        let bob = try house.member("bob", at: server)
        bob.send(":group create tea")
        try bob.event("members") { $0["group"] == "tea" }
        #expect(try server.answer(":rename bob robert") == "bob is now robert.")
        try bob.event("renamed")
        server.program.signal(SIGKILL)
        _ = try server.program.exit()
        try bob.event("disconnected")
        server = try house.server(port: port, "--console")
        try bob.event("resumed")
        #expect(try server.answer(":list").contains("robert"))
        #expect(try server.answer(":group members tea") == "tea (1): robert")
        bob.send(":group send tea it is ready")
        #expect(try bob.event("sent")["group"] == "tea")
    }
}
