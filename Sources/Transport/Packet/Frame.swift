package import Basics

/// What an opened data packet consists of.
package enum Frame: Hashable, Sendable {
    case ping
    case acknowledgement(Acknowledgement)
    case message(MessageFragment)
    /// The messages of a log were taken up to that number; what has arrived behind it waits.
    case taken(alias: UInt64, through: UInt64)
    case close(CloseReason)
    /// Whoever gets this sends it back as a response, to prove that it receives at its address.
    case pathChallenge(UInt64)
    case pathResponse(UInt64)
    /// The server gives out another connection ID.
    case newConnectionID(ConnectionIDGrant)
    /// The server says how it wants to be acknowledged.
    case acknowledgementPolicy(AcknowledgementPolicy)
    /// How many packets came with marks of ECN.
    case congestionMarks(CongestionMarks)
    case acknowledgedRanges(AcknowledgedRanges)
    case stream(StreamChunk)
    case credit(StreamCredit)
    case reset(StreamReset)
    case stop(StreamStop)
}

/// Which packets arrived: the largest number and the 64 before it.
package struct Acknowledgement: Hashable, Sendable {
    /// Low 32 bits of the largest packet number received.
    package var largest: UInt32
    /// How long the acknowledgement waited, in `Limits.acknowledgementDelayUnit`; saturates.
    package var delay: UInt16
    /// Bit i: packet `largest - 1 - i` arrived.
    package var bitmap: UInt64

    package init(largest: UInt32, delay: UInt16, bitmap: UInt64) {
        self.largest = largest
        self.delay = delay
        self.bitmap = bitmap
    }
}

/// One message of a log, or a part of it.
package struct MessageFragment: Hashable, Sendable {
    /// The log's short name on this connection; 0 is the control channel.
    package var alias: UInt64
    /// The message's number in its log.
    package var number: UInt64
    /// How far back the entry before it is: nothing is missing between the two.
    package var distance: UInt64
    /// Length of the whole message.
    package var total: Int
    /// Which piece of `Limits.fragmentBytes` this is.
    package var index: Int
    package var bytes: [UInt8]

    package init(alias: UInt64, number: UInt64, distance: UInt64, total: Int, index: Int, bytes: [UInt8]) {
        self.alias = alias
        self.number = number
        self.distance = distance
        self.total = total
        self.index = index
        self.bytes = bytes
    }

    /// How many pieces a message of `total` bytes has.
    package static func count(total: Int) -> Int {
        max(1, (total + Limits.fragmentBytes - 1) / Limits.fragmentBytes)
    }

    /// The bytes of piece `index` of a message of `total` bytes.
    package static func range(index: Int, total: Int) -> Range<Int> {
        let start = min(index * Limits.fragmentBytes, total)
        return start..<min(start + Limits.fragmentBytes, total)
    }
}

/// Which piece of which message, without its bytes.
package struct MessagePiece: Hashable, Sendable {
    /// As in `MessageFragment`.
    package let alias: UInt64
    package let number: UInt64
    package let distance: UInt64
    /// Length of the whole message.
    package let total: Int
    package let index: Int

    /// An upper bound of the length of its frame.
    var frameBytes: Int {
        Frame.messageBytes(
            alias: alias, number: number, distance: distance,
            length: MessageFragment.range(index: index, total: total).count)
    }
}

/// Why a connection ends, as told to the other side.
package struct CloseReason: Hashable, Sendable {
    package var code: UInt64
    package var text: String

    package init(code: UInt64, text: String) {
        self.code = code
        self.text = text
    }

    /// The peer broke the protocol.
    package static let violation: UInt64 = 1
    /// The same session continues over another connection.
    package static let replaced: UInt64 = 2
    /// Codes from here on belong to the application.
    package static let firstApplicationCode: UInt64 = 16
}

extension Frame {
    private enum Kind {
        static let padding: UInt8 = 0x00
        static let ping: UInt8 = 0x01
        static let acknowledgement: UInt8 = 0x02
        static let acknowledgedRanges: UInt8 = 0x03
        static let message: UInt8 = 0x04
        static let fragment: UInt8 = 0x05
        static let close: UInt8 = 0x06
        static let taken: UInt8 = 0x07
        static let stream: UInt8 = 0x08
        static let streamEnd: UInt8 = 0x09
        static let credit: UInt8 = 0x0a
        static let reset: UInt8 = 0x0b
        static let stop: UInt8 = 0x0c
        // As in QUIC (RFC 9000, sections 19.15, 19.17 and 19.18).
        static let newConnectionID: UInt8 = 0x18
        static let pathChallenge: UInt8 = 0x1a
        static let acknowledgementPolicy: UInt8 = 0x21
        static let congestionMarks: UInt8 = 0x22
        static let pathResponse: UInt8 = 0x1b
    }

