import Basics
import ChatClient
import ChatProtocol
import Sentences
import Testing

/// Every command, used well and badly.
@Suite struct UsageTests {
    @Test(
        "a command becomes the request that it stands for",
        arguments: [
            (":pm bo hi  there", ClientRequest.post(.text("hi  there"), in: .person("bo"))),
            ("/msg bo hi", .post(.text("hi"), in: .person("bo"))), ("/m bo hi", .post(.text("hi"), in: .person("bo"))),
            ("/w bo ::x", .post(.text("::x"), in: .person("bo"))),
            (":me waves", .post(.action("waves"), in: .room)),
            (":group create tea", .group(.create, name: "tea", person: "")),
            (":group leave tea", .group(.leave, name: "tea", person: "")),
            (":group send tea it is  hot", .post(.text("it is  hot"), in: .group("tea"))),
            (":group invite tea bo", .group(.invite, name: "tea", person: "bo")),
            (":group remove tea bo", .group(.remove, name: "tea", person: "bo")),
            (":group hand-over tea bo", .group(.handOver, name: "tea", person: "bo")),
            (":group private tea", .group(.makePrivate, name: "tea", person: "")),
            (":GROUP Public tea", .group(.makePublic, name: "tea", person: "")),
            ("/join #tea", .group(.join, name: "tea", person: "")),
            (":pm @bo hi", .post(.text("hi"), in: .person("bo"))),
            (":re #tea 17 I see", .post(.reply(to: 17, "I see"), in: .group("tea"))),
            (":react @tea 17 x", .post(.react(17, "x"), in: .person("tea"))),
            ("/join tea", .group(.join, name: "tea", person: "")),
            ("/part tea", .group(.leave, name: "tea", person: "")),
            (":nick ann", .rename("ann")), (":nick @ann", .rename("@ann")), (":away at lunch", .away("at lunch")),
            (":away", .away("away")),
            (":topic Plans for Friday", .topic("Plans for Friday", in: .room)), (":topic -", .topic("", in: .room)),
            (":op bo", .moderate(.op, name: "bo", seconds: 0, text: "")),
            (":deop bo", .moderate(.deop, name: "bo", seconds: 0, text: "")),
            (":kick bo too loud", .moderate(.kick, name: "bo", seconds: 0, text: "too loud")),
            (":mute bo 10", .moderate(.mute, name: "bo", seconds: 600, text: "")),
            (":mute bo", .moderate(.mute, name: "bo", seconds: 0, text: "")),
            (":unmute bo", .moderate(.unmute, name: "bo", seconds: 0, text: "")),
            (":ban 192.0.2.0/24 flood", .moderate(.ban, name: "192.0.2.0/24", seconds: 0, text: "flood")),
            (":unban bo", .moderate(.unban, name: "bo", seconds: 0, text: "")),
            (":slow 5", .moderate(.slow, name: "", seconds: 5, text: "")),
            (":slow off", .moderate(.slow, name: "", seconds: 0, text: "")),
            (":react 17 👍", .post(.react(17, "👍"), in: .room)), (":react 17 -", .post(.react(17, ""), in: .room)),
            (":react tea 17 x", .post(.react(17, "x"), in: .group("tea"))),
            (":re 17 I see", .post(.reply(to: 17, "I see"), in: .room)),
            (":re bo 17 I see", .post(.reply(to: 17, "I see"), in: .person("bo"))),
        ])
    func requests(line: String, request: ClientRequest) {
        var client = TestClient.present()
        client.state.enter(line)
        #expect(client.outboxRequests() == [request])
        #expect(client.events().isEmpty && client.state.unconfirmedLines == [line])
    }

