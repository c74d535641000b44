import Basics
import ChatClient
import ChatProtocol
import Testing

/// A client and a naive server, with a link that breaks at random moments.
@Suite struct RaceTests {
    /// What the server does between two links.
    enum Fault: CaseIterable, Sendable {
        case none
        case forgetsSession
        case cutsLog
        case beginsAnew
        /// The client's program is killed after its state was kept, and started again.
        case clientRestarts
    }

    private static let other = MemberID(rawValue: 1_000_000)

    /// What happened in one world.
    private struct World {
        var random: SeededGenerator
        var client = TestClient(history: 1_000)
        var server = NaiveServer()
        var typed: [String] = []
        var refused: [String] = []
        var heard: [String] = []
        var events: [ClientEvent] = []

        mutating func say(_ step: Int) {
            let text = "other \(step)"
            heard.append(text)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: server.append(.message(text), of: RaceTests.other)
            case 1: server.append(.message(text), of: RaceTests.other, to: NaiveServer.groupIndex)
            default:
                server.append(
                    .personal(.text(text), to: "ana", twin: 0), of: RaceTests.other, to: NaiveServer.inboxIndex)
            }
        }

        mutating func type(_ step: Int) {
            let text = "own \(step)"
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1: client.state.enter(text)
            case 2: client.state.enter(":group send tea \(text)")
            case 3: client.state.enter(":pm bo \(text)")
            default:
                client.state.enter(":pm nobody \(text)")
                return refused.append(text)
            }
            typed.append(text)
        }

        mutating func settle() {
            if !server.isLinked { server.welcome(&client) }
            server.sendMemberList(&client)
            server.sendAnnouncements(&client)
            var isBusy = true
            while isBusy {
                isBusy = server.take(client)
                for index in server.logs.indices where server.feed(&client, index) { isBusy = true }
            }
            events += client.events()
        }

        mutating func changeLink(_ fault: Fault) {
            guard !server.isLinked else { return server.breakLink(&client) }
            if random.chance(0.4) {
                switch fault {
                case .none: break
                case .forgetsSession: server.forgetSession()
                case .cutsLog: server.cut()
                case .beginsAnew: server.beginAnew()
                case .clientRestarts:
                    events += client.events()
                    let kept = client.state.takeStored().encoded()
                    guard let former = try? StoredClient(decoding: kept.span) else { return }
                    client = TestClient(after: former)
                }
            }
            server.welcome(&client)
        }
    }

    @Test(
        "whatever breaks: every line of one's own is answered once, everything of others is shown once, in order",
        arguments: Fault.allCases, 1...25 as ClosedRange<UInt64>)
    func race(fault: Fault, seed: UInt64) {
        var world = World(random: SeededGenerator(seed: seed))
        for step in 0..<300 {
            let index = Int.random(in: 0..<3, using: &world.random)
            switch Int.random(in: 0..<13, using: &world.random) {
            case 0, 1: world.say(step)
            case 2: world.server.append(world.random.chance(0.5) ? .joined : .left(.quit), of: Self.other)
            case 3, 4: world.type(step)
            case 5, 6: _ = world.server.take(world.client)
            case 7, 8: _ = world.server.feed(&world.client, index)
            case 9: _ = world.server.feed(&world.client, index, again: true)
            case 10: world.server.sendMemberList(&world.client)
            case 11: world.server.sendAnnouncements(&world.client)
            default: world.changeLink(fault)
            }
        }
        world.settle()
        check(world, fault, "fault \(fault), seed \(seed)")
        #expect(world.client.state.unsentCount == 0 && world.client.state.isCaughtUp, "fault \(fault), seed \(seed)")
    }

    private func check(_ world: World, _ fault: Fault, _ place: Comment) {
        var sent: [String] = []
        var refused: [String] = []
        var shown: [String] = []
        for event in world.events {
            switch event {
            case .sent(_, let text, _, _): sent.append(text)
            case .message(let line, _) where line.from == "bo": shown.append(line.text)
            case .message(let line, _) where !line.isHistory: Issue.record("\(line.text) came back: \(place)")
            case .error(.noSuchUser, let text): refused.append(text)
            case .error: Issue.record("\(event): \(place)")
            default: break
            }
        }
        var stored: [String] = []
        for log in world.server.logs {
            for entry in log.everything where entry.outbox > 0 {
                if case .line(let line) = entry.body { stored.append(line.text ?? "") }
                if case .personal(let line, _, _) = entry.body { stored.append(line.text ?? "") }
            }
        }
        for name in [ShownPlace.room("main"), .group("tea"), .person("ana")] {
            let there = world.events.compactMap { event -> String? in
                if case .message(let line, in: name) = event, line.from == "bo" { line.text } else { nil }
            }
            #expect(there == world.heard.filter(Set(there).contains), "the order in \(name), \(place)")
        }
        #expect(Set(shown).count == shown.count && Set(sent).count == sent.count, place)
        switch fault {
        case .none, .forgetsSession, .clientRestarts:
            #expect(sent.sorted() == world.typed.sorted() && stored.sorted() == world.typed.sorted(), place)
            #expect(shown.sorted() == world.heard.sorted() && refused.sorted() == world.refused.sorted(), place)
        case .cutsLog:
            // What was cut before it was seen can't be shown; a line is receipted all the same.
            // So is one that was refused, when the refusal was cut.
            #expect(stored.sorted() == world.typed.sorted() && Set(sent).isSuperset(of: world.typed), place)
            #expect(Set(sent).isSubset(of: world.typed + world.refused), place)
            #expect(Set(shown).isSubset(of: world.heard), place)
        case .beginsAnew:
            #expect(sent.sorted() == world.typed.sorted() && Set(stored) == Set(world.typed), place)
        }
    }
}
