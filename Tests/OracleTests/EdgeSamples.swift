import Basics

/// Bytes whose fields stand at the ends of their ranges or just beyond, which random damage hardly ever hits.
enum EdgeSamples {
    /// One field: the values that it is given; the first one most often, so that values come out too.
    private typealias Field = [[UInt8]]

    /// - Returns: nil for a format without bounds inside.
    static func make(_ format: String, using random: inout SeededGenerator) -> [UInt8]? {
        switch format {
        case "frame": (0..<2).flatMap { _ in frame(using: &random) }
        case "hello": hello(using: &random)
        case "retry": join([[0xc2]], versions, fixed(24), [fill(32), fill(31), fill(33)], using: &random)
        case "server-hello":
            join(
                [[0xc3]], versions, fixed(48), [[1], [0]], flags, fixed(64), [fill(64), fill(63), fill(65)],
                using: &random)
        case "confirmation-finish", "confirmation-verdict":
            join(
                [[format == "confirmation-finish" ? 0xc4 : 0xc5]], fixed(47), [fill(1), fill(0)],
                [[], fill(1151), fill(1152)], using: &random)
        case "reject": join([[0xc6]], fixed(8), [[1], [2], [0], [3]], fixed(82), ends, using: &random)
        case "login-payload": join(fixed(96), blocks(640), blocks(1200), ends, using: &random)
        case "verdict-payload":
            join([[1], [0], [2]], blocks(640), [block(extensions(using: &random))], ends, using: &random)
        case "client-request": request(using: &random)
        case "server-event": event(using: &random)
        case "log-entry": entry(using: &random)
        case "login-request":
            join(
                texts(256), fixed(8), [[0, 20], [3, 0xe8], [3, 0xe9]],
                [[0], [1] + fill(16) + [1], [1] + fill(16) + [2], [2], [1] + fill(15)],
                [[0], [1] + fill(80), [1] + fill(79), [2]], ends, using: &random)
        case "welcome":
            join(
                fixed(4), names(64), texts(128), texts(64), fixed(8),
                [number(5) + number(5), number(5) + number(6), number(6) + number(5), number(.max) + number(.max)],
                fixed(8), [[0], [1], [2]], ends, using: &random)
        case "refusal":
            join(codes, texts(512), [[0], [1] + fill(72), [1] + fill(71), [2]], ends, using: &random)
        case "registration-request": join([[1], [2] + fill(56), [2] + fill(55), [3], [0]], ends, using: &random)
        case "registration-event":
            join([[1] + fill(24), [1] + fill(23), [2, 1, 0x61], [2, 0], [3, 5], [4], [0]], ends, using: &random)
        default: nil
        }
    }

    // MARK: Formats

