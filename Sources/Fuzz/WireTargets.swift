import Basics
import Transport

extension FuzzTarget {
    /// A codec: what parses emits bytes that parse to the same value, and those bytes are never longer.
    ///
    /// - Parameter isExact: whether a value has one form only, so that exactly the bytes parsed are emitted.
    static func codec<Value: Equatable & SendableMetatype>(
        _ name: String, _ summary: String, limit: Int = 2048, isExact: Bool = false,
        sample: @escaping @Sendable (inout SeededGenerator) -> Value,
        parse: @escaping @Sendable (Span<UInt8>) throws(WireError) -> Value,
        emit: @escaping @Sendable (Value) -> [UInt8]
    ) -> FuzzTarget {
        FuzzTarget(name, summary, limit: limit, sample: { emit(sample(&$0)) }) { (input) throws(FuzzFault) -> Bool in
            let value: Value
            do throws(WireError) { value = try parse(input.span) } catch { return false }
            let emitted = emit(value)
            let again: Value
            do throws(WireError) {
                again = try parse(emitted.span)
            } catch {
                throw FuzzFault("what parsed emits bytes that do not parse: \(error)")
            }
            guard again == value, emit(again) == emitted else {
                throw FuzzFault("what parsed emits bytes that parse to something else: \(value) -> \(again)")
            }
            guard emitted.count <= input.count else {
                throw FuzzFault("\(input.count) bytes parsed, \(emitted.count) emitted")
            }
            guard !isExact || emitted == input else { throw FuzzFault("two forms of one value parse: \(value)") }
            return true
        }
    }

    /// Data packets.
    static let packets: [FuzzTarget] = [
        codec(
            "frame", "the frames of an opened packet",
            sample: { random in (0...Int.random(in: 0...4, using: &random)).map { _ in frame(using: &random) } },
            parse: { (bytes) throws(WireError) in try frames(of: bytes) },
            emit: { frames in
                var bytes: [UInt8] = []
                for frame in frames { frame.emit(into: &bytes) }
                return bytes
            }),
        dataHeader("data-header-to-server", hasDestination: true),
        dataHeader("data-header-to-client", hasDestination: false),
    ]

    private static func dataHeader(_ name: String, hasDestination: Bool) -> FuzzTarget {
        codec(
            name, "the front of a data packet", limit: 64,
            sample: { random in
                DataHeader(
                    destination: hasDestination ? ConnectionID(using: &random) : nil, number: random.next(),
                    keyPhase: random.chance(0.5))
            },
            parse: { (bytes) throws(WireError) in try DataHeader(parsing: bytes, hasDestination: hasDestination) },
            emit: { header in
                var bytes: [UInt8] = []
                header.emit(into: &bytes)
                return bytes
            })
    }

    private static func frames(of bytes: Span<UInt8>) throws(WireError) -> [Frame] {
        var input = bytes
        var frames: [Frame] = []
        while let frame = try Frame.take(from: &input) { frames.append(frame) }
        return frames
    }

    static func frame(using random: inout SeededGenerator) -> Frame {
        switch Int.random(in: 0..<15, using: &random) {
        case 11...14: return streamFrame(using: &random)
        case 0: return .ping
        case 1, 2:
            return .acknowledgement(
                Acknowledgement(
                    largest: UInt32.random(in: 0...(random.chance(0.8) ? 40 : .max), using: &random),
                    delay: .random(in: 0...(.max), using: &random), bitmap: random.next()))
        case 3:
            return .close(
                CloseReason(
                    code: .random(in: 0...20, using: &random),
                    text: SampleText.make(limit: Limits.closeTextBytes, using: &random)))
        case 4: return .pathChallenge(random.next())
        case 5: return .pathResponse(random.next())
        case 6: return .taken(alias: UInt64.random(in: 0...2, using: &random), through: random.next() >> 2)
        case 7: return pathFrame(using: &random)
        default: return .message(fragment(using: &random))
        }
    }

