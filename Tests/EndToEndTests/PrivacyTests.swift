import Basics
import Foundation
import SocketIO
import Testing

/// What the wire shows, and whom the server answers.
@Suite("privacy", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct PrivacyTests {
    @Test("a capture holds neither the password nor any text nor any name")
    func capture() throws {
        let house = try House()
        let server = try house.server("--name", "observatory-tower")
        let path = try FaultyPath(to: server)
        let ana = try house.member("Wilhelmina", at: server, port: path.port)
        let bob = try house.member("Bartholomew", at: server, port: path.port)
        let texts = ["the treasure lies under the oak", String(repeating: "buried at midnight ", count: 300)]
        for text in texts { try ana.say(text) }
        try bob.hear(texts)
        let wrong = try house.write("a-mistyped-password\n", to: "wrong")
        let mallory = try house.client("Mallory-the-curious", at: server, port: path.port, passwordFile: wrong)
        #expect(try mallory.exit() == 77)
        for person in [ana, bob] { try person.leave() }

        let datagrams = path.recorded
        #expect(datagrams.count > 20)
        let secrets =
            [house.password, "a-mistyped-password", "treasure", "oak", "midnight", "observatory"]
            + ["Wilhelmina", "Bartholomew", "Mallory", "wrong-password", "main"]
        for secret in secrets {
            // Three letters may turn up in random bytes by chance.
            guard secret.utf8.count > 3 else { continue }
            for form in [secret, secret.lowercased(), secret.uppercased()] {
                #expect(!datagrams.contains { $0.holds(form.utf8) }, "\(form) crossed the wire")
            }
        }
        #expect(datagrams.contains { $0.holds(datagrams[0].suffix(20)) }, "the search finds what is there")
        #expect(datagrams.allSatisfy { $0.first ?? 0 >= 0x80 }, "no datagram can be taken for text")
    }

    @Test("what is no hello and belongs to no connection gets no answer, and a hello after it does")
    func silence() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let wire = try Wire(to: server)
        var random = SeededGenerator(seed: 42)
        for datagram in Self.noise(using: &random) { try wire.send(datagram) }
        // The kernel keeps their order: an answer to any of it would arrive before this one's.
        try wire.send(Wire.hello(clientID: 0x1122_3344_5566_7788, using: &random))
        let answer = try wire.receive()
        #expect(Wire.isAnswerToHello(answer))
        #expect(Array(answer.dropFirst(5).prefix(8)) == [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88])
        try ana.say("undisturbed")
        #expect(server.program.complaints == [])
    }

    private static func noise(using random: inout SeededGenerator) -> [[UInt8]] {
        var noise: [[UInt8]] = []
        for length in [1, 2, 5, 13, 29, 64, 183, 600, 1_200, 1_400] { noise.append(random.bytes(length)) }
        // Every first byte there is, with and without a hello's length.
        for first in UInt8.min...UInt8.max {
            // A data header, of either key phase, is answered by a reset: see the test below.
            guard first & 0xfe != 0x80 else { continue }
            noise.append([first] + random.bytes(40))
            guard first != 0xc1 else { continue }
            noise.append([first] + random.bytes(1_199))
        }
        // The classic clients' text.
        for text in ["LOGIN:ana", "ana: hello", "QUIT", "\n"] { noise.append(Array(text.utf8)) }
        let hello = Wire.hello(clientID: 1, using: &random)
        for length in [0, 1, 47, 79, 600, 1_199].dropFirst() { noise.append(Array(hello.prefix(length))) }
        noise.append(hello + [0])
        var altered = hello
        altered[1_100] = 1  // padding
        noise.append(altered)
        altered = hello
        altered[46] = 0xff  // flags
        noise.append(altered)
        altered = hello
        altered[79] = 7  // cookie length
        noise.append(altered)
        altered = hello
        altered[45] = 0  // no cipher
        noise.append(altered)
        for share in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32)] {
            altered = hello
            altered.replaceSubrange(47..<79, with: share)
            noise.append(altered)
        }
        // M3 for handshakes that are not there, and data too short for an answer that is shorter still.
        for length in [65, 106, 300, 1_200] { noise.append([0xc4] + random.bytes(length - 1)) }
        noise.append([0x80] + random.bytes(12))
        return noise
    }

    @Test("data of no connection gets at most a reset, shorter than the data", arguments: [29, 30, 200, 1_200])
    func reset(length: Int) throws {
        let house = try House()
        let server = try house.server()
        let wire = try Wire(to: server)
        var random = SeededGenerator(seed: UInt64(length))
        try wire.send([0x80] + random.bytes(length - 1))
        try wire.send(Wire.hello(clientID: 7, using: &random))
        let answer = try wire.receive()
        guard !Wire.isAnswerToHello(answer) else { return }
        #expect(answer.count < length && answer.count <= 40)
        #expect(Wire.isAnswerToHello(try wire.receive()))
    }

    @Test("a repeated hello gets the same answer, three times more at most")
    func repeatedHello() throws {
        let house = try House()
        let server = try house.server()
        let wire = try Wire(to: server)
        var random = SeededGenerator(seed: 43)
        let hello = Wire.hello(clientID: 5, using: &random)
        for _ in 0..<10 { try wire.send(hello) }
        try wire.send(Wire.hello(clientID: 6, using: &random))
        var answers: [[UInt8]] = []
        while answers.last?[12] != 6 { answers.append(try wire.receive()) }
        let repeats = answers.dropLast()
        // One hello in a hundred is asked for a cookie first, each time with another one.
        guard repeats.first?.first == 0xc3 else { return }
        #expect((1...4).contains(repeats.count) && Set(repeats).count == 1)
    }
}

