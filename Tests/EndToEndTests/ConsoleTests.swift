import Foundation
import Testing

/// Every command of the server's console, used well and badly.
@Suite("the console", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct ConsoleTests {
    /// Lets somebody type at a server with members, in a house that stays until the end.
    private func open(
        _ names: String..., body: (House, Server, [RunningProgram]) throws -> Void
    ) throws {
        let house = try House()
        let server = try house.server("--console")
        let people = try names.map { try house.member($0, at: server) }
        try withExtendedLifetime(house) { try body(house, server, people) }
    }

    /// Expects that a line is used wrongly, changes nothing, and that the answer says how it is used.
    private func expectMisuse(
        _ server: Server, _ lines: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for line in lines {
            let text = try server.answer(line)
            #expect(text.contains("It is used like this: :"), "\(line): \(text)", sourceLocation: sourceLocation)
        }
    }

    @Test(":help lists all commands, :help of one shows an example, and a wrong word names the nearest")
    func help() throws {
        try open { _, server, _ in
            let list = try server.answer(":help")
            let wanted = [
                "list", "kick", "ban", "unban", "mute", "unmute", "rename", "pm", "group", "stats", "reload", "help",
                "shutdown", "op", "deop", "topic", "slow", "audit",
            ]
            for name in wanted {
                #expect(list.contains(":\(name)"))
                let one = try server.answer(":help \(name)")
                #expect(one.hasPrefix(":\(name)") && one.contains("For example: :\(name)"))
            }
            let unknown = try server.answer(":help kcik")
            #expect(unknown.contains("did you mean :kick?"))
            let typed = try server.answer(":shutdwon 3", command: "shutdwon")
            #expect(typed.contains("did you mean :shutdown?") && typed.contains(":help"))
            try expectMisuse(server, ":help a b")
        }
    }

    @Test(":list and :stats")
    func listAndStats() throws {
        try open("ana") { _, server, people in
            let list = try server.answer(":list")
            #expect(list.contains("ana") && list.contains("127.0.0.1:"))
            let stats = try server.answer(":stats")
            #expect(stats.contains("members") && stats.contains("datagrams") && stats.contains("lost by the kernel"))
            try expectMisuse(server, ":list all", ":stats x")
            try people[0].leave()
            try server.program.event("left")
            #expect(try server.answer(":list") == "Nobody is here.")
        }
    }

    @Test(":pm reaches one person alone, and the server shows from, to and id only")
    func personalMessage() throws {
        try open("ana", "bob") { _, server, people in
            #expect(try server.answer(":pm bob see me later") == "bob is told.")
            let line = try people[1].event("private")
            #expect(line["from"] == "SERVER" && line["to"] == "bob" && line["text"] == "see me later")
            people[1].send(":pm ana a secret of ours")
            #expect(try people[0].event("private")["text"] == "a secret of ours")
            try server.program.event("private") { $0["from"] == "bob" }
            for event in server.program.events("private") { #expect(event.fieldNames == ["from", "to", "id"]) }
            #expect(!server.program.output.text.contains("secret"))
            #expect(try server.answer(":pm dee hello") == "Nobody is called dee.")
            try expectMisuse(server, ":pm", ":pm bob")
            #expect(people[0].events("private").count == 1)
        }
    }

    @Test(":rename tells the person, and everybody; what can't be is refused")
    func rename() throws {
        try open("ana", "bob") { _, server, people in
            #expect(try server.answer(":rename bob robert") == "bob is now robert.")
            try people[1].event("notice") { $0["text"] == "SERVER renamed you to robert." }
            for person in people {
                let renamed = person.events("renamed").first
                let heard = try renamed ?? person.event("renamed")
                #expect(heard["from"] == "bob" && heard["to"] == "robert")
            }
            try people[1].say("still me")
            #expect(try people[0].event("message")["from"] == "robert")
            #expect(try server.answer(":rename dee x") == "Nobody is called dee.")
            #expect(try server.answer(":rename ana ROBERT").contains("taken"))
            #expect(try server.answer(":rename ana -x").contains("can't be a name"))
            try expectMisuse(server, ":rename ana", ":rename a b c")
        }
    }

    @Test(":kick puts out, with the reason for everybody; the person may come back")
    func kick() throws {
        try open("ana", "bob") { house, server, people in
            #expect(try server.answer(":kick bob calm down please") == "bob was put out.")
            #expect(try people[1].exit() == 77)
            #expect(people[1].events("error").map { $0["code"] } == ["kicked"])
            let told = try people[0].event("moderated")
            #expect(told["action"] == "kick" && told["name"] == "bob" && told["text"] == "calm down please")
            #expect(try people[0].event("left")["reason"] == "kicked")
            #expect(try server.program.event("left")["reason"] == "kicked")
            #expect(try server.answer(":kick bob") == "Nobody is called bob.")
            try expectMisuse(server, ":kick")
            let back = try house.member("bob", at: server)
            try back.leave()
        }
    }

    @Test(":ban, :unban and :bans of people: name and device are out, and in again")
    func banPerson() throws {
        try open("ana", "bob") { house, server, people in
            #expect(try server.answer(":ban bob spam").hasPrefix("bob is banned"))
            #expect(try people[1].exit() == 77)
            #expect(people[1].events("error").map { $0["code"] } == ["banned"])
            #expect(try people[0].event("left")["reason"] == "banned")
            for (name, home) in [("bob", "bob"), ("BOB", "elsewhere")] {
                let refused = try house.client(name, at: server, home: home)
                #expect(try refused.exit() == 77)
                let error = try refused.event("error")
                #expect(error["code"] == "banned" && error["text"]?.contains("spam") == true)
            }
            #expect(try server.program.event("refused")["reason"] == "banned")
            let other = try house.member("carol", at: server)
            try other.leave()
            #expect(try server.answer(":bans").contains("bob"))
            #expect(try server.answer(":ban SERVER") == "Nobody can ban the console.")
            #expect(try server.answer(":unban dee") == "dee is not banned.")
            #expect(try server.answer(":unban bob") == "bob is not banned any more.")
            #expect(try server.answer(":bans") == "Nobody is banned or muted.")
            try expectMisuse(server, ":ban", ":unban", ":unban a b", ":bans x")
            let back = try house.member("bob", at: server)
            try back.leave()
        }
    }

    @Test(":ban of an address or a block puts out who is there, and keeps out who comes")
    func banAddress() throws {
        try open("ana", "bob") { house, server, people in
            #expect(try server.answer(":ban 192.0.2.7").hasPrefix("192.0.2.7 is banned"))
            #expect(try server.answer(":ban 127.0.0.0/8 closed").hasPrefix("127.0.0.0/8 is banned"))
            for person in people { #expect(try person.exit() == 77) }
            let refused = try house.client("carol", at: server)
            #expect(try refused.exit() == 77)
            #expect(try server.answer(":ban 127.0.0.1/0").contains("can't be a name"))
            #expect(try server.answer(":unban 127.0.0.1") == "127.0.0.1 is not banned.")
            #expect(try server.answer(":unban 127.0.0.0/8").hasSuffix("is not banned any more."))
            let back = try house.member("carol", at: server)
            try back.leave()
        }
    }

    @Test(":mute and :unmute")
    func mute() throws {
        try open("ana", "bob") { _, server, people in
            #expect(try server.answer(":mute bob 10") == "bob is muted for 10 min.")
            try people[1].event("notice") { $0["text"] == "SERVER muted you for 10 min." }
            people[1].send("let me speak")
            #expect(try people[1].event("error")["code"] == "muted")
            people[1].send(":pm ana can you hear me")
            #expect(try people[1].event("error")["code"] == "muted")
            #expect(try people[0].event("moderated").number("seconds") == 600)
            #expect(try server.answer(":bans").contains("10 min left"))
            #expect(try server.answer(":mute dee") == "Nobody is called dee.")
            #expect(try server.answer(":unmute ana") == "ana is not muted.")
            #expect(try server.answer(":unmute bob") == "bob may write again.")
            try people[1].event("notice") { $0["text"] == "SERVER gave you the word back." }
            try people[1].say("thank you")
            try people[0].hear(["thank you"])
            #expect(try server.answer(":mute bob") == "bob is muted until :unmute.")
            try expectMisuse(server, ":mute", ":mute bob ten", ":mute bob 0", ":unmute", ":unmute a b")
        }
    }

    @Test(":topic and :slow hold for everybody; the console is not slowed")
    func topicAndSlow() throws {
        try open("ana", "bob") { _, server, people in
            #expect(try server.answer(":topic Plans for Friday") == "The room's topic: Plans for Friday")
            let topic = try people[0].event("topic")
            #expect(topic["text"] == "Plans for Friday" && topic["by"] == "SERVER")
            #expect(try server.answer(":topic " + String(repeating: "x", count: 600)).contains("at most 512 bytes"))
            #expect(try server.answer(":topic -") == "The room has no topic any more.")
            #expect(try server.answer(":slow 3600") == "Slow mode: one line in 3600 s for each member.")
            try people[1].say("first")
            people[1].send("second")
            #expect(try people[1].event("error")["code"] == "slow-mode")
            for line in ["one", "two"] { server.program.send(line) }
            try people[1].hear(["one", "two"])
            #expect(try server.answer(":slow off") == "Slow mode is off.")
            try people[1].say("third")
            try expectMisuse(server, ":topic", ":slow", ":slow fast", ":slow 1 2")
        }
    }

    @Test(":group list and :group members see private groups too")
    func groups() throws {
        try open("ana", "bob") { _, server, people in
            #expect(try server.answer(":group list") == "There are no groups.")
            people[0].send(":group create tea")
            try people[0].event("members") { $0["group"] == "tea" }
            people[0].send(":group private tea")
            try people[0].event("membership") { $0["action"] == "private" }
            let list = try server.answer(":group list")
            #expect(list.contains("tea") && list.contains("private"))
            #expect(try server.answer(":group members TEA") == "TEA (1): ana")
            #expect(try server.answer(":group members coffee") == "There is no group called coffee.")
            try expectMisuse(server, ":group", ":group list x", ":group members", ":group make x")
        }
    }

    @Test(":reload reads the password file again, and says when it can't")
    func reload() throws {
        try open("ana") { house, server, people in
            try house.write("another-password\n", to: "password")
            #expect(try server.answer(":reload") == "the password file was read again")
            let bob = try house.member("bob", at: server)
            try bob.say("in with the new one")
            try people[0].hear(["in with the new one"])
            try FileManager.default.removeItem(atPath: house.passwordFile)
            #expect(try server.answer(":reload").hasPrefix("the password stays as it was"))
            try expectMisuse(server, ":reload now")
        }
    }

    @Test(":shutdown counts down to everybody, can be cancelled, and then stops")
    func shutdown() throws {
        let house = try House()
        let server = try house.server("--console")
        let ana = try house.member("ana", at: server, "--reconnect", "0")
        try expectMisuse(server, ":shutdown now", ":shutdown -1", ":shutdown 1 2")
        #expect(try server.answer(":shutdown cancel") == "There is no countdown.")
        func hears(_ text: String) throws { try ana.event("notice") { $0["text"] == text } }
        #expect(try server.answer(":shutdown 3600").hasPrefix("The server stops in 60 min."))
        try hears("The server stops in 60 min.")
        #expect(try server.answer(":shutdown cancel") == "The server goes on.")
        try hears("The server does not stop after all.")
        #expect(try server.answer(":shutdown 3").hasPrefix("The server stops in 3 s."))
        for seconds in [3, 2, 1] { try hears("The server stops in \(seconds) s.") }
        #expect(try server.program.exit() == 0)
        try server.program.event("stopping")
        #expect(try ana.event("disconnected")["reason"] == "shutdown")
    }

    @Test("what is typed can't stop the server but by :shutdown, nor does the end of its input")
    func nothingStopsIt() throws {
        try open { house, server, _ in
            server.program.send(lines: [":", "::", ": ", ":\u{1b}[2J", "::shutdown", ":SHUTDOWNNOW", "QUIT", ":quit"])
            server.program.send(String(repeating: "x", count: 70_000))
            server.program.send(bytes: [0x3a, 0xff, 0xfe, 0x0a, 0x00, 0x0a])
            _ = try server.answer(":list")
            server.program.closeInput()
            let ana = try house.member("ana", at: server)
            try ana.say("still open")
        }
    }
}

extension Server {
    /// Types a line at the console, and waits for its one answer.
    ///
    /// - Parameter command: the word that the answer carries; that of the line if nothing is said.
    func answer(_ line: String, command: String? = nil) throws -> String {
        let word = line.dropFirst().split(separator: " ").first.map(String.init) ?? ""
        program.send(line)
        return try program.event("notice") { $0["command"] == command ?? word }["text"] ?? ""
    }
}