    @Test(
        "a command becomes the question that it stands for",
        arguments: [
            (":list", Question.members(of: .room)), ("/names", .members(of: .room)), (":who", .people),
            (":group list", .groups), (":group members tea", .members(of: .group("tea"))),
            (":history", .history(of: .room, before: 0, count: 20)),
            (":history 5", .history(of: .room, before: 0, count: 5)),
            (":history TEA 5", .history(of: .group("tea"), before: 0, count: 5)),
            (":history bo", .history(of: .person("bo"), before: 0, count: 20)),
            (":search blue bicycle", .search(in: .room, words: "blue bicycle", count: 50)),
            (":seen 17", .seen(in: .room, 17)), (":seen tea 17", .seen(in: .group("tea"), 17)),
        ])
    func questions(line: String, question: Question) {
        var client = TestClient.present()
        client.state.enter(line)
        #expect(client.requests() == [.ask(question, label: 1)])
        #expect(client.events().isEmpty && client.state.awaitsAnswer)
    }

    @Test(
        "a command that is used wrongly says how it is used, with an example, and nothing is sent",
        arguments: [
            ":pm", ":pm bo", ":reply", ":group", ":group dance tea", ":group create", ":group create a b",
            ":group invite tea", ":group invite tea bo cy", ":group send tea", ":group members", ":group list x",
            ":join", ":part", ":me", ":re", ":re -1", ":re tea", ":react -1", ":react 0 x", ":react 3 two words",
            ":pm @ hi", ":join #", ":re # -1 x",
            ":edit", ":delete x", ":list x", ":who x", ":seen 1 2", ":nick", ":nick two words", ":history 0",
            ":history 1001", ":history a b", ":history a 1 2", ":search", ":ignore a b", ":op", ":op a b", ":deop",
            ":kick", ":mute", ":mute bo soon", ":mute bo 0", ":unmute", ":ban", ":unban", ":unban a b", ":slow",
            ":slow now", ":slow 5 6", ":register x", ":stats x", ":clear x",
        ])
    func misuse(line: String) throws {
        var client = TestClient.present()
        client.entry(1, .message("a"))
        _ = client.events()
        client.state.enter(line)
        let events = client.events()
        guard case .error(.usage, let text)? = events.first else {
            Issue.record("\(line): \(events)")
            return
        }
        let word = String(line.dropFirst().prefix { $0 != " " })
        let row = try #require(CommandTable.command(named: word))
        #expect(events.count == 1 && !text.contains("\n") && text.contains(row.example) && text.contains(":\(word)"))
        #expect(client.outboxRequests().isEmpty && client.requests().isEmpty)
    }

    @Test("every row has help and an example that is no misuse")
    func examples() {
        for row in CommandTable.rows {
            #expect(!row.help(in: .english).isEmpty, "\(row.name)")
            var client = TestClient.present()
            for number: EntryNumber in 1...5 { client.entry(number, .message("a")) }
            client.entry(1, .personal(.text("hi"), to: "ana", twin: 1), alias: TestClient.inboxAlias)
            client.state.enter("mine")
            client.ownEntry(6, "mine", outbox: 1)
            _ = client.events()
            client.state.enter(row.example)
            #expect(!client.events().contains { if case .error = $0 { true } else { false } }, "\(row.example)")
        }
    }

    @Test("what asks about earlier lines waits until they are settled, and what follows it waits too")
    func order() {
        var client = TestClient.present()
        for line in ["one", ":edit uno", ":list", "two", ":group members tea"] { client.state.enter(line) }
        #expect(client.outboxTexts() == ["one"] && client.state.unsentCount == 5 && client.requests().isEmpty)
        client.ownEntry(1, "one", outbox: 1)
        #expect(client.outboxRequests() == [.post(.edit(1, "uno"), in: .room)] && client.requests().isEmpty)
        client.own(2, .line(.edit(1, "uno")), outbox: 2)
        #expect(client.requests() == [.members(label: 1)] && client.outboxTexts() == ["two"])
        client.ownEntry(3, "two", outbox: 3)
        #expect(client.requests() == [.ask(.members(of: .group("tea")), label: 2)] && client.state.unsentCount == 0)
    }

