import Basics
import ChatClient
import Simulation
import Testing

@Suite("a member who floods")
struct FloodTests {
    /// What it is like for two members who talk while a third one floods the room.
    private struct Course {
        var chat: SimulatedChat
        /// From saying a line to its being shown to the other, sorted.
        var delays: [Duration] = []

        func delay(at quantile: Double) -> Duration {
            delays[min(delays.count - 1, Int(Double(delays.count) * quantile))]
        }
    }

    /// Bo says a line each 250 ms, and Cy hears it; Ana says `lines` as fast as her client takes them.
    private func play(lines: Int, seconds: Int) -> Course {
        var chat = SimulatedChat(seed: 23, loss: 0, people: ["ana", "bo", "cy"])
        let isIn = chat.settleIn("ana", "bo", "cy")
        #expect(isIn, "\(replay(chat))")
        var said: [String: Duration] = [:]
        var flooded = 0
        for turn in 0..<(seconds * 20) {
            while flooded < lines, chat.say("flood \(flooded)", from: "ana") { flooded += 1 }
            if turn % 5 == 0 {
                let text = "bo \(turn)"
                said[text] = chat.clock.elapsed
                chat.say(text, from: "bo")
            }
            chat.run(for: .milliseconds(50))
        }
        chat.runUntilQuiet(within: .seconds(30))
        #expect(flooded == lines && chat.violation == nil, "\(replay(chat))")
        var course = Course(chat: chat)
        for shown in chat.events(of: "cy") {
            guard case .message(let line, _) = shown.event, line.from == "bo", let time = said[line.text] else {
                continue
            }
            course.delays.append(shown.time - time)
        }
        course.delays.sort()
        #expect(course.delays.count == said.count)
        return course
    }

    @Test("row 23: 10,000 lines of one member slow that member alone, and all of them arrive in order")
    func onlyTheFlooderIsSlowed() {
        let calm = play(lines: 0, seconds: 20)
        let flooded = play(lines: 10_000, seconds: 90)
        #expect(flooded.chat.receipts(of: "ana") == 10_000)
        let heard = flooded.chat.heard(by: "cy").filter { $0.hasPrefix("flood ") }
        #expect(heard == (0..<10_000).map { "flood \($0)" })
        #expect(flooded.delay(at: 0.5) <= calm.delay(at: 0.5) + .milliseconds(1), "\(flooded.delay(at: 0.5))")
        #expect(flooded.delay(at: 0.99) <= calm.delay(at: 0.99) + .milliseconds(5), "\(flooded.delay(at: 0.99))")
    }

    @Test("row 23: 1,000 lines at once, as from a file, pass within a second")
    func pastingIsNoFlood() {
        var chat = SimulatedChat(seed: 24, loss: 0, people: ["ana", "bo"])
        let isIn = chat.settleIn("ana", "bo")
        #expect(isIn, "\(replay(chat))")
        for line in 0..<1000 { chat.say("line \(line)", from: "ana") }
        chat.run(for: .seconds(1))
        #expect(chat.receipts(of: "ana") == 1000)
        #expect(chat.heard(by: "bo") == (0..<1000).map { "line \($0)" }, "\(replay(chat))")
    }

    @Test("row 23: who asks for the member list again and again is answered at a rate, and others talk meanwhile")
    func requestsAreSlowed() {
        var chat = SimulatedChat(seed: 25, loss: 0, people: ["ana", "bo", "cy"])
        let isIn = chat.settleIn("ana", "bo", "cy")
        #expect(isIn, "\(replay(chat))")
        for turn in 0..<200 {
            for _ in 0..<16 { chat.list(by: "ana") }
            if turn % 10 == 0 { chat.say("\(turn)", from: "bo") }
            chat.run(for: .milliseconds(50))
        }
        let answers = chat.events(of: "ana").count { if case .members = $0.event { true } else { false } }
        #expect((100...151).contains(answers), "\(answers) answers")
        #expect(chat.heard(by: "cy").count == 20 && chat.violation == nil, "\(replay(chat))")
        #expect(chat.isOnline("ana"))
    }
}