    /// Takes the next frame off the front of an opened packet; padding is skipped.
    ///
    /// - Returns: nil at the end.
    package static func take(from input: inout Span<UInt8>) throws(WireError) -> Frame? {
        while !input.isEmpty {
            switch try input.take(UInt8.self) {
            case Kind.padding: continue
            case Kind.ping: return .ping
            case Kind.acknowledgement:
                return .acknowledgement(
                    Acknowledgement(
                        largest: try input.take(UInt32.self), delay: try input.take(UInt16.self),
                        bitmap: try input.take(UInt64.self)))
            case Kind.message: return .message(try takeMessage(from: &input))
            case Kind.fragment: return .message(try takeFragment(from: &input))
            case Kind.taken: return .taken(alias: try input.takeVarInt(), through: try input.takeVarInt())
            case Kind.close:
                let code = try input.takeVarInt()
                return .close(
                    CloseReason(code: code, text: try input.takeText(limit: Limits.closeTextBytes, field: "reason")))
            case Kind.pathChallenge: return .pathChallenge(try input.take(UInt64.self))
            case Kind.pathResponse: return .pathResponse(try input.take(UInt64.self))
            case Kind.newConnectionID: return .newConnectionID(try ConnectionIDGrant(parsing: &input))
            case Kind.acknowledgementPolicy:
                return .acknowledgementPolicy(try AcknowledgementPolicy(parsing: &input))
            case Kind.congestionMarks:
                return .congestionMarks(
                    CongestionMarks(marked: try input.takeVarInt(), congested: try input.takeVarInt()))
            case let kind: return try takeBulk(kind, from: &input)
            }
        }
        return nil
    }

    /// Takes what follows the type of a frame that belongs to streams.
    private static func takeBulk(_ kind: UInt8, from input: inout Span<UInt8>) throws(WireError) -> Frame {
        switch kind {
        case Kind.acknowledgedRanges: return .acknowledgedRanges(try AcknowledgedRanges(parsing: &input))
        case Kind.stream, Kind.streamEnd:
            return .stream(try input.takeStreamChunk(isLast: kind == Kind.streamEnd))
        case Kind.credit: return .credit(try input.takeStreamCredit())
        case Kind.reset:
            return .reset(
                StreamReset(
                    id: try input.takeStreamID(), code: try input.takeVarInt(), size: try input.takeVarInt()))
        case Kind.stop: return .stop(StreamStop(id: try input.takeStreamID(), code: try input.takeVarInt()))
        default: throw .invalid(field: "frame type")
        }
    }

    private static func takeMessage(from input: inout Span<UInt8>) throws(WireError) -> MessageFragment {
        let (alias, number, distance) = try takePlace(from: &input)
        let bytes = try input.takeBlock(limit: Limits.fragmentBytes, field: "message")
        return MessageFragment(
            alias: alias, number: number, distance: distance, total: bytes.count, index: 0, bytes: bytes)
    }

    private static func takeFragment(from input: inout Span<UInt8>) throws(WireError) -> MessageFragment {
        let (alias, number, distance) = try takePlace(from: &input)
        let total = try input.takeVarInt()
        guard total > UInt64(Limits.fragmentBytes), total <= UInt64(Limits.messageBytes) else {
            throw .invalid(field: "total length")
        }
        let index = Int(try input.take(UInt8.self))
        guard index < MessageFragment.count(total: Int(total)) else { throw .invalid(field: "fragment") }
        let bytes = try input.takeBytes(MessageFragment.range(index: index, total: Int(total)).count)
        return MessageFragment(
            alias: alias, number: number, distance: distance, total: Int(total), index: index, bytes: bytes)
    }

    /// Alias, number and distance; numbers start at 1 and the entry before is at least 0.
    private static func takePlace(
        from input: inout Span<UInt8>
    ) throws(WireError) -> (alias: UInt64, number: UInt64, distance: UInt64) {
        let alias = try input.takeVarInt()
        let number = try input.takeVarInt()
        let distance = try input.takeVarInt()
        guard number >= 1, distance >= 1, distance <= number else { throw .invalid(field: "distance") }
        return (alias, number, distance)
    }