/// A socket that talks to a server in raw datagrams.
private struct Wire: ~Copyable {
    private let socket: UDPSocket
    private let server: SocketAddress

    init(to server: Server) throws {
        socket = try UDPSocket(binding: .loopback(port: 0))
        self.server = .loopback(port: server.port)
    }

    /// M2, or the question for a cookie that one hello in a hundred gets.
    static func isAnswerToHello(_ datagram: [UInt8]) -> Bool {
        datagram.count == 183 && datagram.first == 0xc3 || datagram.count == 61 && datagram.first == 0xc2
    }

    borrowing func send(_ datagram: [UInt8]) throws {
        var batch = try SendBatch(capacity: 1)
        _ = batch.append(datagram, to: server)
        _ = try socket.send(&batch)
    }

    /// Waits for the next datagram.
    borrowing func receive() throws -> [UInt8] {
        var poller = try Poller()
        try poller.add(socket.descriptor, token: 1)
        let deadline = MonotonicClock.now + .seconds(60)
        var batch = try ReceiveBatch(capacity: 1)
        while MonotonicClock.now < deadline {
            var received: [UInt8] = []
            _ = try socket.receive(into: &batch)
            batch.forEach { bytes, _ in received = [UInt8](copying: bytes) }
            if !received.isEmpty { return received }
            _ = try poller.wait(until: deadline)
        }
        throw Failure("the server did not answer")
    }

    /// A well-formed M1, made as `protocol.md` says and not by the code under test.
    static func hello(clientID: UInt64, using random: inout SeededGenerator) -> [UInt8] {
        // The generator of ristretto255 (RFC 9496, A.1): a valid share, whose secret nobody needs here.
        let generator: [UInt8] = [
            0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9, 0x61, 0xc5, 0x00, 0x51, 0x5f,
            0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82, 0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76,
        ]
        var bytes: [UInt8] = [0xc1, 0, 0, 0, 1]
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: clientID >> shift)) }
        bytes += random.bytes(32) + [1, 0] + generator + [0]
        return bytes + [UInt8](repeating: 0, count: 1_200 - bytes.count)
    }
}

extension [UInt8] {
    /// Whether the other bytes stand in these, one after the other.
    fileprivate func holds(_ other: some Sequence<UInt8>) -> Bool {
        let wanted = Array(other)
        guard let first = wanted.first, count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains { start in
            self[start] == first && self[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }
}
