import Basics

/// Damages bytes in the ways that break decoders: lengths that lie, fields at the ends of their ranges, pieces missing,
/// doubled, swapped or taken from elsewhere.
struct Mutator: Sendable {
    /// The longest result, in bytes.
    let limit: Int

    /// Numbers at which something changes: ends of integers, and of the forms of a variable-length integer (RFC 9000,
    /// section 16).
    private static let edges: [UInt64] = [
        0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x3fff_ffff,
        0x4000_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, (1 << 62) - 1, 1 << 62, (1 << 63) - 1,
        1 << 63, .max,
    ]

    private enum Kind: CaseIterable {
        case flipBit, replaceByte, nudgeByte, edge, varInt, insert, delete, double, truncate, extend, swap, splice,
            graft
    }

    /// Changes `bytes` once.
    ///
    /// - Parameter other: makes another input to take pieces from.
    func mutate(
        _ bytes: inout [UInt8], with other: (inout SeededGenerator) -> [UInt8], using random: inout SeededGenerator
    ) {
        let kind = Kind.allCases.randomElement(using: &random) ?? .flipBit
        switch kind {
        case .flipBit:
            change(&bytes, using: &random) { byte, random in byte ^ 1 << UInt8.random(in: 0...7, using: &random) }
        case .replaceByte: change(&bytes, using: &random) { _, random in UInt8(truncatingIfNeeded: random.next()) }
        case .nudgeByte:
            change(&bytes, using: &random) { byte, random in
                byte &+ UInt8(bitPattern: Int8.random(in: -16...16, using: &random))
            }
        case .edge: overwrite(&bytes, with: edge(using: &random), using: &random)
        case .varInt:
            var number: [UInt8] = []
            number.putVarInt(Self.edges.randomElement(using: &random) ?? 0)
            overwrite(&bytes, with: number, using: &random)
        case .insert:
            let place = Int.random(in: 0...bytes.count, using: &random)
            bytes.insert(contentsOf: random.bytes(.random(in: 1...16, using: &random)), at: place)
        case .delete: bytes.removeSubrange(range(in: bytes, using: &random))
        case .double:
            let range = range(in: bytes, using: &random)
            bytes.insert(contentsOf: Array(bytes[range]), at: range.upperBound)
        case .truncate: bytes.removeLast(.random(in: 0...bytes.count, using: &random))
        case .extend:
            let byte: UInt8 = random.chance(0.5) ? 0 : 0xff
            bytes.append(contentsOf: repeatElement(byte, count: .random(in: 1...64, using: &random)))
        case .swap: swap(&bytes, using: &random)
        case .splice:
            let tail = other(&random)
            bytes.removeLast(.random(in: 0...bytes.count, using: &random))
            bytes.append(contentsOf: tail.suffix(.random(in: 0...tail.count, using: &random)))
        case .graft:
            let donor = other(&random)
            let piece = donor[range(in: donor, using: &random)]
            bytes.replaceSubrange(range(in: bytes, using: &random), with: piece)
        }
        if bytes.count > limit { bytes.removeLast(bytes.count - limit) }
    }

    private func change(
        _ bytes: inout [UInt8], using random: inout SeededGenerator, _ body: (UInt8, inout SeededGenerator) -> UInt8
    ) {
        guard let place = bytes.indices.randomElement(using: &random) else { return }
        bytes[place] = body(bytes[place], &random)
    }

    private func edge(using random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(Self.edges.randomElement(using: &random) ?? 0)
        let width = [1, 2, 4, 8].randomElement(using: &random) ?? 1
        return random.chance(0.5) ? bytes.suffix(width) : bytes.suffix(width).reversed()
    }

    private func overwrite(_ bytes: inout [UInt8], with field: [UInt8], using random: inout SeededGenerator) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        bytes.replaceSubrange(place..<min(bytes.count, place + field.count), with: field)
    }

    private func swap(_ bytes: inout [UInt8], using random: inout SeededGenerator) {
        let first = range(in: bytes, using: &random)
        let second = range(in: bytes, using: &random)
        guard first.upperBound <= second.lowerBound else { return }
        let between = Array(bytes[first.upperBound..<second.lowerBound])
        let turned = Array(bytes[second]) + between + Array(bytes[first])
        bytes.replaceSubrange(first.lowerBound..<second.upperBound, with: turned)
    }

    /// A piece, mostly a short one.
    private func range(in bytes: [UInt8], using random: inout SeededGenerator) -> Range<Int> {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let most = random.chance(0.8) ? min(16, bytes.count - start) : bytes.count - start
        return start..<(start + Int.random(in: 0...most, using: &random))
    }
}
