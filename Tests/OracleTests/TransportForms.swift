import Basics

@testable import Transport

/// What our decoders make of datagrams and frames, in the canonical form.
enum TransportForms {
    typealias Decoder = @Sendable (Span<UInt8>) throws(WireError) -> Canonical

    static let decoders: [String: Decoder] = [
        "hello": { (bytes) throws(WireError) in
            let value = try Hello(parsing: bytes)
            return .object([
                "client": .identifier(value.clientID.rawValue), "sid": .bytes(value.sessionID),
                "aeads": .number(value.suites.rawValue), "share": .bytes(value.share), "cookie": .bytes(value.cookie),
            ])
        },
        "retry": { (bytes) throws(WireError) in
            let value = try Retry(parsing: bytes)
            return .object([
                "client": .identifier(value.clientID.rawValue), "sid": .bytes(value.sessionPrefix),
                "cookie": .bytes(value.cookie),
            ])
        },
        "server-hello": { (bytes) throws(WireError) in
            let value = try ServerHello(parsing: bytes)
            return .object([
                "client": .identifier(value.clientID.rawValue), "server": .identifier(value.serverID.rawValue),
                "nonce": .bytes(value.nonce), "aead": .number(value.suite.rawValue), "key": .bytes(value.serverKey),
                "share": .bytes(value.share), "signature": .bytes(value.signature),
            ])
        },
        "confirmation-finish": { (bytes) throws(WireError) in
            confirmation(try ConfirmationHeader(parsing: bytes, type: .finish))
        },
        "confirmation-verdict": { (bytes) throws(WireError) in
            confirmation(try ConfirmationHeader(parsing: bytes, type: .verdict))
        },
        "login-payload": { (bytes) throws(WireError) in
            let value = try LoginPayload(parsing: bytes)
            return .object([
                "device": .bytes(value.deviceKey), "proof": .bytes(value.proof),
                "application": .bytes(value.application),
            ])
        },
        "verdict-payload": { (bytes) throws(WireError) in
            let value = try VerdictPayload(parsing: bytes)
            return .object([
                "accepted": .flag(value.isAccepted), "application": .bytes(value.application),
                "resetToken": value.resetToken.map(Canonical.bytes) ?? .null,
                "ticket": value.ticket.map(Canonical.bytes) ?? .null,
            ])
        },
        "resume-hello": { (bytes) throws(WireError) in
            let value = try ResumeHello(parsing: bytes)
            return .object([
                "client": .identifier(value.hello.clientID.rawValue), "sid": .bytes(value.hello.sessionID),
                "aeads": .number(value.hello.suites.rawValue), "share": .bytes(value.hello.share),
                "cookie": .bytes(value.hello.cookie), "ticket": .bytes(value.ticket), "sealed": .bytes(value.sealed),
            ])
        },
        "resume-answer": { (bytes) throws(WireError) in
            let value = try ResumeAnswer(parsing: bytes)
            return .object([
                "client": .identifier(value.clientID.rawValue), "server": .identifier(value.serverID.rawValue),
                "aead": .number(value.suite.rawValue), "share": .bytes(value.share),
            ])
        },
        "resume-payload": { (bytes) throws(WireError) in
            .object(["application": .bytes(try ResumePayload(parsing: bytes).application)])
        },
        "ticket-refusal": { (bytes) throws(WireError) in
            let value = try TicketRefusal(parsing: bytes)
            return .object([
                "client": .identifier(value.clientID.rawValue), "hello": .bytes(value.helloDigest),
                "signature": .bytes(value.signature),
            ])
        },
        "reject": { (bytes) throws(WireError) in
            let value = try Reject(parsing: bytes)
            return .object([
                "client": .identifier(value.clientID.rawValue), "code": .number(value.code.rawValue),
                "retryAfter": .number(value.retryAfter), "finish": .bytes(value.finishDigest),
                "signature": .bytes(value.signature),
            ])
        },
        "data-header-to-server": { (bytes) throws(WireError) in
            header(try DataHeader(parsing: bytes, hasDestination: true))
        },
        "data-header-to-client": { (bytes) throws(WireError) in
            header(try DataHeader(parsing: bytes, hasDestination: false))
        },
        "stateless-reset": { (bytes) throws(WireError) in
            _ = try DataHeader(parsing: bytes, hasDestination: false)
            let token = Array([UInt8](copying: bytes).suffix(StatelessReset.tokenBytes))
            guard StatelessReset.matches(bytes, token: token) else { throw .invalid(field: "reset") }
            return .object(["token": .bytes(token)])
        },
        "packet-number": { (bytes) throws(WireError) in
            var input = bytes
            let truncated = try input.take(UInt32.self)
            let number = PacketNumber.decode(truncated, expected: try input.take(UInt64.self))
            try input.expectEnd()
            return .object(["number": .number(number)])
        },
        "frame": { (bytes) throws(WireError) in
            var input = bytes
            var frames: [Canonical] = []
            while let value = try Frame.take(from: &input) { frames.append(.object(frame(value))) }
            return .list(frames)
        },
    ]

