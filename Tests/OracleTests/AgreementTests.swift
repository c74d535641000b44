import Basics
import Foundation
import Fuzz
import Testing

@testable import Transport

/// Our decoders and the oracle agree on what is a value, and on which one. What they disagree on is a fault of one of
/// them or a hole in the specification that both were written after.
struct AgreementTests {
    private static let seed: UInt64 = 2026
    private static let samples: UInt64 = 100
    private static let damaged: UInt64 = 400
    private static let edges = 600

    private static let decoders = TransportForms.decoders.merging(ChatForms.decoders) { first, _ in first }

    /// Formats that have no fuzz target of their own, with bytes to ask about.
    private static let others: [String: @Sendable (inout SeededGenerator) -> [UInt8]] = [
        "packet-number": { random in
            let expected = UInt64.random(in: 0...(random.chance(0.5) ? 1 << 34 : 1 << 62), using: &random)
            var bytes: [UInt8] = []
            let isNear = random.chance(0.5)
            bytes.put(
                isNear
                    ? UInt32(truncatingIfNeeded: expected &+ random.next() % 64)
                    : UInt32.random(in: 0...(.max), using: &random))
            bytes.put(expected)
            return bytes
        },
        "stateless-reset": { random in
            StatelessReset.datagram(
                answering: .random(in: 22...60, using: &random), token: random.bytes(16), using: &random) ?? []
        },
    ]

    /// Valid and damaged bytes of a format.
    private static func inputs(of format: String) throws -> [[UInt8]] {
        if let make = others[format] {
            var random = SeededGenerator(seed: seed)
            return (0..<samples).flatMap { _ in
                let bytes = make(&random)
                return [bytes, Array(bytes.dropLast()), bytes + [0], changed(bytes, using: &random)]
            }
        }
        let target = try #require(FuzzTarget.named(format), "a format without samples: \(format)")
        let fuzz = FuzzInputs(target: target, seed: seed)
        var random = SeededGenerator(seed: seed)
        return (0..<samples).map { target.sample(number: $0) } + (0..<damaged).map { fuzz.input(at: $0) }
            + (0..<edges).compactMap { _ in EdgeSamples.make(format, using: &random) }
    }

    private static func changed(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var copy = bytes
        if let place = copy.indices.randomElement(using: &random) {
            copy[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        }
        return copy
    }

    @Test("the oracle takes what we take, as the same value, and refuses what we refuse")
    func oracleAgrees() throws {
        var questions: [(format: String, bytes: [UInt8])] = []
        for format in Self.decoders.keys.sorted() {
            questions += try Self.inputs(of: format).map { (format, $0) }
        }
        let answers = try Oracle.decode(questions)
        var taken: [String: Int] = [:]
        var refused: [String: Int] = [:]
        var differences: [String] = []
        for (question, answer) in zip(questions, answers) {
            let decode = try #require(Self.decoders[question.format])
            let ours = (try? decode(question.bytes.span))?.json
            if ours == nil {
                refused[question.format, default: 0] += 1
            } else {
                taken[question.format, default: 0] += 1
            }
            guard ours != answer else { continue }
            differences.append(
                "\(question.format) \(Oracle.hex(question.bytes)): \(ours ?? "no"), the oracle: \(answer ?? "no")")
        }
        #expect(differences.isEmpty, "\(differences.count), such as \(differences.prefix(3))")
        for format in Self.decoders.keys {
            #expect(taken[format, default: 0] >= Int(Self.samples), "\(format): hardly any value among the inputs")
            #expect(refused[format, default: 0] > 50, "\(format): hardly any input that is no value")
        }
    }

    @Test("the oracle reads the answer to a hello of another version")
    func versionsAreRead() throws {
        var random = SeededGenerator(seed: Self.seed)
        let id = ConnectionID(using: &random)
        let reply = VersionReply(clientID: id, versions: [1, 0x0a0b_0c0d])
        let expected = Canonical.object([
            "client": .identifier(id.rawValue), "versions": .list([.unsigned(1), .unsigned(0x0a0b_0c0d)]),
        ])
        #expect(try Oracle.decode([("versions", reply.encoded())]) == [expected.json])
    }

    @Test("every decoder of bytes from outside has a format of the oracle, or a reason for none")
    func everyDecoderHasAFormat() throws {
        // Rules for what people type have no wire format; endpoints play scripts; tickets are the server's own affair.
        let without: Set = [
            "name-rule", "password-rule", "visible-text", "streams", "server", "client", "ticket",
            "ticket-content", "ticket-identity",
        ]
        let formats = Set(try Oracle.run(["--formats"]).output.split(separator: "\n").map(String.init))
        #expect(formats == Set(Self.decoders.keys).union(["versions"]))
        #expect(Set(FuzzTarget.all.map(\.name)).subtracting(without).subtracting(formats) == [])
    }

    @Test("the oracle finds the handshake vectors right, all cryptography recomputed")
    func vectorsAreRight() throws {
        let (status, output) = try Oracle.run(["--vectors", Oracle.vectors])
        #expect(status == 0, "\(output)")
    }
}
