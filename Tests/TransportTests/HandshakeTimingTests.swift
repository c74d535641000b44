import Basics
import Testing

@testable import Transport

struct HandshakeTimingTests {
    /// When a client sends within five seconds, stepped by a millisecond.
    private static func moments(of client: inout Initiator, from start: Instant) -> [Int64] {
        var moments: [Int64] = []
        for millisecond in 0...5000 as ClosedRange<Int64> {
            let now = start + .milliseconds(millisecond)
            client.handleTimeout(at: now)
            while client.pollTransmit(at: now) != nil { moments.append(millisecond) }
        }
        return moments
    }

    @Test("M1 leaves at 0, 250, 750, 1,750, 2,750 and 3,750 ms, and after 4 s the client is silent")
    func repeatsHello() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        #expect(Self.moments(of: &client, from: world.now) == [0, 250, 750, 1750, 2750, 3750])
        #expect(client.isSilent)
        #expect(client.deadline == nil)
    }

    @Test("M3 leaves at the same pace, counted from M2")
    func repeatsFinish() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let serverHello = try #require(world.ask(hello).first)
        let heard = world.now + .milliseconds(1300)
        client.receive(serverHello.span, at: heard)
        #expect(Self.moments(of: &client, from: heard) == [0, 250, 750, 1750, 2750, 3750])
        #expect(client.isSilent)
    }

    @Test("following its deadlines alone, a client sends as often and ends as well")
    func deadlinesSuffice() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        var sent = 0
        var steps = 0
        while let deadline = client.deadline, steps < 100 {
            client.handleTimeout(at: deadline)
            if client.pollTransmit(at: deadline) != nil { sent += 1 }
            steps += 1
        }
        #expect(sent == 6)
        #expect(client.isSilent)
    }

    @Test("a round trip is measured only where the answer is unambiguous")
    func measuresUnambiguously() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let serverHello = try #require(world.ask(hello).first)
        _ = client.pollTransmit(at: world.now + .milliseconds(250))
        client.receive(serverHello.span, at: world.now + .milliseconds(300))
        let finish = try client.message(at: world.now + .milliseconds(300))
        let verdict = try #require(world.ask(finish).first)
        var once = client
        once.receive(verdict.span, at: world.now + .milliseconds(340))
        #expect(once.keys?.roundTrip == .milliseconds(40))
        _ = client.pollTransmit(at: world.now + .milliseconds(550))
        client.receive(verdict.span, at: world.now + .milliseconds(560))
        #expect(client.keys != nil && client.keys?.roundTrip == nil)
    }

    @Test("a handshake is remembered for five seconds, and for five more once it was answered")
    func remembersAnswers() throws {
        var world = LoginWorld()
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        var late = world
        _ = late.pass(.seconds(5))
        #expect(late.ask(finish).isEmpty)
        _ = world.pass(.milliseconds(4900))
        let verdict = world.ask(finish)
        #expect(verdict.first?.first == PacketType.verdict.rawValue)
        _ = world.pass(.milliseconds(4900))
        #expect(world.ask(finish) == [verdict[0]])
        _ = world.pass(.milliseconds(100))
        #expect(world.ask(finish).isEmpty)
    }
}
