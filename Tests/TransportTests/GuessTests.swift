import Basics
import Testing

@testable import Transport

struct AdmissionLimitTests {
    private static func address(_ number: UInt32) -> SocketAddress {
        SocketAddress(host: .v4(number), port: 1)
    }

    /// Only the limit for a block counts.
    private static var blocksAlone: GuessLimits {
        var limits = GuessLimits()
        limits.fromStrangers = 1_000_000
        return limits
    }

    /// Tries until the limit says no.
    private static func guesses(_ limit: inout AdmissionLimit, from address: SocketAddress, at now: Instant) -> Int {
        var heard = 0
        while heard < 1000, limit.wait(of: address, at: now) == nil {
            limit.failed(from: address, at: now)
            heard += 1
        }
        return heard
    }

    @Test("31: an address block may fail 20 times, then once each 30 s, and after ten minutes 20 times again")
    func limitsBlocks() {
        var limit = AdmissionLimit()
        let address = Self.address(1)
        #expect(Self.guesses(&limit, from: address, at: .start) == 20)
        #expect(limit.wait(of: address, at: .start) == .seconds(30))
        #expect(limit.wait(of: Self.address(2), at: .start) == nil, "others are heard")
        for step in 1...3 as ClosedRange<Int> {
            let now = Instant.start + .seconds(30 * step)
            #expect(limit.wait(of: address, at: Instant(nanoseconds: now.nanoseconds - 1)) != nil)
            #expect(Self.guesses(&limit, from: address, at: now) == 1)
        }
        #expect(Self.guesses(&limit, from: address, at: .start + .seconds(90 + 600)) == 20)
    }

    @Test("31: all strangers together may fail 100 times, then once a second, from however many addresses")
    func limitsStrangers() {
        var limit = AdmissionLimit()
        var random = SeededGenerator(seed: 31)
        var heard = 0
        for millisecond in 0..<20_000 {
            let now = Instant.start + .milliseconds(millisecond)
            let address = SocketAddress(host: .v6(high: random.next(), low: random.next(), scope: 0), port: 1)
            guard limit.wait(of: address, at: now) == nil else { continue }
            limit.failed(from: address, at: now)
            heard += 1
        }
        #expect((119...120).contains(heard), "\(heard)")
        #expect(limit.count <= 120)
    }

    @Test("only failures count, and a success forgives its address one of them and no more")
    func successesForgive() {
        var limit = AdmissionLimit(limits: Self.blocksAlone)
        let address = Self.address(1)
        for _ in 0..<500 { limit.succeeded(from: address, at: .start) }
        #expect(Self.guesses(&limit, from: address, at: .start) == 20)
        limit.succeeded(from: address, at: .start)
        #expect(Self.guesses(&limit, from: address, at: .start) == 1)
        limit.succeeded(from: Self.address(2), at: .start)
        #expect(limit.wait(of: address, at: .start) != nil)
    }

    @Test("31: addresses of one /64 share their failures, those of another have their own")
    func countsHouseholds() {
        var limit = AdmissionLimit()
        var heard = 0
        for low in 0..<100 as Range<UInt64> {
            let address = SocketAddress(host: .v6(high: 9, low: low, scope: 0), port: UInt16(low))
            if limit.wait(of: address, at: .start) == nil {
                limit.failed(from: address, at: .start)
                heard += 1
            }
        }
        #expect(heard == 20)
        #expect(limit.wait(of: SocketAddress(host: .v6(high: 10, low: 0, scope: 0), port: 1), at: .start) == nil)
    }

    @Test("31: the table is bounded, and filling it with other addresses forgives nobody who failed often")
    func tableIsBounded() {
        var limits = Self.blocksAlone
        limits.blocks = 50
        var limit = AdmissionLimit(limits: limits)
        #expect(Self.guesses(&limit, from: Self.address(0), at: .start) == 20)
        for number in 1...1000 as ClosedRange<UInt32> {
            for _ in 0..<5 { limit.failed(from: Self.address(number), at: .start) }
        }
        #expect(limit.count == 50)
        #expect(limit.wait(of: Self.address(0), at: .start) != nil)
        limit.failed(from: Self.address(1), at: .start + .seconds(601))
        #expect(limit.count == 1, "what is forgiven is forgotten")
    }

    @Test(
        "it agrees with a list of all failures, each forgiven an interval after the one before",
        arguments: 1...5 as ClosedRange<UInt64>)
    func agreesWithAList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var limit = AdmissionLimit(limits: Self.blocksAlone)
        var ends: [Instant] = []
        var now = Instant.start
        for _ in 0..<3000 {
            now = now + .milliseconds(Int64.random(in: 0...40_000, using: &random))
            ends.removeAll { $0 <= now }
            #expect((limit.wait(of: Self.address(7), at: now) == nil) == (ends.count < 20), "seed \(seed)")
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                limit.succeeded(from: Self.address(7), at: now)
                _ = ends.popLast()
            default:
                limit.failed(from: Self.address(7), at: now)
                ends.append((ends.last ?? now) + .seconds(30))
            }
        }
    }
}

