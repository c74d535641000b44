import Basics
import Crypto
import Testing

@testable import Transport

/// Coming back with a ticket: R1 and R2, by hand.
struct ResumeTests {
    /// A world in which somebody was once, and has a ticket.
    private static func world(seed: UInt64 = 1) throws -> (LoginWorld, ResumptionTicket) {
        var world = LoginWorld(seed: seed, givesTickets: true)
        let ticket = try world.ticketOfLogin()
        _ = world.pass(.seconds(40))
        return (world, ticket)
    }

    private static let home = SocketAddress.loopback(port: 5050)

    @Test("a ticket lets its holder in after one round trip, with fresh keys and the next ticket")
    func resumes() throws {
        var (world, ticket) = try Self.world()
        world.policy = .offer
        var client = world.resumer(ticket)
        let hello = try client.message(at: world.now)
        #expect(hello.count == Limits.helloBytes)
        let answers = world.ask(hello, from: Self.home)
        #expect(answers.count == 1 && answers[0].count <= hello.count)
        let answer = answers[0]
        client.receive(answer.span, at: world.now)
        let (keys, next) = try #require(client.session)
        #expect(world.resumes == [Array("ana again".utf8)])
        #expect(world.holders.first?.deviceKey == TestKeys.signing(200).publicKey)
        #expect(world.holders.first?.identity == Array("ana".utf8))
        #expect(world.peers.count == 1 && world.server.load.provisional == 1, "not in yet")
        var connection = Connection(role: .client, keys: keys, at: world.now)
        let isHeard = world.say([42], over: &connection, from: Self.home)
        #expect(isHeard && world.messages == [[42]] && world.confirmed == [Array("ana again".utf8)])
        #expect(world.peers.count == 2 && world.server.load.provisional == 0)
        // The next ticket is another, and good as well.
        let sealed = try #require(next)
        let later = try #require(
            ResumptionTicket(sealed: sealed, secret: keys.secrets.resumption, serverKey: ticket.serverKey))
        let isSame = later.secret.bytes.matches(ticket.secret.bytes)
        #expect(later.sealed != ticket.sealed && !isSame)
        let back = try world.resume(later, from: Self.home)
        #expect(back != nil)
    }

    @Test("16, 28: a repeated R1 moves nobody, and gives the same answer three times and no more")
    func repeatedFirstMessage() throws {
        var (world, ticket) = try Self.world()
        world.policy = .offer
        var client = world.resumer(ticket)
        let hello = try client.message(at: world.now)
        let first = world.ask(hello, from: Self.home)
        let connected = try world.connect(&client, first, from: Self.home)
        var connection = try #require(connected)
        let told = world.told
        // From the same address the handshake is over and begins anew; from others too. Nothing comes of either.
        for port in [5050, 6000, 6001] as [UInt16] {
            let answers = (0..<5).map { _ in world.ask(hello, from: .loopback(port: port)) }
            #expect(answers.prefix(4).allSatisfy { $0 == answers[0] && $0.count == 1 }, "port \(port)")
            #expect(answers[4].isEmpty)
        }
        #expect(world.told == told)
        let isHeard = world.say([1], over: &connection, from: Self.home)
        #expect(isHeard)
        _ = world.pass(Limits.provisionalMemory)
        #expect(world.server.load.provisional == 0 && world.told.last == told.last)
    }

    @Test("16: until a packet under the new keys comes, the old connection goes on")
    func oldConnectionStays() throws {
        var world = LoginWorld(givesTickets: true)
        var old = try world.login(from: Self.home)
        let ticket = try #require(world.lastTicket)
        world.policy = .offer
        var client = world.resumer(ticket)
        let answers = world.ask(try client.message(at: world.now), from: Self.home)
        let isHeard = world.say([1], over: &old, from: Self.home)
        #expect(isHeard && world.messages == [[1]] && world.closed.isEmpty)
        // Anybody may send something under the new ID: it proves nothing.
        let answer = answers[0]
        let forged = try ResumeAnswer(parsing: answer.span).serverID
        for length in 0..<60 as Range<Int> {
            var bytes: [UInt8] = [0x80]
            bytes.put(forged.rawValue)
            bytes.append(contentsOf: world.random.bytes(length))
            #expect(world.ask(bytes, from: .loopback(port: 6666)).isEmpty)
        }
        #expect(world.confirmed.isEmpty)
        let connected = try world.connect(&client, answers, from: Self.home)
        var new = try #require(connected)
        #expect(world.closed.map(\.cause) == [.addressTaken])
        let isNewHeard = world.say([2], over: &new, from: Self.home)
        #expect(isNewHeard && world.messages == [[1], [2]])
    }

    @Test("an offer that was made earlier takes nothing from one that was taken later, of the same device")
    func lateOfferIsForgotten() throws {
        var (world, ticket) = try Self.world()
        world.policy = .offer
        var killed = world.resumer(ticket)
        let early = world.ask(try killed.message(at: world.now), from: .loopback(port: 6000))
        _ = world.pass(.seconds(1))
        var successor = world.resumer(ticket)
        let answers = world.ask(try successor.message(at: world.now), from: Self.home)
        let connected = try world.connect(&successor, answers, from: Self.home)
        var connection = try #require(connected)
        // What the killed one had sent arrives now.
        let late = try world.connect(&killed, early, from: .loopback(port: 6000))
        #expect(late == nil && world.confirmed.count == 1)
        let isHeard = world.say([3], over: &connection, from: Self.home)
        #expect(isHeard)
    }

    @Test("an M3 that was answered with an offer comes in with its first packet, and late is forgotten alike")
    func offersToPasswords() throws {
        var world = LoginWorld(givesTickets: true)
        world.policy = .offer
        var (client, _, _, finish) = try world.handshakeUntilFinish()
        let verdict = try #require(world.ask(finish).first)
        #expect(world.ask(finish) == [verdict], "M4 comes again")
        client.receive(verdict.span, at: world.now)
        #expect(world.peers.isEmpty && world.server.load.provisional == 1)
        let keys = try #require(client.keys)
        var connection = Connection(role: .client, keys: keys, at: world.now)
        let isHeard = world.say([5], over: &connection, from: LoginWorld.address)
        #expect(isHeard && world.peers.count == 1 && world.confirmed == [Array("ana".utf8)])
    }

    @Test("29: a ticket that is flipped, expired, of another password or a banned holder is refused alike")
    func refusesAlike() throws {
        var answers: [String: [UInt8]] = [:]
        var hello: [UInt8] = []
        for (name, spoil) in Self.spoilers {
            var (world, ticket) = try Self.world()
            spoil(&world)
            if name == "flipped" {
                ticket = try #require(
                    ResumptionTicket(
                        sealed: changed(ticket.sealed, at: 100), secret: ticket.secret, serverKey: ticket.serverKey))
            }
            // The same random numbers in each, so that R1 is the same but for the ticket.
            world.random = SeededGenerator(seed: 77)
            var client = world.resumer(ticket)
            hello = try client.message(at: world.now)
            let reply = world.ask(hello, from: Self.home)
            #expect(reply.count == 1 && reply[0].count == TicketRefusal.bytes, "\(name)")
            let answer = try #require(reply.first)
            client.receive(answer.span, at: world.now)
            guard case .ticketRefused = client.outcome else {
                Issue.record("\(name): \(String(describing: client.outcome))")
                continue
            }
            #expect(world.server.load.provisional == 0 && world.peers.count == 1)
            answers[name] = reply[0]
        }
        #expect(Set(answers.values.map { $0.prefix(9) }).count == 1 && answers.count == Self.spoilers.count)
        // R1 is the same in all of these, and so is the answer, to the last byte.
        #expect(answers["banned"] == answers["expired"] && answers["banned"] == answers["epoch"])
        #expect(answers["banned"] == answers["unknown key"])
    }

    private static let spoilers: [(String, @Sendable (inout LoginWorld) -> Void)] = [
        ("flipped", { _ in }),
        ("expired", { _ = $0.pass(Limits.ticketLife) }),
        ("epoch", { $0.server.replacePassword(TestKeys.password("another")) }),
        ("unknown key", { $0.server.tickets = nil }),
        ("banned", { $0.policy = .refuseTicket }),
    ]

    @Test("29: an R1 that was damaged on the way is refused too, which its client takes for loss")
    func damagedOnTheWay() throws {
        var (world, ticket) = try Self.world()
        world.policy = .offer
        var client = world.resumer(ticket)
        let hello = try client.message(at: world.now)
        // The ticket, the sealed payload and the share.
        for index in [60, 120, 360, 395] as [Int] {
            for answer in world.ask(changed(hello, at: index), from: Self.home) {
                client.receive(answer.span, at: world.now)
                #expect(client.outcome == nil)
            }
        }
        // A refusal by anybody else is nothing at all.
        let digest = Transcript.resumeDigest(hello)
        let clientID = try ResumeHello(parsing: hello.span).hello.clientID
        var forged = TicketRefusal(clientID: clientID, helloDigest: digest, signature: [])
        forged.signature = TestKeys.signing(5).sign(Transcript.ticketRefusalSignatureInput(unsigned: forged.unsigned))
        client.receive(forged.encoded().span, at: world.now)
        #expect(client.outcome == nil)
        let answers = world.ask(hello, from: Self.home)
        for index in answers[0].indices {
            let damaged = changed(answers[0], at: index)
            client.receive(damaged.span, at: world.now)
            #expect(client.outcome == nil, "byte \(index)")
        }
        let connection = try world.connect(&client, answers, from: Self.home)
        #expect(connection != nil)
    }

    @Test("30: who began under the former password gets no answer, and the new one counts at once")
    func passwordChangesMeanwhile() throws {
        var world = LoginWorld(givesTickets: true)
        var (client, _, _, finish) = try world.handshakeUntilFinish()
        world.server.replacePassword(TestKeys.password("swordfish"))
        #expect(world.server.load.halfOpen == 1, "the same password is no change")
        world.server.replacePassword(TestKeys.password("another"))
        #expect(world.ask(finish).isEmpty && world.logins.isEmpty && world.wrongPasswords == 0)
        client.handleTimeout(at: world.now + Limits.handshakePatience)
        #expect(client.isSilent)
        var stale = try world.initiator()
        world.converse(&stale, from: LoginWorld.address)
        #expect(stale.isRejected)
        var fresh = try world.initiator(password: "another")
        world.converse(&fresh, from: LoginWorld.address)
        #expect(fresh.keys != nil)
    }

    @Test("30: an offer that was made under the former password is worth nothing")
    func passwordChangesBeforePromotion() throws {
        var (world, ticket) = try Self.world()
        world.policy = .offer
        var client = world.resumer(ticket)
        let answers = world.ask(try client.message(at: world.now), from: Self.home)
        world.server.replacePassword(TestKeys.password("another"))
        let connection = try world.connect(&client, answers, from: Self.home)
        #expect(connection == nil && world.confirmed.isEmpty && world.server.load.provisional == 0)
    }

    @Test("31: a ticket's holder comes in while nobody's password is heard")
    func bypassesTheGuessLimits() throws {
        var strangers = StrangerLimits.withoutChance
        strangers.guesses.perBlock = 1
        strangers.guesses.fromStrangers = 1
        var world = LoginWorld(strangers: strangers, givesTickets: true)
        let ticket = try world.ticketOfLogin()
        var guesser = try world.initiator(password: "wrong")
        world.converse(&guesser, from: LoginWorld.address)
        var honest = try world.initiator()
        world.converse(&honest, from: LoginWorld.address)
        #expect(world.turnedAway == 1 && honest.keys == nil)
        world.policy = .offer
        let connection = try world.resume(ticket, from: LoginWorld.address)
        #expect(connection != nil)
    }

    @Test("14: under load an R1 needs a cookie as an M1 does, and only its own")
    func cookies() throws {
        var strangers = StrangerLimits()
        strangers.cookieHalfOpen = 0
        var world = LoginWorld(strangers: strangers, givesTickets: true)
        let ticket = try world.ticketOfLogin()
        world.policy = .offer
        var client = world.resumer(ticket)
        let hello = try client.message(at: world.now)
        let retry = world.ask(hello, from: Self.home)
        #expect(retry.map(\.count) == [Retry.bytes] && world.server.load.provisional == 0)
        let answer = retry[0]
        client.receive(answer.span, at: world.now)
        let second = try client.message(at: world.now)
        #expect(second != hello && second.count == Limits.helloBytes)
        #expect(world.ask(second, from: .loopback(port: 7777)).isEmpty, "another address")
        let connection = try world.connect(&client, world.ask(second, from: Self.home), from: Self.home)
        #expect(connection != nil)
    }

    @Test("15: a replayed R1 brings less than it costs, from however many addresses, and memory is bounded")
    func isBounded() throws {
        var (world, ticket) = try Self.world()
        world.policy = .offer
        world.verdictPayload = [UInt8](repeating: 1, count: Limits.loginPayloadBytes)
        var client = world.resumer(ticket)
        let hello = try client.message(at: world.now)
        var (received, sent) = (0, 0)
        for number in 0..<4_000 as Range<UInt32> {
            let address = SocketAddress(host: .v4(0x0a00_0000 + number), port: 9)
            for _ in 0..<2 {
                received += hello.count
                sent += world.ask(hello, from: address).reduce(0) { $0 + $1.count }
            }
            if number % 100 == 0 { _ = world.pass(.milliseconds(10)) }
            #expect(world.server.load.provisional <= Limits.provisional)
        }
        #expect(sent <= received && sent > 0)
        // Many entries made cookies necessary long before the table was full.
        #expect(world.server.load.provisional <= Limits.cookieHalfOpen)
        _ = world.pass(Limits.provisionalMemory)
        #expect(world.server.load.provisional == 0 && world.peers.count == 1)
    }

    @Test("the table of offers is bounded: who fills it pushes out their own")
    func tableIsBounded() throws {
        var table = ProvisionalTable()
        func entry(_ host: UInt32) -> ProvisionalTable.Entry {
            ProvisionalTable.Entry(
                address: SocketAddress(host: .v4(host), port: 1), greeted: .start, deviceKey: [], hello: nil,
                helloDigest: [], stage: .refused)
        }
        table.insert(entry(1), under: ConnectionID(rawValue: 1), at: .start)
        for number in 2..<3_000 as Range<UInt64> {
            table.insert(entry(2), under: ConnectionID(rawValue: number), at: .start)
        }
        #expect(table.count == Limits.provisional && table.contains(ConnectionID(rawValue: 1)))
        #expect(!table.contains(ConnectionID(rawValue: 2)) && table.contains(ConnectionID(rawValue: 2_999)))
        table.expire(at: .start + Limits.provisionalMemory)
        #expect(table.count == 0 && table.nextDeadline == nil)
    }

    @Test("1, 2: an R1 that is cut, longer or padded with anything gets no answer")
    func malformed() throws {
        var (world, ticket) = try Self.world()
        world.policy = .offer
        var client = world.resumer(ticket)
        let hello = try client.message(at: world.now)
        for length in [0, 1, 60, 387, 1_199] as [Int] {
            #expect(world.ask(Array(hello.prefix(length)), from: Self.home).isEmpty)
        }
        #expect(world.ask(hello + [0], from: Self.home).isEmpty)
        #expect(world.ask(changed(hello, at: 1_199), from: Self.home).isEmpty)
        #expect(world.resumes.isEmpty && world.server.load.provisional == 0)
    }
}