    package func emit(into bytes: inout [UInt8]) {
        switch self {
        case .ping: bytes.append(Kind.ping)
        case .acknowledgement(let acknowledgement):
            bytes.append(Kind.acknowledgement)
            bytes.put(acknowledgement.largest)
            bytes.put(acknowledgement.delay)
            bytes.put(acknowledgement.bitmap)
        case .message(let fragment): Self.emit(fragment, into: &bytes)
        case .taken(let alias, let number):
            bytes.append(Kind.taken)
            bytes.putVarInt(alias)
            bytes.putVarInt(number)
        case .close(let reason):
            bytes.append(Kind.close)
            bytes.putVarInt(reason.code)
            bytes.putText(reason.text)
        case .pathChallenge(let challenge):
            bytes.append(Kind.pathChallenge)
            bytes.put(challenge)
        case .pathResponse(let challenge):
            bytes.append(Kind.pathResponse)
            bytes.put(challenge)
        case .newConnectionID(let grant):
            bytes.append(Kind.newConnectionID)
            grant.emit(into: &bytes)
        case .acknowledgementPolicy(let policy):
            bytes.append(Kind.acknowledgementPolicy)
            policy.emit(into: &bytes)
        case .congestionMarks(let marks):
            bytes.append(Kind.congestionMarks)
            bytes.putVarInt(marks.marked)
            bytes.putVarInt(marks.congested)
        case .acknowledgedRanges(let acknowledged):
            bytes.append(Kind.acknowledgedRanges)
            acknowledged.emit(into: &bytes)
        case .stream(let chunk):
            Self.emitStream(
                chunk.id, offset: chunk.offset, chunk.bytes[...], isLast: chunk.isLast, into: &bytes)
        case .credit(let credit):
            bytes.append(Kind.credit)
            bytes.putVarInt(credit.id?.rawValue ?? 0)
            bytes.putVarInt(credit.limit)
        case .reset(let reset):
            bytes.append(Kind.reset)
            for field in [reset.id.rawValue, reset.code, reset.size] { bytes.putVarInt(field) }
        case .stop(let stop):
            bytes.append(Kind.stop)
            for field in [stop.id.rawValue, stop.code] { bytes.putVarInt(field) }
        }
    }

    /// Writes a STREAM frame straight from the stream's buffer.
    static func emitStream(
        _ id: StreamID, offset: UInt64, _ content: ArraySlice<UInt8>, isLast: Bool, into bytes: inout [UInt8]
    ) {
        bytes.append(isLast ? Kind.streamEnd : Kind.stream)
        bytes.putVarInt(id.rawValue)
        bytes.putVarInt(offset)
        bytes.putBlock(content)
    }

    private static func emit(_ fragment: MessageFragment, into bytes: inout [UInt8]) {
        let piece = MessagePiece(
            alias: fragment.alias, number: fragment.number, distance: fragment.distance, total: fragment.total,
            index: fragment.index)
        emitFront(of: piece, into: &bytes)
        bytes.append(contentsOf: fragment.bytes)
    }

    private static func emitFront(of piece: MessagePiece, into bytes: inout [UInt8]) {
        let isWhole = piece.total <= Limits.fragmentBytes
        bytes.append(isWhole ? Kind.message : Kind.fragment)
        bytes.putVarInt(piece.alias)
        bytes.putVarInt(piece.number)
        bytes.putVarInt(piece.distance)
        bytes.putVarInt(UInt64(piece.total))
        if !isWhole { bytes.append(UInt8(truncatingIfNeeded: piece.index)) }
    }

    /// Writes a piece of a message straight from the log's bytes.
    ///
    /// - Parameter message: the whole message, `piece.total` bytes.
    static func emit(_ piece: MessagePiece, of message: [UInt8], into bytes: inout [UInt8]) {
        emitFront(of: piece, into: &bytes)
        let range = MessageFragment.range(index: piece.index, total: min(piece.total, message.count))
        bytes.append(contentsOf: message[range])
    }

    /// Fills a packet up; nothing when `count` is not positive.
    package static func emitPadding(_ count: Int, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: repeatElement(Kind.padding, count: max(0, count)))
    }

    /// The length of an ACK frame.
    package static let acknowledgementBytes = 15

    /// The most that a frame takes that tells how far a log was taken.
    package static let takenBytes = 17

    /// The length of a path challenge or response.
    package static let pathBytes = 9

    /// An upper bound of what a message frame with `length` payload bytes takes.
    package static func messageBytes(alias: UInt64, number: UInt64, distance: UInt64, length: Int) -> Int {
        4 + VarInt.length(of: alias) + VarInt.length(of: number) + VarInt.length(of: distance) + length
    }
}
