import Basics
import Crypto
import Testing

@testable import Transport

struct CookieTests {
    /// Every hello needs a cookie.
    private static var strict: StrangerLimits {
        var limits = StrangerLimits.withoutChance
        limits.cookiePercent = 100
        return limits
    }

    private static func hello(_ number: UInt64 = 1) -> Hello {
        Hello(
            clientID: ConnectionID(rawValue: number), sessionID: [UInt8](repeating: 4, count: 32), suites: .supported,
            share: [UInt8](repeating: 7, count: 32), cookie: [])
    }

    /// A client that has said M1 and heard Retry.
    private static func retried(
        _ world: inout LoginWorld
    ) throws -> (client: Initiator, hello: [UInt8], retry: [UInt8]) {
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let retry = try #require(world.ask(hello).first)
        client.receive(retry.span, at: world.now)
        return (client, hello, retry)
    }

    @Test("a hello that needs a cookie gets Retry, of which nothing is kept, and with the cookie the login goes on")
    func loginGoesOn() throws {
        var world = LoginWorld(strangers: Self.strict)
        var (client, _, retry) = try Self.retried(&world)
        #expect(retry.count == Retry.bytes && retry.first == 0xc2)
        #expect(world.server.load.halfOpen == 0 && world.server.nextDeadline == nil)
        let second = try client.message(at: world.now)
        #expect(second.count == Limits.helloBytes)
        let serverHello = try #require(world.ask(second).first)
        client.receive(serverHello.span, at: world.now)
        let verdict = try #require(world.ask(try client.message(at: world.now)).first)
        client.receive(verdict.span, at: world.now)
        #expect(client.keys != nil)
        #expect(world.server.peerCount == 1)
    }

    @Test("Retry parses to what was emitted; cut, longer or bent at its type or version it does not parse")
    func retryFormat() throws {
        let retry = Retry(to: Self.hello(), cookie: [UInt8](repeating: 8, count: 32))
        let bytes = retry.encoded()
        #expect(bytes.count == 61)
        #expect(try Retry(parsing: bytes.span) == retry)
        for prefix in truncations(of: bytes) {
            #expect(throws: WireError.self) { _ = try Retry(parsing: prefix.span) }
        }
        #expect(throws: WireError.self) { _ = try Retry(parsing: (bytes + [0]).span) }
        for index in 0..<5 {
            #expect(throws: WireError.self) { _ = try Retry(parsing: changed(bytes, at: index).span) }
        }
    }

    @Test("a client takes one Retry for each sid, and only for its own client ID and sid")
    func takesOneRetry() throws {
        var world = LoginWorld(strangers: Self.strict)
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let retry = try #require(world.ask(hello).first)
        for index in 0..<29 { client.receive(changed(retry, at: index).span, at: world.now) }
        #expect(client.pollTransmit(at: world.now) == nil)
        client.receive(retry.span, at: world.now)
        let second = try client.message(at: world.now)
        let cookie = try Hello(parsing: second.span).cookie
        let another = try #require(world.ask(hello).first)
        client.receive(another.span, at: world.now)
        #expect(client.pollTransmit(at: world.now) == nil)
        let repeated = try client.message(at: world.now + .milliseconds(250))
        #expect(try Hello(parsing: repeated.span).cookie == cookie)
    }