    private static func pathFrame(using random: inout SeededGenerator) -> Frame {
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            return .newConnectionID(
                ConnectionIDGrant(
                    sequence: .random(in: 1...4, using: &random), id: ConnectionID(using: &random),
                    resetToken: random.bytes(StatelessReset.tokenBytes)))
        case 1:
            return .acknowledgementPolicy(
                AcknowledgementPolicy(
                    sequence: .random(in: 1...4, using: &random),
                    packets: .random(in: 1...Limits.acknowledgementPackets, using: &random),
                    delay: Limits.acknowledgementDelayUnit * Int.random(in: 0...7812, using: &random)))
        default:
            return .congestionMarks(
                CongestionMarks(
                    marked: .random(in: 0...100, using: &random), congested: .random(in: 0...100, using: &random)))
        }
    }

    /// A frame of streams, or an acknowledgement of bulk.
    private static func streamFrame(using random: inout SeededGenerator) -> Frame {
        let id = StreamID(rawValue: .random(in: 1...(random.chance(0.8) ? 6 : VarInt.max), using: &random))
        let limit = UInt64.random(in: 0...(random.chance(0.8) ? 1 << 20 : VarInt.max), using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return .credit(StreamCredit(id: random.chance(0.3) ? nil : id, limit: limit))
        case 1: return .reset(StreamReset(id: id, code: .random(in: 0...20, using: &random), size: limit))
        case 2: return .stop(StreamStop(id: id, code: .random(in: 0...20, using: &random)))
        case 3, 4: return .acknowledgedRanges(acknowledgedRanges(using: &random))
        default:
            let bytes = random.bytes(.random(in: 0...64, using: &random))
            return .stream(
                StreamChunk(
                    id: id, offset: min(limit, VarInt.max - 64), bytes: bytes, isLast: random.chance(0.2)))
        }
    }

    private static func acknowledgedRanges(using random: inout SeededGenerator) -> AcknowledgedRanges {
        var top = UInt64.random(in: 0...(random.chance(0.8) ? 40 : VarInt.max), using: &random)
        var ranges: [ClosedRange<UInt64>] = []
        for _ in 0..<Int.random(in: 1...Limits.acknowledgedRanges, using: &random) {
            let bottom = top - .random(in: 0...min(top, 8), using: &random)
            ranges.append(bottom...top)
            let gap = UInt64.random(in: 2...5, using: &random)
            guard bottom >= gap else { break }
            top = bottom - gap
        }
        return AcknowledgedRanges(delay: .random(in: 0...0xffff, using: &random), ranges: ranges)
    }

    private static func fragment(using random: inout SeededGenerator) -> MessageFragment {
        let number = UInt64.random(in: 1...(random.chance(0.8) ? 8 : VarInt.max), using: &random)
        let distance = UInt64.random(in: 1...min(number, random.chance(0.9) ? 1 : number), using: &random)
        let isWhole = random.chance(0.7)
        let total = Int.random(in: isWhole ? 0...64 : 1025...Limits.messageBytes, using: &random)
        let index = Int.random(in: 0..<MessageFragment.count(total: total), using: &random)
        let length = MessageFragment.range(index: index, total: total).count
        return MessageFragment(
            alias: UInt64.random(in: 0...2, using: &random), number: number, distance: distance, total: total,
            index: index, bytes: random.bytes(length))
    }
}

extension FuzzTarget {
    /// Handshake messages and what is sealed in them.
    static let handshakes: [FuzzTarget] = [
        codec(
            "hello", "M1", isExact: true,
            sample: { random in
                Hello(
                    clientID: ConnectionID(using: &random), sessionID: random.bytes(Hello.sessionIDBytes),
                    suites: .supported, share: random.bytes(Hello.shareBytes),
                    cookie: random.bytes(random.chance(0.5) ? 0 : Hello.cookieBytes))
            },
            parse: { (bytes) throws(WireError) in try Hello(parsing: bytes) }, emit: { $0.encoded() }),
        codec(
            "retry", "the answer to a hello that has to prove its address", isExact: true,
            sample: { random in
                let hello = Hello(
                    clientID: ConnectionID(using: &random), sessionID: random.bytes(Hello.sessionIDBytes),
                    suites: .supported, share: [], cookie: [])
                return Retry(to: hello, cookie: random.bytes(Hello.cookieBytes))
            },
            parse: { (bytes) throws(WireError) in try Retry(parsing: bytes) }, emit: { $0.encoded() }),
        codec(
            "server-hello", "M2", isExact: true,
            sample: { random in
                ServerHello(
                    clientID: ConnectionID(using: &random), serverID: ConnectionID(using: &random),
                    nonce: random.bytes(ServerHello.nonceBytes), suite: .chaCha20Poly1305,
                    serverKey: random.bytes(ServerHello.keyBytes), share: random.bytes(Hello.shareBytes),
                    signature: random.bytes(ServerHello.signatureBytes))
            },
            parse: { (bytes) throws(WireError) in try ServerHello(parsing: bytes) }, emit: { $0.encoded() }),
        confirmation("confirmation-finish", "the front of M3", type: .finish),
        confirmation("confirmation-verdict", "the front of M4", type: .verdict),
        codec(
            "login-payload", "what is sealed in M3",
            sample: { random in
                LoginPayload(
                    deviceKey: random.bytes(ServerHello.keyBytes), proof: random.bytes(ServerHello.signatureBytes),
                    application: random.bytes(.random(in: 0...Limits.loginPayloadBytes, using: &random)))
            },
            parse: { (bytes) throws(WireError) in try LoginPayload(parsing: bytes) }, emit: { $0.encoded() }),
        codec(
            "verdict-payload", "what is sealed in M4",
            sample: { random in
                VerdictPayload(
                    isAccepted: random.chance(0.5),
                    application: random.bytes(.random(in: 0...Limits.loginPayloadBytes, using: &random)),
                    resetToken: random.chance(0.5) ? random.bytes(StatelessReset.tokenBytes) : nil)
            },
            parse: { (bytes) throws(WireError) in try VerdictPayload(parsing: bytes) }, emit: { $0.encoded() }),
        codec(
            "reject", "the answer to a wrong password", isExact: true,
            sample: { random in
                Reject(
                    clientID: ConnectionID(using: &random), code: random.chance(0.5) ? .wrongPassword : .tryLater,
                    retryAfter: .random(in: 0...(.max), using: &random), finishDigest: random.bytes(Reject.digestBytes),
                    signature: random.bytes(ServerHello.signatureBytes))
            },
            parse: { (bytes) throws(WireError) in try Reject(parsing: bytes) }, emit: { $0.encoded() }),
    ]

    private static func confirmation(_ name: String, _ summary: String, type: PacketType) -> FuzzTarget {
        codec(
            name, summary,
            sample: { random in
                ConfirmationHeader(
                    type: type, destination: ConnectionID(using: &random), packetNumber: random.next(),
                    tag: random.bytes(ConfirmationHeader.tagBytes))
            },
            parse: { (bytes) throws(WireError) in try ConfirmationHeader(parsing: bytes, type: type) },
            emit: { $0.encoded() })
    }
}