    private static func confirmation(_ value: ConfirmationHeader) -> Canonical {
        .object([
            "destination": .identifier(value.destination.rawValue), "number": .number(value.packetNumber),
            "tag": .bytes(value.tag),
        ])
    }

    private static func header(_ value: DataHeader) -> Canonical {
        .object([
            "phase": .unsigned(value.keyPhase ? 1 : 0),
            "destination": value.destination.map { .identifier($0.rawValue) } ?? .null,
            "number": .number(value.truncatedNumber),
        ])
    }

    private static func frame(_ frame: Frame) -> [String: Canonical] {
        switch frame {
        case .ping: ["frame": .text("ping")]
        case .acknowledgement(let value):
            [
                "frame": .text("ack"), "largest": .number(value.largest), "delay": .number(value.delay),
                "bitmap": .number(value.bitmap),
            ]
        case .message(let value): message(value)
        case .taken(let alias, let number):
            ["frame": .text("taken"), "alias": .number(alias), "number": .number(number)]
        case .close(let reason):
            ["frame": .text("close"), "code": .number(reason.code), "text": .text(reason.text)]
        case .pathChallenge(let value): ["frame": .text("pathChallenge"), "data": .identifier(value)]
        case .pathResponse(let value): ["frame": .text("pathResponse"), "data": .identifier(value)]
        case .newConnectionID(let value):
            [
                "frame": .text("newConnectionID"), "sequence": .number(value.sequence),
                "server": .identifier(value.id.rawValue), "token": value.resetToken.map(Canonical.bytes) ?? .null,
            ]
        case .acknowledgementPolicy(let value):
            [
                "frame": .text("acknowledgementPolicy"), "sequence": .number(value.sequence),
                "packets": .number(UInt64(value.packets)),
                "delay": .number(UInt64(value.delay.wholeNanoseconds / 32_000)),
            ]
        case .congestionMarks(let value):
            [
                "frame": .text("congestionMarks"), "marked": .number(value.marked),
                "congested": .number(value.congested),
            ]
        case .acknowledgedRanges(let value):
            [
                "frame": .text("ackRanges"), "delay": .number(value.delay),
                "ranges": .list(value.ranges.map { .list([.number($0.lowerBound), .number($0.upperBound)]) }),
            ]
        case .stream(let value):
            [
                "frame": .text("stream"), "stream": .number(value.id.rawValue), "offset": .number(value.offset),
                "bytes": .bytes(value.bytes), "last": .flag(value.isLast),
            ]
        case .credit(let value):
            [
                "frame": .text("credit"), "stream": .number(value.id?.rawValue ?? 0), "limit": .number(value.limit),
            ]
        case .reset(let value):
            [
                "frame": .text("reset"), "stream": .number(value.id.rawValue), "code": .number(value.code),
                "size": .number(value.size),
            ]
        case .stop(let value):
            ["frame": .text("stop"), "stream": .number(value.id.rawValue), "code": .number(value.code)]
        }
    }

    private static func message(_ value: MessageFragment) -> [String: Canonical] {
        var fields: [String: Canonical] = [
            "alias": .number(value.alias), "number": .number(value.number), "distance": .number(value.distance),
            "bytes": .bytes(value.bytes), "frame": .text("message"),
        ]
        guard value.total > Limits.fragmentBytes else { return fields }
        fields["frame"] = .text("fragment")
        fields["total"] = .number(UInt64(value.total))
        fields["index"] = .number(UInt64(value.index))
        return fields
    }
}
