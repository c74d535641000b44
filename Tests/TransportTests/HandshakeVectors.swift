import Basics
import Crypto
import Foundation

@testable import Transport

/// The checked-in handshakes: what each was given, and every value and datagram that came of it.
///
/// All values are hexadecimal digits, but for a few words: passwords, the server's answer, seconds to wait, and the
/// side, phase and number of packets.
struct HandshakeVectors: Codable, Equatable {
    struct Run: Codable, Equatable {
        var name: String
        var given: [String: String]
        var made: [String: String] = [:]
        var packets: [[String: String]]
    }

    var about: String
    var runs: [Run]

    static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Vectors/handshake-v1.json")

    static func stored() throws -> HandshakeVectors {
        try JSONDecoder().decode(HandshakeVectors.self, from: try Data(contentsOf: file))
    }

    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (try encoder.encode(self) + Data("\n".utf8)).write(to: Self.file)
    }

    /// Without what this machine's processor can't play.
    var playable: HandshakeVectors {
        HandshakeVectors(about: about, runs: runs.filter { CipherSuites.supported.contains($0.suites) })
    }

    /// What the handshakes are given; the rest follows from it.
    static var blank: HandshakeVectors {
        HandshakeVectors(
            about: "Handshakes of version 1, as WireFormat.md describes them. `given`: passwords, keys and what was "
                + "drawn; `made`: what follows. Written by TransportTests with GASCHAT_WRITE_VECTORS=1.",
            runs: [
                run("accepted", seed: 1, answer: "accept", packets: dataPackets),
                run("accepted after a retry", seed: 2, answer: "accept", hasCookie: true, packets: dataPackets),
                run("refused", seed: 3, answer: "refuse"),
                run("wrong password", seed: 4, answer: "accept", clientPassword: "swordfush"),
                run("turned away unheard", seed: 5, answer: "turn away", wait: 30),
                run("password of two scripts", seed: 6, password: "pässwörd 你好", answer: "accept"),
                run(
                    "accepted, both with AES-256-GCM", seed: 7, answer: "accept",
                    suites: [.chaCha20Poly1305, .aes256GCM], packets: dataPackets),
            ]
        ).playable
    }

    private static func run(
        _ name: String, seed: UInt64, password: String = "swordfish", answer: String, clientPassword: String? = nil,
        hasCookie: Bool = false, wait: Int? = nil, suites: CipherSuites = .chaCha20Poly1305,
        packets: [[String: String]] = []
    ) -> Run {
        var random = SeededGenerator(seed: seed)
        func draw(_ count: Int) -> String { hex(random.bytes(count)) }
        return Run(
            name: name,
            given: [
                "password": password, "client password": clientPassword ?? password, "answer": answer,
                "wait": wait.map { String($0) } ?? "", "AEADs": hex([suites.rawValue]), "server seed": draw(32),
                "device seed": draw(32),
                "sid": draw(32), "client uniform": draw(64), "client ID": draw(8), "server uniform": draw(64),
                "server ID": draw(8), "nonce": draw(32), "cookie": hasCookie ? draw(32) : "", "login": draw(24),
                "verdict": draw(100),
            ],
            packets: packets)
    }

    /// The first packets each way, one whose number has more than 32 bits, and the first ones after a key update.
    private static var dataPackets: [[String: String]] {
        let message = MessageFragment(
            alias: 1, number: 1, distance: 1, total: 5, index: 0, bytes: Array("hello".utf8))
        let acknowledgement = Acknowledgement(largest: 0, delay: 12, bitmap: 0)
        let far: UInt64 = (1 << 32) - 16
        return [
            packet("client", 0, [.ping]),
            packet("server", 0, [.acknowledgement(acknowledgement)]),
            packet("client", 1, [.message(message), .acknowledgement(acknowledgement)]),
            packet("server", 1, [.message(message), .pathChallenge(0x0102_0304_0506_0708)]),
            packet("client", 2, [.pathResponse(0x0102_0304_0506_0708)], phase: 1),
            packet("server", 2, [.ping], phase: 1),
            packet("client", far, [.ping], phase: 1),
            packet("client", far + 21, [.ping], phase: 1),
            packet("client", far + 22, [.close(CloseReason(code: 16, text: "quit"))], phase: 1),
        ]
    }

    private static func packet(
        _ side: String, _ number: UInt64, _ frames: [Frame], phase: Int = 0
    ) -> [String: String] {
        var plaintext: [UInt8] = []
        for frame in frames { frame.emit(into: &plaintext) }
        return ["from": side, "number": String(number), "phase": String(phase), "plaintext": hex(plaintext)]
    }
}

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension HandshakeVectors.Run {
    /// What the client offers and the server has.
    var suites: CipherSuites { CipherSuites(rawValue: bytes("AEADs").first ?? 0) }

    /// The algorithm of its packets.
    var algorithm: AEAD { suites.choice(of: suites) ?? .chaCha20Poly1305 }

    /// A value that was given, or that was made before.
    func bytes(_ name: String) -> [UInt8] {
        let digits = Array((given[name] ?? made[name] ?? "").utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
        }
    }

    func secret(_ name: String) -> SecretBytes {
        SecretBytes(copying: bytes(name).span)
    }

    func word(_ name: String) -> String {
        given[name] ?? ""
    }
}

/// A generator that gives prescribed bytes, and zeros at their end.
struct Tape: RandomNumberGenerator {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    mutating func next() -> UInt64 {
        var word: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 8) { word |= UInt64(bytes.popFirst() ?? 0) << UInt64(shift) }
        return word
    }
}
