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
    }

    private static let other = MemberID(rawValue: 1_000_000)

    @Test(
        "whatever breaks: every line of one's own is receipted once, everything of others is shown once, in order",
        arguments: Fault.allCases, 1...25 as ClosedRange<UInt64>)
    func race(fault: Fault, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var client = TestClient(history: 1_000)
        var server = NaiveServer()
        var typed: [String] = []
        var heard: [String] = []
        for step in 0..<300 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0, 1:
                heard.append("other \(step)")
                server.append(.message("other \(step)"), of: Self.other)
            case 2: server.append(Bool.random(using: &random) ? .joined : .left(.quit), of: Self.other)
            case 3, 4:
                typed.append("own \(step)")
                client.state.enter("own \(step)")
            case 5, 6: _ = server.take(client)
            case 7, 8: _ = server.feed(&client)
            case 9: _ = server.feed(&client, again: true)
            case 10: server.sendMemberList(&client)
            default: changeLink(&client, &server, fault, &random)
            }
        }
        settle(&client, &server)
        check(client.events(), server, fault, typed: typed, heard: heard, "fault \(fault), seed \(seed)")
        #expect(client.state.unsentCount == 0, "fault \(fault), seed \(seed)")
    }

    private func changeLink(
        _ client: inout TestClient, _ server: inout NaiveServer, _ fault: Fault, _ random: inout SeededGenerator
    ) {
        guard !server.isLinked else { return server.breakLink(&client) }
        if random.chance(0.4) {
            switch fault {
            case .none: break
            case .forgetsSession: server.forgetSession()
            case .cutsLog: server.log.removeFirst(min(max(0, server.log.count - 1), 5))
            case .beginsAnew: server.beginAnew()
            }
        }
        server.welcome(&client)
    }

    private func settle(_ client: inout TestClient, _ server: inout NaiveServer) {
        if !server.isLinked { server.welcome(&client) }
        server.sendMemberList(&client)
        var isBusy = true
        while isBusy {
            let hasFed = server.feed(&client)
            let hasTaken = server.take(client)
            isBusy = hasFed || hasTaken
        }
    }

    private func check(
        _ events: [ClientEvent], _ server: NaiveServer, _ fault: Fault, typed: [String], heard: [String],
        _ place: Comment
    ) {
        var sent: [String] = []
        var shown: [String] = []
        for event in events {
            if case .sent(_, let text, _, _) = event { sent.append(text) }
            if case .message(_, "bo", let text, _, _, _) = event { shown.append(text) }
            if case .message(_, "ana", let text, _, _, false) = event { Issue.record("\(text) came back: \(place)") }
            if case .error = event { Issue.record("\(event): \(place)") }
        }
        let stored = server.everything.compactMap { entry in
            if case .message(let text) = entry.body, entry.outbox > 0 { text } else { nil }
        }
        #expect(Set(shown).count == shown.count, place)
        #expect(shown == heard.filter(Set(shown).contains), place)
        switch fault {
        case .none, .forgetsSession:
            #expect(sent == typed && stored == typed && shown == heard, place)
        case .cutsLog:
            // A receipt without an entry comes at the end of the catch-up, so after later ones.
            #expect(sent.sorted() == typed.sorted() && stored == typed, place)
        case .beginsAnew:
            #expect(sent == typed && Set(stored) == Set(typed), place)
        }
    }
}