    @Test("a forged Retry does not keep out the answer to the first M1")
    func forgedRetryIsHarmless() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let serverHello = try #require(world.ask(hello).first)
        let forged = Retry(to: try Hello(parsing: hello.span), cookie: [UInt8](repeating: 1, count: 32)).encoded()
        client.receive(forged.span, at: world.now)
        #expect(world.ask(try client.message(at: world.now)).isEmpty)
        client.receive(serverHello.span, at: world.now)
        let verdict = try #require(world.ask(try client.message(at: world.now)).first)
        client.receive(verdict.span, at: world.now)
        #expect(client.keys != nil)
    }

    @Test("14: a cookie with any byte changed is dropped without an answer or state")
    func dropsBentCookies() throws {
        var world = LoginWorld(strangers: Self.strict)
        var (client, _, _) = try Self.retried(&world)
        let second = try client.message(at: world.now)
        for index in 80..<112 { #expect(world.ask(changed(second, at: index)).isEmpty) }
        #expect(world.server.load.halfOpen == 0)
        #expect(world.server.drops.unauthenticated == 32)
    }

    @Test("14: a cookie from another address or port, or for another client ID, sid or Ya, is dropped")
    func dropsForeignCookies() throws {
        var world = LoginWorld(strangers: Self.strict)
        var (client, _, _) = try Self.retried(&world)
        let second = try client.message(at: world.now)
        for address in [SocketAddress.loopback(port: 5001), SocketAddress(host: .v4(1), port: 5000)] {
            #expect(world.ask(second, from: address).isEmpty)
        }
        for index in [5, 12, 13, 44, 47, 78] { #expect(world.ask(changed(second, at: index)).isEmpty) }
        #expect(world.server.load.halfOpen == 0)
        #expect(world.ask(second).count == 1)
    }

    @Test("14: a cookie is good for ten seconds, and a bad one is dropped even when none is needed")
    func cookiesAge() throws {
        var world = LoginWorld(strangers: Self.strict)
        var (client, _, _) = try Self.retried(&world)
        let second = try client.message(at: world.now)
        var late = world
        _ = world.pass(.seconds(9))
        #expect(world.ask(second).count == 1)
        _ = late.pass(.seconds(10))
        #expect(late.ask(second).isEmpty)
        var idle = LoginWorld()
        #expect(idle.ask(second).isEmpty, "of another server, or of this one before it was started again")
    }

    @Test("a cookie outlives the change of the secret, once, and the time of its making is bound to it")
    func secretsRotate() {
        var jar = CookieJar()
        var random = SeededGenerator(seed: 5)
        let address = SocketAddress.loopback(port: 1)
        func isValid(_ cookie: [UInt8], _ now: Instant) -> Bool {
            var hello = Self.hello()
            hello.cookie = cookie
            return jar.isValid(cookieOf: hello, from: address, at: now, using: &random)
        }
        _ = jar.cookie(for: Self.hello(), from: address, at: .start, using: &random)
        let before = Instant.start + Limits.cookieSecretLife + .seconds(-1)
        let old = jar.cookie(for: Self.hello(), from: address, at: before, using: &random)
        let after = before + .seconds(3)
        let new = jar.cookie(for: Self.hello(), from: address, at: after, using: &random)
        #expect(isValid(old, after) && isValid(new, after))
        // The same second of a later secret's life: the secret itself has to be gone.
        let muchLater = after + .seconds(3 * 120)
        #expect(!isValid(old, muchLater) && !isValid(new, muchLater))
        #expect(!isValid([], muchLater) && !isValid([UInt8](repeating: 0, count: 31), muchLater))
    }

    @Test("one hello in a hundred needs a cookie in any case, and a repeat of it is decided alike")
    func choosesOneInAHundred() {
        var jar = CookieJar()
        var random = SeededGenerator(seed: 3)
        let sids = (0..<5000).map { _ in random.bytes(32) }
        let first = sids.map { jar.chooses($0, at: .start, using: &random) }
        let later = sids.map { jar.chooses($0, at: .start + .seconds(500), using: &random) }
        #expect(first == later)
        #expect((25...80).contains(first.count { $0 }), "\(first.count { $0 })")
    }

    @Test("from 128 half-open handshakes on every hello needs a cookie")
    func halfOpenNeedsCookies() throws {
        var world = LoginWorld()
        var types: [UInt8] = []
        for number in 0..<140 as Range<UInt16> {
            var client = try world.initiator()
            let answers = world.ask(try client.message(at: world.now), from: .loopback(port: 6000 + number))
            types.append(try #require(answers.first?.first))
        }
        #expect(types.prefix(128).allSatisfy { $0 == PacketType.serverHello.rawValue })
        #expect(types.dropFirst(128).allSatisfy { $0 == PacketType.retry.rawValue })
        _ = world.pass(Limits.handshakeMemory)
        var client = try world.initiator()
        #expect(world.ask(try client.message(at: world.now)).first?.first == PacketType.serverHello.rawValue)
    }

    @Test("beyond 200 hellos a second every hello needs a cookie")
    func hurryNeedsCookies() throws {
        var limits = StrangerLimits.withoutChance
        limits.cookieHalfOpen = Limits.halfOpen
        var world = LoginWorld(strangers: limits)
        var greeted = 0
        for number in 0..<600 as Range<UInt16> {
            var client = try world.initiator()
            let answer = world.ask(try client.message(at: world.now), from: .loopback(port: number)).first
            if answer?.first == PacketType.serverHello.rawValue { greeted += 1 }
            if number % 60 == 0 { _ = world.pass(.milliseconds(10)) }
        }
        #expect((Limits.hellosPerSecond...Limits.hellosPerSecond + 25).contains(greeted), "\(greeted)")
    }
}