/// Rows 31 and 34: guessing at a whole endpoint.
struct GuessTests {
    private static func fail(_ world: inout LoginWorld, from address: SocketAddress) throws -> Initiator {
        var client = try world.initiator(password: "guess")
        world.converse(&client, from: address)
        return client
    }

    /// A world in which one address has used up its guesses.
    private static func limited(_ address: SocketAddress) throws -> LoginWorld {
        var world = LoginWorld()
        for _ in 0..<Limits.guessesPerBlock { #expect(try fail(&world, from: address).isRejected) }
        #expect(world.wrongPasswords == Limits.guessesPerBlock)
        return world
    }

    @Test("31: after 20 failures an address is told to try later, and is heard again then; others log in")
    func oneAddress() throws {
        let guesser = SocketAddress.loopback(port: 7000)
        var world = try Self.limited(guesser)
        let client = try Self.fail(&world, from: guesser)
        guard case .rejected(.tryLater, let wait) = client.outcome else {
            Issue.record("\(String(describing: client.outcome))")
            return
        }
        #expect(wait == .seconds(30))
        #expect(world.wrongPasswords == 20 && world.turnedAway == 1)
        #expect(world.server.drops.turnedAway == 1)
        let other = SocketAddress(host: .v4(0x0a00_0001), port: 7000)
        #expect(try world.login(from: other).isOpen)
        _ = world.pass(wait)
        #expect(try world.login(from: guesser).isOpen)
    }

    @Test("31: of guesses from ever new addresses 100 are heard, then one a second; members notice nothing")
    func manyAddresses() throws {
        var world = LoginWorld()
        let home = SocketAddress.loopback(port: 5000)
        var member = try world.login(from: home)
        for number in 0..<250 as Range<UInt64> {
            _ = world.pass(.milliseconds(20))
            _ = try Self.fail(&world, from: SocketAddress(host: .v6(high: number, low: 1, scope: 0), port: 9))
        }
        #expect((100...106).contains(world.wrongPasswords), "\(world.wrongPasswords)")
        #expect(world.server.load.guessingBlocks <= 106)
        #expect(world.say([1], over: &member, from: home))
        #expect(world.messages == [[1]] && world.closed.isEmpty)
        _ = world.pass(.seconds(2))
        #expect(try world.login(from: home).isOpen, "between the guesses who knows the password is heard")
    }

    @Test("31: while an address is limited the right password gets the same answer as a wrong one: nothing is told")
    func limitIsNoOracle() throws {
        let guesser = SocketAddress.loopback(port: 7000)
        let world = try Self.limited(guesser)
        var answers: [Reject] = []
        for password in ["swordfish", "guess"] {
            var world = world
            var client = try world.initiator(password: password)
            let serverHello = try #require(world.ask(try client.message(at: world.now), from: guesser).first)
            client.receive(serverHello.span, at: world.now)
            let finish = try client.message(at: world.now)
            let answer = try #require(world.ask(finish, from: guesser).first)
            answers.append(try Reject(parsing: answer.span))
            #expect(world.logins.isEmpty && world.server.peerCount == 0)
            // Nor later: this M3 stays unheard.
            _ = world.pass(.seconds(4))
            #expect(world.ask(finish, from: guesser) == [answer])
        }
        #expect(answers[0].code == .tryLater && answers[1].code == .tryLater)
        #expect(answers[0].retryAfter == answers[1].retryAfter)
        #expect(answers[0].clientID == answers[1].clientID)
    }

    @Test("the owner is told of many who are turned away only now and then")
    func reportsAreBounded() throws {
        let guesser = SocketAddress.loopback(port: 7000)
        var world = try Self.limited(guesser)
        for _ in 0..<40 { _ = try Self.fail(&world, from: guesser) }
        #expect(world.turnedAway == Limits.attemptReportsPerSecond)
        #expect(world.server.drops.turnedAway == 40)
    }

    @Test("a repeated M3 that was rejected counts once")
    func repeatsCountOnce() throws {
        var world = LoginWorld()
        for _ in 0..<Limits.guessesPerBlock - 1 {
            let (_, _, _, finish) = try world.handshakeUntilFinish(password: "guess")
            for _ in 0..<4 { _ = world.ask(finish) }
        }
        #expect(try world.login(from: LoginWorld.address).isOpen)
    }

    @Test("34: with a wrong password a taken name and an unknown one get identical bytes")
    func namesAreNotTold() throws {
        var taken = LoginWorld()
        // By then either server has drawn its secrets.
        _ = try taken.handshakeUntilFinish()
        let unknown = taken
        _ = try taken.login(from: .loopback(port: 5001))
        var answers: [[[UInt8]]] = []
        for world in [taken, unknown] {
            var world = world
            world.random = SeededGenerator(seed: 34)
            let (_, _, serverHello, finish) = try world.handshakeUntilFinish(password: "guess")
            answers.append([serverHello] + world.ask(finish))
        }
        #expect(answers[0] == answers[1] && answers[0].count == 2)
    }
}
