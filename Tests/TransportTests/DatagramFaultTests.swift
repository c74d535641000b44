import Basics
import Testing

@testable import Transport

/// Rows 1 to 4: every datagram of a session, cut and bent, at every state of both sides.
struct DatagramFaultTests {
    /// A datagram of a session, and both sides as they were before it came.
    private struct Moment {
        let name: String
        let datagram: [UInt8]
        let toServer: Bool
        let world: LoginWorld
        let client: ClientEndpoint
    }

    /// A login and one message each way.
    private static func session() throws -> [Moment] {
        var world = LoginWorld()
        var client = ClientEndpoint()
        try client.start(world.credentials(), at: world.now, using: &world.random)
        var moments: [Moment] = []
        let names = ["M1", "M2", "M3", "M4", "data up", "data down"]
        var datagram: [UInt8] = []
        while moments.count < names.count {
            if moments.count == 4 { _ = client.withConnection { $0.sendControl([7, 7]) } }
            guard client.pollTransmit(into: &datagram, from: TestLog(), at: world.now) else { break }
            moments.append(
                Moment(name: names[moments.count], datagram: datagram, toServer: true, world: world, client: client))
            guard let answer = world.ask(datagram).first else { break }
            moments.append(
                Moment(name: names[moments.count], datagram: answer, toServer: false, world: world, client: client))
            client.receive(answer.span, at: world.now)
            while client.pollEvent() != nil {}
        }
        #expect(moments.count == names.count)
        return moments
    }

    private static func state(of client: ClientEndpoint) -> String {
        "\(String(describing: client.nextDeadline)) \(client.connection?.lastHeard.nanoseconds ?? 0)"
    }

    /// What a side does with a datagram a little later, given as text for comparison.
    private static func reaction(_ moment: Moment, to bytes: [UInt8]) -> (answers: [[UInt8]], isUntouched: Bool) {
        if moment.toServer {
            var world = moment.world
            let (told, deadline) = (world.told, world.server.nextDeadline)
            let answers = world.ask(bytes)
            return (answers, world.told == told && world.server.nextDeadline == deadline)
        }
        var client = moment.client
        let before = state(of: client)
        client.receive(bytes.span, at: moment.world.now + .milliseconds(1))
        let hasEvent = client.pollEvent() != nil
        var datagram: [UInt8] = []
        let sends = client.pollTransmit(into: &datagram, from: TestLog(), at: moment.world.now + .milliseconds(1))
        return (sends ? [datagram] : [], !hasEvent && state(of: client) == before)
    }

    @Test("2: every truncation of every datagram gets no answer and changes nothing")
    func truncationsAreDropped() throws {
        for moment in try Self.session() {
            for prefix in truncations(of: moment.datagram) {
                let (answers, isUntouched) = Self.reaction(moment, to: prefix)
                #expect(answers.isEmpty && isUntouched, "\(moment.name), \(prefix.count) bytes")
            }
        }
    }

    @Test("4: trailing bytes make every datagram worth nothing")
    func trailingBytesAreDropped() throws {
        for moment in try Self.session() {
            for count in [1, 2, 16] {
                let bytes = moment.datagram + [UInt8](repeating: 0, count: count)
                let (answers, isUntouched) = Self.reaction(moment, to: bytes)
                #expect(answers.isEmpty && isUntouched, "\(moment.name), \(count) bytes more")
            }
        }
    }

    @Test("3: a flipped bit in M2, M4 or data changes nothing, and gets no answer but that a connection is unknown")
    func flipsAreDropped() throws {
        for moment in try Self.session() where moment.name != "M1" && moment.name != "M3" {
            for index in moment.datagram.indices {
                for bit in 0..<8 as Range<UInt8> {
                    let bytes = changed(moment.datagram, at: index, by: 1 << bit)
                    let (answers, isUntouched) = Self.reaction(moment, to: bytes)
                    let namesAnother = moment.name == "data up" && (1...8).contains(index)
                    #expect(answers.count == (namesAnother ? 1 : 0), "\(moment.name), bit \(bit) of byte \(index)")
                    #expect(answers.allSatisfy { $0.count < bytes.count }, "\(moment.name)")
                    #expect(isUntouched, "\(moment.name), bit \(bit) of byte \(index)")
                }
            }
        }
    }

    @Test("3: a flipped bit in M1 or M3 gets at most one answer, never longer than itself, and lets nobody in")
    func flippedHelloAndFinish() throws {
        for moment in try Self.session() where moment.name == "M1" || moment.name == "M3" {
            for index in moment.datagram.indices {
                let bytes = changed(moment.datagram, at: index, by: 1 << UInt8(index % 8))
                var world = moment.world
                let answers = world.ask(bytes)
                #expect(answers.count <= 1 && answers.allSatisfy { $0.count <= bytes.count }, "byte \(index)")
                #expect(world.logins.isEmpty && world.server.peerCount == 0, "\(moment.name), byte \(index)")
                if moment.name == "M1", index >= 79 { #expect(answers.isEmpty, "byte \(index)") }
            }
        }
    }

    @Test(
        "3: random datagrams get no answer longer than themselves and leave nothing",
        arguments: 1...3 as ClosedRange<UInt64>)
    func randomDatagrams(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let types: [UInt8] = [0x80, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7]
        var world = try #require(Self.session().last).world
        var client = try #require(Self.session().last).client
        let told = world.told
        for _ in 0..<2000 {
            var bytes = random.bytes(Int.random(in: 0...1300, using: &random))
            if !bytes.isEmpty, random.chance(0.9) { bytes[0] = types.randomElement(using: &random) ?? 0 }
            let answers = world.ask(bytes)
            #expect(answers.allSatisfy { $0.count <= bytes.count }, "seed \(seed)")
            client.receive(bytes.span, at: world.now)
            #expect(client.pollEvent() == nil, "seed \(seed)")
        }
        #expect(world.told == told, "seed \(seed)")
    }

    @Test(
        "15: before it proved the password an address gets at most three times what it sent",
        arguments: 1...5 as ClosedRange<UInt64>)
    func neverAmplifies(seed: UInt64) throws {
        var world = LoginWorld(seed: seed)
        let (_, hello, _, finish) = try world.handshakeUntilFinish(password: "guess")
        var (received, sent) = (hello.count, ServerHello.bytes)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var bytes = [hello, finish].randomElement(using: &random) ?? hello
            if random.chance(0.5) { bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 }
            let answers = world.ask(bytes)
            received += bytes.count
            sent += answers.map(\.count).reduce(0, +)
            #expect(answers.allSatisfy { $0.count <= bytes.count }, "seed \(seed)")
        }
        #expect(sent <= 3 * received, "seed \(seed)")
        #expect(world.logins.isEmpty)
    }
}
