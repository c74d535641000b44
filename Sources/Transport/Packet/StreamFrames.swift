import Basics

/// Names a byte stream of a connection. Odd ones are opened, and written, by the server, even ones by the client; each
/// side counts up by two.
package struct StreamID: Hashable, Comparable, Sendable {
    /// 1...2^62 - 1. In a CREDIT frame 0 stands for the connection.
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static func < (left: StreamID, right: StreamID) -> Bool { left.rawValue < right.rawValue }

    /// Whether the client opens and writes it.
    package var isClients: Bool { rawValue.isMultiple(of: 2) }
}

/// A piece of a byte stream.
package struct StreamChunk: Hashable, Sendable {
    package var id: StreamID
    /// Where in the stream the first byte belongs.
    package var offset: UInt64
    package var bytes: [UInt8]
    /// Whether the stream ends behind the last byte.
    package var isLast: Bool

    package init(id: StreamID, offset: UInt64, bytes: [UInt8], isLast: Bool) {
        self.id = id
        self.offset = offset
        self.bytes = bytes
        self.isLast = isLast
    }
}

/// How many bytes the peer may send.
package struct StreamCredit: Hashable, Sendable {
    /// The stream; nil for all streams of the connection together.
    package var id: StreamID?
    /// Up to which offset; for the connection the sum of all streams' offsets. It never shrinks.
    package var limit: UInt64

    package init(id: StreamID?, limit: UInt64) {
        self.id = id
        self.limit = limit
    }
}

/// The writer gives a stream up: what was not delivered yet will not come.
package struct StreamReset: Hashable, Sendable {
    package var id: StreamID
    /// What it means is the application's affair.
    package var code: UInt64
    /// How many bytes of the stream were sent at most: they have used up credit.
    package var size: UInt64

    package init(id: StreamID, code: UInt64, size: UInt64) {
        self.id = id
        self.code = code
        self.size = size
    }
}

/// The reader does not want the rest: the writer answers with a reset.
package struct StreamStop: Hashable, Sendable {
    package var id: StreamID
    /// What it means is the application's affair.
    package var code: UInt64

    package init(id: StreamID, code: UInt64) {
        self.id = id
        self.code = code
    }
}

/// Which packets arrived, farther back than a bitmap reaches.
package struct AcknowledgedRanges: Hashable, Sendable {
    /// How long the acknowledgement waited, in `Limits.acknowledgementDelayUnit`.
    package var delay: UInt64
    /// From the newest downwards, with a gap between each two; 1...`Limits.acknowledgedRanges` of them.
    package var ranges: [ClosedRange<UInt64>]

    package init(delay: UInt64, ranges: [ClosedRange<UInt64>]) {
        self.delay = delay
        self.ranges = ranges
    }

    /// The largest number.
    package var largest: UInt64 { ranges.first?.upperBound ?? 0 }

    /// The length of the frame.
    package var frameBytes: Int {
        var count = 1 + VarInt.length(of: largest) + VarInt.length(of: delay)
        count += VarInt.length(of: UInt64(ranges.count))
        var above: UInt64?
        for range in ranges {
            count += above.map { Self.bytes(of: range, below: $0) } ?? VarInt.length(of: UInt64(range.count - 1))
            above = range.lowerBound
        }
        return count
    }

    /// The bytes that a further range takes.
    static func bytes(of range: ClosedRange<UInt64>, below lowest: UInt64) -> Int {
        VarInt.length(of: lowest - range.upperBound - 2)
            + VarInt.length(of: range.upperBound - range.lowerBound)
    }

    /// Reads what follows the frame's type: largest, delay, count, length of the first range less one; then for each
    /// further range the numbers missing above it, and its length, less one each.
    ///
    /// - Throws: for ranges below zero, none, or more than the limit; overlaps can't be written.
    init(parsing input: inout Span<UInt8>) throws(WireError) {
        var top = try input.takeVarInt()
        delay = try input.takeVarInt()
        let count = try input.takeVarInt()
        guard (1...UInt64(Limits.acknowledgedRanges)).contains(count) else { throw .invalid(field: "ack ranges") }
        ranges = []
        while true {
            let length = try input.takeVarInt()
            guard length <= top else { throw .invalid(field: "ack range") }
            ranges.append(top - length...top)
            guard ranges.count < Int(count) else { return }
            let missing = try input.takeVarInt()
            let (next, isBelowZero) = (top - length).subtractingReportingOverflow(missing + 2)
            guard !isBelowZero else { throw .invalid(field: "ack range") }
            top = next
        }
    }

    func emit(into bytes: inout [UInt8]) {
        bytes.putVarInt(largest)
        bytes.putVarInt(delay)
        bytes.putVarInt(UInt64(ranges.count))
        var above: UInt64?
        for range in ranges {
            if let above { bytes.putVarInt(above - range.upperBound - 2) }
            bytes.putVarInt(range.upperBound - range.lowerBound)
            above = range.lowerBound
        }
    }
}

extension Span<UInt8> {
    /// Takes the name of a stream.
    mutating func takeStreamID() throws(WireError) -> StreamID {
        let id = try takeVarInt()
        guard id >= 1 else { throw .invalid(field: "stream") }
        return StreamID(rawValue: id)
    }

    /// Takes what follows the type of a STREAM frame.
    ///
    /// - Throws: also for an end beyond 2^62 - 1.
    mutating func takeStreamChunk(isLast: Bool) throws(WireError) -> StreamChunk {
        let id = try takeStreamID()
        let offset = try takeVarInt()
        let bytes = try takeBlock(limit: Limits.streamFrameBytes, field: "stream bytes")
        guard offset + UInt64(bytes.count) <= VarInt.max else { throw .invalid(field: "stream offset") }
        return StreamChunk(id: id, offset: offset, bytes: bytes, isLast: isLast)
    }

    /// Takes what follows the type of a CREDIT frame.
    mutating func takeStreamCredit() throws(WireError) -> StreamCredit {
        let id = try takeVarInt()
        return StreamCredit(id: id == 0 ? nil : StreamID(rawValue: id), limit: try takeVarInt())
    }
}

extension StreamChunk {
    /// The most bytes of a STREAM frame around its content.
    static func overhead(id: StreamID, offset: UInt64) -> Int {
        1 + VarInt.length(of: id.rawValue) + VarInt.length(of: offset) + 2
    }
}
