import Basics
import Crypto
import Transport

/// An input of an endpoint target, read as a list of steps with their arguments; any bytes are a script.
struct Script {
    /// More steps than this are not played.
    static let stepLimit = 96

    private var input: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        input = bytes[...]
    }

    var isAtEnd: Bool { input.isEmpty }

    /// The next byte; 0 at the end.
    mutating func byte() -> UInt8 {
        input.popFirst() ?? 0
    }

    /// A number in 0..<`bound`; 0 when the bound is 0.
    mutating func index(below bound: Int) -> Int {
        let byte = Int(byte())
        return bound > 0 ? byte % bound : 0
    }

    /// Two bytes of length and then so many bytes, or as many as are left.
    mutating func bytes() -> [UInt8] {
        let count = (Int(byte()) << 8 | Int(byte())) & 0x7ff
        let bytes = Array(input.prefix(count))
        input = input.dropFirst(count)
        return bytes
    }

    /// A case of an enumeration.
    mutating func step<Step: CaseIterable>(_: Step.Type) -> Step? {
        let all = Array(Step.allCases)
        return input.isEmpty ? nil : all[index(below: all.count)]
    }

    /// From no time at all to a minute, mostly short.
    mutating func duration() -> Duration {
        let byte = Int(byte())
        return .milliseconds(byte * byte * byte / 256)
    }
}

/// Writes scripts, the mirror of `Script`.
struct ScriptWriter<Step: CaseIterable & Equatable> {
    private(set) var bytes: [UInt8]

    /// - Parameter stage: the first byte, which says where the script begins.
    init(stage: UInt8) {
        bytes = [stage]
    }

    mutating func add(_ step: Step, _ arguments: UInt8...) {
        let place = Array(Step.allCases).firstIndex(of: step) ?? 0
        bytes.append(UInt8(truncatingIfNeeded: place))
        bytes.append(contentsOf: arguments)
    }

    mutating func add(byte: UInt8) {
        bytes.append(byte)
    }

    mutating func add(_ step: Step, data: [UInt8]) {
        add(step)
        bytes.put(UInt16(truncatingIfNeeded: min(data.count, 0x7ff)))
        bytes.append(contentsOf: data.prefix(0x7ff))
    }
}

/// Damage that a script does to a datagram that it recorded.
enum Damage {
    /// Flips bits at one place.
    static func flipped(_ datagram: [UInt8], place: UInt8, far: UInt8, bits: UInt8) -> [UInt8] {
        var bytes = datagram
        guard !bytes.isEmpty else { return bytes }
        bytes[(Int(far) << 8 | Int(place)) % bytes.count] ^= bits
        return bytes
    }

    /// The front of one and the end of another, as two datagrams that were glued together.
    static func spliced(_ front: [UInt8], _ back: [UInt8], at place: UInt8) -> [UInt8] {
        Array(front.prefix(Int(place))) + Array(back.dropFirst(Int(place)))
    }
}

/// What a side that holds the keys can send: whatever it likes, sealed as it should be.
struct Insider: Sendable {
    let keys: SessionKeys
    let role: Connection.Role
    private var packetNumber: UInt64 = 0
    private var messageNumbers: [UInt64: UInt64] = [:]

    init(keys: SessionKeys, role: Connection.Role) {
        self.keys = keys
        self.role = role
    }

    /// A packet with these bytes as its frames.
    mutating func packet(_ plaintext: [UInt8]) -> [UInt8] {
        let header = DataHeader(destination: role == .client ? keys.serverID : nil, number: packetNumber)
        var bytes: [UInt8] = []
        header.emit(into: &bytes)
        bytes.append(contentsOf: plaintext.prefix(Limits.datagramBytes - header.count - 16))
        let key = role == .client ? keys.secrets.client : keys.secrets.server
        key.seal(
            &bytes, headerCount: header.count, numberCount: DataHeader.numberBytes, packetNumber: packetNumber)
        DataHeader.hideNumber(in: &bytes, headerCount: header.count, with: key)
        packetNumber += 1
        return bytes
    }

    /// Packets with one message, numbered as an honest side would, with fragments where they are needed.
    ///
    /// - Parameter skipped: how many numbers to leave out before it, said to be no gap.
    mutating func packets(message: [UInt8], alias: UInt64, skipped: UInt64 = 0) -> [[UInt8]] {
        let previous = messageNumbers[alias] ?? 0
        let number = previous + 1 + skipped
        messageNumbers[alias] = number
        return (0..<MessageFragment.count(total: message.count)).map { index in
            let range = MessageFragment.range(index: index, total: message.count)
            var bytes: [UInt8] = []
            Frame.message(
                MessageFragment(
                    alias: alias, number: number, distance: number - previous, total: message.count, index: index,
                    bytes: Array(message[range]))
            ).emit(into: &bytes)
            return packet(bytes)
        }
    }

    /// Numbers of a log begin anew, after a cursor.
    mutating func begin(alias: UInt64, after cursor: UInt64) {
        messageNumbers[alias] = min(cursor, VarInt.max / 2)
    }
}
