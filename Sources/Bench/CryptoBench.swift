import Basics
import Crypto
import SocketIO

/// What sealing and opening a packet takes, by each algorithm that this processor can use: the choice between them rests on
/// this.
struct CryptoBench {
    /// From a lone acknowledgement to the longest packet, in bytes before the tag.
    private static let lengths = [60, 120, 300, 600, 1_200, 1_436]
    private static let headerCount = 5
    private static let numberCount = 4
    /// Packets of one measurement, of which the quickest of `rounds` counts: others use the machine as well.
    private static let packets = 20_000
    private static let rounds = 9

    /// How many keys take turns.
    var members: Int

    func run() -> BenchReport {
        var report = BenchReport("crypto")
        var lines = [["bytes"] + suites.flatMap { ["\($0.name) seal", "open"] } + ["ns"]]
        for length in Self.lengths {
            var line = ["\(length)"]
            for (algorithm, name) in suites {
                guard let (sealing, opening) = measure(algorithm, length: length) else {
                    report.fail("a packet could not be opened")
                    continue
                }
                line += [BenchReport.decimal(sealing, digits: 0), BenchReport.decimal(opening, digits: 0)]
                report.add("\(name)Seal\(length)", "\(name) seal \(length)", sealing, unit: "ns")
                report.add("\(name)Open\(length)", "\(name) open \(length)", opening, unit: "ns")
            }
            lines.append(line)
        }
        let mask = maskTime()
        report.add("mask", "mask of a packet number", mask, digits: 1, unit: "ns")
        lines.append(["mask", BenchReport.decimal(mask, digits: 0)])
        report.show(lines, under: "crypto: nanoseconds a packet, \(members) keys in turn")
        return report
    }

    private var suites: [(algorithm: AEAD, name: String)] {
        [(.aes256GCM, "aes"), (.chaCha20Poly1305, "chacha")].filter { $0.0.isAvailable }
    }

    private func keys(_ algorithm: AEAD) -> [PacketKey] {
        var random = SeededGenerator(seed: 1)
        return (0..<members).map { _ in
            PacketKey(trafficSecret: SecretBytes(count: 64, using: &random), algorithm: algorithm)
        }
    }

    /// - Returns: nanoseconds for sealing and for opening; nil when a packet is not opened.
    private func measure(_ algorithm: AEAD, length: Int) -> (sealing: Double, opening: Double)? {
        let keys = keys(algorithm)
        var best = (sealing: Double.infinity, opening: Double.infinity)
        var packet = [UInt8](repeating: 7, count: length + PacketKey.tagBytes)
        var plaintext: [UInt8] = []
        plaintext.reserveCapacity(packet.count)
        for _ in 0..<Self.rounds {
            let sealing = Self.time { number in
                var span = packet.mutableSpan
                keys[Int(number) % members].seal(
                    &span, headerCount: Self.headerCount, numberCount: Self.numberCount, packetNumber: number)
            }
            // All packets are the last one's copy: only the member whose key it is changes nothing about the work.
            let last = UInt64(Self.packets - 1)
            let key = keys[Int(last) % members]
            var isOpen = true
            let opening = Self.time { _ in
                let isAuthentic = key.open(
                    packet.span, headerCount: Self.headerCount, numberCount: Self.numberCount, packetNumber: last,
                    into: &plaintext)
                if !isAuthentic { isOpen = false }
            }
            guard isOpen else { return nil }
            best = (min(best.sealing, sealing), min(best.opening, opening))
        }
        return best
    }

    private func maskTime() -> Double {
        let keys = keys(.chaCha20Poly1305)
        let sample = [UInt8](repeating: 3, count: PacketKey.sampleBytes)
        var sum: UInt32 = 0
        let times = (0..<Self.rounds).map { _ in
            Self.time { number in sum ^= keys[Int(number) % members].mask(for: sample.span) ?? 0 }
        }
        return (times.min() ?? 0) + (sum == 0 ? 0.0001 : 0)
    }

    /// CPU time of one call of `body`, in nanoseconds.
    private static func time(_ body: (UInt64) -> Void) -> Double {
        let begin = ThreadClock.cpuTime
        for number in 0..<UInt64(packets) { body(number) }
        return Double((ThreadClock.cpuTime - begin).wholeNanoseconds) / Double(packets)
    }
}