    private static func hello(using random: inout SeededGenerator) -> [UInt8] {
        let cookie: Field = [[0], [32] + fill(32), [31] + fill(31), [33] + fill(33), [0xff]]
        var bytes = join([[0xc1]], versions, fixed(40), [[1], [3], [0]], flags, fixed(32), cookie, using: &random)
        bytes += [UInt8](repeating: 0, count: max(0, 1200 - bytes.count))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.removeLast()
        case 1: bytes.append(0)
        case 2: bytes[1199] = 1
        default: break
        }
        return bytes
    }

    private static func frame(using random: inout SeededGenerator) -> [UInt8] {
        switch Int.random(in: 0..<11, using: &random) {
        case 0: return [UInt8.random(in: 0...40, using: &random)]
        case 8: return join([[8], [9]], [varInt(0), varInt(1)], limits, blocks(16_384), using: &random)
        case 9: return join([[0x0a], [0x0b], [0x0c]], [varInt(0), varInt(2)], limits, limits, using: &random)
        case 10:
            let few = [varInt(0), varInt(1), varInt(5)]
            return join([[3]], [varInt(9)], few, [varInt(1), varInt(2), varInt(0)], few, few, few, using: &random)
        case 1: return join([[2]], fixed(14), ends, using: &random)
        case 2: return join([[6]], [varInt(16), varInt(VarInt.max)], texts(200), using: &random)
        case 3: return join([[0x1a], [0x1b]], [fill(8), fill(8), fill(7)], using: &random)
        case 6:
            return join([[0x18]], [varInt(1), varInt(0), varInt(VarInt.max)], [fill(24), fill(23)], using: &random)
        case 4: return join([[4]], places, blocks(1024), using: &random)
        case 5:
            return join(
                [[7]], [varInt(1), varInt(VarInt.max), []], [varInt(0), varInt(VarInt.max), [0x40]], using: &random)
        default:
            let totals: [UInt64] = [2048, 1025, 2049, 16_384, 1024, 16_385, 0]
            let total = totals.randomElement(using: &random) ?? 0
            let pieces = (total + 1023) / 1024
            let indices: [UInt64] = [0, 1, pieces &- 1, pieces]
            let index = indices.randomElement(using: &random) ?? 0
            let rest = Int(min(total - min(total, (index & 0xff) * 1024), 1024))
            return join(
                [[5]], places, [varInt(total)], [[UInt8(truncatingIfNeeded: index)]],
                [fill(rest), fill(max(0, rest - 1))],
                using: &random)
        }
    }

    /// Offsets, and limits of credit.
    private static let limits: Field = [varInt(0), varInt(1), varInt(VarInt.max - 1), varInt(VarInt.max)]

    /// Alias, number and distance.
    private static let places: Field = [
        varInt(1) + varInt(5) + varInt(1), varInt(0) + varInt(1) + varInt(1), varInt(300) + varInt(5) + varInt(5),
        varInt(1) + varInt(5) + varInt(6), varInt(1) + varInt(5) + varInt(0), varInt(1) + varInt(0) + varInt(0),
        varInt(VarInt.max) + varInt(VarInt.max) + varInt(VarInt.max),
        // Longer forms than needed.
        [0x40, 0x01, 0x80, 0, 0, 2, 0xc0, 0, 0, 0, 0, 0, 0, 1],
    ]

    private static func extensions(using random: inout SeededGenerator) -> [UInt8] {
        let token = varInt(1) + block(fill(16))
        return join(
            [token, [], token + token, varInt(1) + block(fill(15)), varInt(1) + block(fill(17)), [1]],
            [[], varInt(2) + block([]), varInt(VarInt.max) + block(fill(40)), varInt(2) + [9]], using: &random)
    }

    private static func request(using random: inout SeededGenerator) -> [UInt8] {
        random.chance(0.6)
            ? join([[1]], linePlaces, [[1], [5], [2], [10]], lines, ends, using: &random)
            : join([[2], [0], [11]], [[0, 0, 0, 1], [0, 0, 0, 0]], [[2], [3], [0], [7]], ends, using: &random)
    }

    private static func event(using random: inout SeededGenerator) -> [UInt8] {
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            let name = block([0x61])
            return join(
                [[1]], fixed(4), [[1], [0], [2]],
                [varInt(0), varInt(1) + name, varInt(2) + name, varInt(1) + [0], varInt(VarInt.max) + name], ends,
                using: &random)
        case 1: return join([[2]], [varInt(0), varInt(VarInt.max)], codes, texts(512), ends, using: &random)
        default: return join([[3], [0], [4]], texts(15_360), ends, using: &random)
        }
    }

    private static func entry(using random: inout SeededGenerator) -> [UInt8] {
        let front: [Field] = [fixed(12), names(64), [varInt(0), varInt(VarInt.max)]]
        let kind = UInt8.random(in: 0...16, using: &random)
        let rest: Field =
            switch kind {
            case 1, 5: lines
            case 6, 7: [varInt(1) + block([0x61]), varInt(0) + block([0x61]), varInt(1) + block([])]
            case 8: [varInt(1), varInt(0), varInt(VarInt.max)]
            case 9: [varInt(1) + block(fill(32)), varInt(1) + block(fill(33)), varInt(1) + block([0])]
            case 10: texts(512)
            case 11: texts(128)
            case 13: [[1] + block([]), [8] + block(fill(64)), [9] + block([]), [1] + block(fill(65))]
            case 15: [[0] + block([]), [1] + block([]), [0] + block(fill(513))]
            case 3: [[1], [5], [0], [6], []]
            case 4: names(64)
            default: [[]]
            }
        return join([[[kind]]] + front + [rest, ends], using: &random)
    }

    // MARK: Fields

    private static let versions: Field = [[0, 0, 0, 1], [0, 0, 0, 2], [1, 0, 0, 0]]
    private static let flags: Field = [[0], [1]]
    private static let ends: Field = [[], [0]]
    private static let codes: Field = ["kicked", "key-changed", "Kicked", "", "no-such-thing"].map {
        block(Array($0.utf8))
    }
    private static let linePlaces: Field = [[0], [1] + block([0x67]), [2] + block([]), [2] + block(fill(257)), [3]]
    private static let lines: Field = texts(15_360) + [block([0x61, 0, 0x62])]

    private static func fixed(_ count: Int) -> Field { [fill(count)] }

    private static func blocks(_ limit: Int) -> Field {
        [block(fill(9)), block([]), block(fill(limit)), block(fill(limit + 1)), varInt(9) + fill(8)]
    }

    /// Texts at a limit and beyond, and blocks that are no UTF-8: cut off, overlong, a surrogate, too high.
    private static func texts(_ limit: Int) -> Field {
        let faults: Field = [[0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]
        return names(limit) + [block([]), block(Array("\u{1f600}\u{7f}\"\\\u{2028}".utf8))] + faults.map(block)
    }

    private static func names(_ limit: Int) -> Field {
        let letters = [UInt8](repeating: 0x61, count: limit + 1)
        return [block([0x61]), block(Array(letters.dropLast())), block(letters), block([])]
    }

    /// Bytes that differ, so that none stands for another.
    private static func fill(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    }

    private static func varInt(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.putVarInt(value)
        return bytes
    }

    private static func block(_ content: [UInt8]) -> [UInt8] {
        varInt(UInt64(content.count)) + content
    }

    private static func number(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(value)
        return bytes
    }

    private static func join(_ fields: Field..., using random: inout SeededGenerator) -> [UInt8] {
        join(fields, using: &random)
    }

    private static func join(_ fields: [Field], using random: inout SeededGenerator) -> [UInt8] {
        fields.flatMap { field in
            let values = random.chance(0.6) ? Array(field.prefix(1)) : field
            return values.randomElement(using: &random) ?? []
        }
    }
}