    @Test("what waits survives a lost connection; leaving is heard at once and lets it finish")
    func orderOverLoss() {
        var client = TestClient.present()
        client.state.enter("one")
        client.state.enter(":delete")
        client.state.disconnected(reason: "timeout")
        client.state.enter("QUIT")
        #expect(client.state.wantsToQuit && client.state.unconfirmedLines == ["one", ":delete"])
        client.arrive(TestClient.welcome(end: 1, stored: 1, resumed: true))
        client.ownEntry(1, "one", outbox: 1)
        #expect(client.outboxRequests() == [.post(.delete(1), in: .room)])
    }

    @Test("only so many lines wait for their turn; reading stops there")
    func orderBound() {
        var client = TestClient.present()
        client.state.enter("one")
        for _ in 0..<ChatLimits.heldLines {
            #expect(client.state.canAccept)
            client.state.enter(":list")
        }
        #expect(!client.state.canAccept)
        client.state.enter(":list")
        #expect(client.events() == [.error(code: .outboxFull, text: Language.english.chat.outboxFull)])
    }

    @Test("-1 is the last line shown in a place, one's own included; marks and comings do not count")
    func relative() {
        var client = TestClient.present()
        client.entry(1, .message("a"))
        client.entry(2, .joined)
        client.state.enter("mine")
        client.ownEntry(3, "mine", outbox: 1)
        client.entry(4, .line(.react(3, "x")))
        client.entry(9, .message("t"), alias: TestClient.groupAlias)
        client.entry(5, .personal(.text("p"), to: "ana", twin: 1), alias: TestClient.inboxAlias)
        client.entry(6, .personal(.text("q"), to: "ana", twin: 2), name: "cy", alias: TestClient.inboxAlias)
        var requests: [ClientRequest] = []
        for (index, line) in [":re -1 r", ":react -2 x", ":re tea -1 r", ":re bo -1 r", ":re CY -1 r"].enumerated() {
            client.state.enter(line)
            requests += client.outboxRequests()
            client.state.receive(.rejected(outbox: OutboxNumber(index + 2), code: .storage, text: ""))
        }
        #expect(
            requests == [
                .post(.reply(to: 3, "r"), in: .room), .post(.react(1, "x"), in: .room),
                .post(.reply(to: 9, "r"), in: .group("tea")), .post(.reply(to: 5, "r"), in: .person("bo")),
                .post(.reply(to: 6, "r"), in: .person("CY")),
            ])
        _ = client.events()
        for line in [":re -3 r", ":re -999 r", ":re tea -2 r", ":re dee -1 r"] {
            client.state.enter(line)
            let word = line.split(separator: " ").first { $0.hasPrefix("-") } ?? ""
            #expect(
                client.events() == [.error(code: .noSuchLine, text: Language.english.chat.noLineThere(String(word)))])
        }
    }

    @Test("only so many lines can be meant by their place")
    func relativeBound() {
        var client = TestClient.present()
        for number: EntryNumber in 1...1_000 { client.entry(number, .message("a")) }
        client.state.enter(":re -\(ChatLimits.shownLines + 1) r")
        client.state.enter(":re -\(ChatLimits.shownLines) r")
        #expect(client.outboxRequests() == [.post(.reply(to: 801, "r"), in: .room)])
    }

    @Test(":edit and :delete mean the last line of one's own, wherever it stands")
    func lastOwn() {
        var client = TestClient.present()
        client.state.enter(":edit x")
        #expect(client.events() == [.error(code: .noSuchLine, text: Language.english.chat.noOwnLine)])
        for line in ["one", ":pm bo two", ":group send tea three"] { client.state.enter(line) }
        client.ownEntry(1, "one", outbox: 1)
        client.own(8, .message("three"), outbox: 3, alias: TestClient.groupAlias)
        client.own(4, .personal(.text("two"), to: "bo", twin: 1), outbox: 2, alias: TestClient.inboxAlias)
        client.state.enter(":edit too")
        #expect(client.outboxRequests() == [.post(.edit(4, "too"), in: .person("bo"))])
        client.own(5, .personal(.edit(4, "too"), to: "bo", twin: 2), outbox: 4, alias: TestClient.inboxAlias)
        client.state.enter(":delete")
        #expect(client.outboxRequests() == [.post(.delete(4), in: .person("bo"))])
        client.own(6, .personal(.delete(4), to: "bo", twin: 3), outbox: 5, alias: TestClient.inboxAlias)
        client.state.enter(":delete")
        #expect(client.outboxRequests() == [.post(.delete(8), in: .group("tea"))])
    }

    @Test(":reply goes to whom the latest private line was exchanged with")
    func reply() {
        var client = TestClient.present()
        client.state.enter(":reply hi")
        #expect(client.events() == [.error(code: .noSuchUser, text: Language.english.chat.nobodyToReplyTo)])
        client.state.enter(":pm cy hi")
        client.state.enter(":reply more")
        client.entry(1, .personal(.text("p"), to: "ana", twin: 1), alias: TestClient.inboxAlias)
        client.state.enter("/r yes")
        #expect(
            client.outboxRequests().map { request in
                if case .post(_, in: .person(let name)) = request { name } else { "" }
            } == ["cy", "cy", "bo"])
    }

    @Test(":reply goes on to whom it went before a line to nobody")
    func replyAfterMistake() {
        var client = TestClient.present()
        client.entry(1, .personal(.text("p"), to: "ana", twin: 1), alias: TestClient.inboxAlias)
        client.state.enter(":pm boo hi")
        client.own(2, .settled(code: .noSuchUser, text: "No."), outbox: 1, alias: TestClient.inboxAlias)
        client.state.enter(":reply yes")
        #expect(client.outboxRequests() == [.post(.text("yes"), in: .person("bo"))])
    }

    @Test(":away follows what the server has, also from another device")
    func awayElsewhere() {
        var client = TestClient.present()
        client.own(1, .away("lunch"), outbox: 0)
        client.state.enter(":away")
        #expect(client.outboxRequests() == [.away("")])
    }

    @Test(":away without a text goes away and comes back by turns")
    func away() {
        var client = TestClient.present()
        for _ in 0..<3 { client.state.enter(":away") }
        #expect(client.outboxRequests() == [.away("away"), .away(""), .away("away")])
    }

    @Test(":ignore hides lines, private lines, marks and hints of a person, and shows them again")
    func ignore() {
        var client = TestClient.present()
        client.state.enter(":ignore")
        client.state.enter(":ignore BO")
        client.entry(1, .message("a"))
        client.entry(2, .line(.react(1, "x")))
        client.entry(1, .personal(.text("p"), to: "ana", twin: 1), alias: TestClient.inboxAlias)
        client.state.enter(":ignore")
        client.state.enter(":ignore bo")
        client.entry(3, .message("b"))
        #expect(
            client.events() == [
                .notice(text: Language.english.chat.ignoring([])),
                .notice(text: Language.english.chat.ignoredNow("BO")),
                .notice(text: Language.english.chat.ignoring(["BO"])),
                .notice(text: Language.english.chat.ignoredNoMore("bo")),
                TestClient.message(3, "b"),
            ])
    }

    @Test("only so many people can be ignored")
    func ignoreBound() {
        var client = TestClient.present()
        for index in 0...ChatLimits.ignoredNames { client.state.enter(":ignore n\(index)") }
        #expect(client.events().last == .error(code: .tooMany, text: Language.english.chat.tooManyIgnored))
    }

    @Test(
        "an unknown command suggests the one that is most like it",
        arguments: [
            (":hlep", "help"), (":lisst", "list"), (":qit", "quit"), (":gruop", "group"), (":Serch x", "search"),
            (":kik bo", "kick"), (":hist", "history"), (":ed x", "edit"),
        ])
    func nearest(line: String, word: String) {
        var client = TestClient.present()
        client.state.enter(line)
        guard case .error(.unknownCommand, let text)? = client.events().first else {
            Issue.record("\(line)")
            return
        }
        #expect(text.contains("Did you mean :\(word)?"))
    }

    @Test("answers of history and search are marked, and an empty one says so")
    func answers() {
        var client = TestClient.present()
        client.entry(5, .message("now"))
        for line in [":history 2", ":search blue", ":search none"] { client.state.enter(line) }
        _ = client.requests()
        _ = client.events()
        let entry = LogEntry(
            time: TestClient.time(3), member: TestClient.other, name: "bo", body: .message("blue"))
        let found = NumberedEntry(number: 3, bytes: entry.encoded())
        client.state.receive(.entries(label: 1, [found], isLast: true))
        client.state.receive(.entries(label: 2, [found, NumberedEntry(number: 4, bytes: [9, 9])], isLast: true))
        client.state.receive(.entries(label: 3, [], isLast: true))
        var line = TestClient.line(3, "blue", isHistory: true)
        let replayed = ClientEvent.message(line, in: .room("main"))
        line.isFound = true
        #expect(
            client.events() == [
                replayed, .message(line, in: .room("main")), .notice(text: Language.english.chat.nothingFound),
            ])
        #expect(!client.state.awaitsAnswer)
    }

    @Test("groups, people and who has a line are answered; a question that failed has the error as its answer")
    func otherAnswers() {
        var client = TestClient.present()
        for line in [":group list", ":who", ":seen 7", ":group members nowhere"] { client.state.enter(line) }
        _ = client.requests()
        let group = GroupSummary(name: "tea", memberCount: 2, isPrivate: false, isOwn: true)
        let person = Presence(
            name: "bo", away: "", isOperator: false, roundTripMicroseconds: 1, lossPerMille: 0, silenceMilliseconds: 0)
        client.state.receive(.groups(label: 1, [group], isLast: true))
        client.state.receive(.people(label: 2, [person], isLast: true))
        client.state.receive(.seen(label: 3, total: 3, missingCount: 1, missing: ["cy"]))
        client.state.receive(.failed(label: 4, code: .noSuchGroup, text: "No."))
        client.state.receive(.failed(label: 4, code: .noSuchGroup, text: "No."))
        #expect(
            client.events() == [
                .groups([group]), .people([person]),
                .seen(ShownReceipts(id: 7, total: 3, missingCount: 1, missing: ["cy"]), in: .room("main")),
                .error(code: .noSuchGroup, text: "No."),
            ])
        #expect(!client.state.awaitsAnswer)
    }

    @Test("typing is told only where it is wanted, and not too often")
    func typing() {
        var client = TestClient.present()
        let start = Instant.origin
        client.state.isTyping(at: start)
        client.state.receive(.typing(name: "bo", in: .room))
        #expect(client.requests().isEmpty && client.events().isEmpty)
        client.state.sharesTyping = true
        client.state.isTyping(at: start)
        client.state.isTyping(at: start + .seconds(1))
        #expect(client.requests() == [.typing(in: .room)])
        client.state.isTyping(at: start + ChatLimits.typingInterval)
        #expect(client.requests() == [.typing(in: .room)])
        client.state.receive(.typing(name: "bo", in: .room))
        #expect(client.events() == [.typing(name: "bo", in: .room("main"))])
    }

    @Test("texts that are too long are refused by the client")
    func tooLong() {
        let long = String(repeating: "x", count: 600)
        for line in [":search \(long)", ":away \(long)", ":topic \(long)", ":kick bo \(long)", ":react 1 \(long)"] {
            var client = TestClient.present()
            client.state.enter(line)
            guard case .error(.tooLong, _)? = client.events().first else {
                Issue.record("\(line.prefix(10))")
                continue
            }
            #expect(client.outboxRequests().isEmpty && client.requests().isEmpty)
        }
        var client = TestClient.present()
        client.state.enter(":pm \(long) hi")
        #expect(client.events() == [.error(code: .nameInvalid, text: Language.english.chat.nameTooLong)])
    }
}
