import Basics
import Testing
import Transport

struct HandshakeFormatTests {
    private static let hello = Hello(
        clientID: ConnectionID(rawValue: 0x0102_0304_0506_0708), sessionID: [UInt8](repeating: 9, count: 32),
        suites: .supported, share: [UInt8](repeating: 7, count: 32), cookie: [])
    private static let serverHello = ServerHello(
        clientID: ConnectionID(rawValue: 1), serverID: ConnectionID(rawValue: 2),
        nonce: [UInt8](repeating: 3, count: 32), suite: .chaCha20Poly1305, serverKey: [UInt8](repeating: 4, count: 32),
        share: [UInt8](repeating: 5, count: 32), signature: [UInt8](repeating: 6, count: 64))
    private static let reject = Reject(
        clientID: ConnectionID(rawValue: 1), code: .wrongPassword, retryAfter: 513,
        finishDigest: [UInt8](repeating: 2, count: 16), signature: [UInt8](repeating: 3, count: 64))
    private static let confirmation = ConfirmationHeader(
        type: .finish, destination: ConnectionID(rawValue: 77), packetNumber: 0, tag: [UInt8](repeating: 8, count: 32))
    private static let login = LoginPayload(
        deviceKey: [UInt8](repeating: 1, count: 32), proof: [UInt8](repeating: 2, count: 64), application: [1, 2, 3])

    @Test("messages have the sizes that the protocol states")
    func sizes() {
        #expect(Self.hello.encoded().count == 1200)
        #expect(Self.hello.associatedData.count == Hello.associatedBytes)
        #expect(Self.serverHello.encoded().count == 183)
        #expect(Self.reject.encoded().count == 92)
        #expect(Self.confirmation.encoded().count == ConfirmationHeader.bytes)
        #expect(VersionReply(clientID: ConnectionID(rawValue: 1), versions: [1]).encoded().count == 13)
    }

    @Test("the longest login and the longest answer fit a datagram")
    func longestPayloadsFit() {
        let application = [UInt8](repeating: 1, count: Limits.loginPayloadBytes)
        let login = LoginPayload(deviceKey: Self.login.deviceKey, proof: Self.login.proof, application: application)
        let verdict = VerdictPayload(
            isAccepted: true, application: application,
            resetToken: [UInt8](repeating: 1, count: StatelessReset.tokenBytes))
        #expect(ConfirmationHeader.bytes + login.encoded().count + 16 <= Limits.datagramBytes)
        #expect(ConfirmationHeader.bytes + verdict.encoded().count + 16 <= Limits.datagramBytes)
    }

    @Test("each message parses to what was emitted")
    func roundTrips() throws {
        var withCookie = Self.hello
        withCookie.cookie = [UInt8](repeating: 1, count: 32)
        #expect(try Hello(parsing: Self.hello.encoded().span) == Self.hello)
        #expect(try Hello(parsing: withCookie.encoded().span) == withCookie)
        #expect(try ServerHello(parsing: Self.serverHello.encoded().span) == Self.serverHello)
        for code in [Reject.Code.wrongPassword, .tryLater] {
            var reject = Self.reject
            reject.code = code
            #expect(try Reject(parsing: reject.encoded().span) == reject)
        }
        #expect(
            try ConfirmationHeader(parsing: Self.confirmation.encoded().span, type: .finish) == Self.confirmation)
        #expect(try LoginPayload(parsing: Self.login.encoded().span) == Self.login)
        for isAccepted in [false, true] {
            var verdict = VerdictPayload(isAccepted: isAccepted, application: [4, 5])
            #expect(try VerdictPayload(parsing: verdict.encoded().span) == verdict)
            verdict.resetToken = [UInt8](repeating: 7, count: StatelessReset.tokenBytes)
            #expect(try VerdictPayload(parsing: verdict.encoded().span) == verdict)
        }
    }

    @Test("2: no truncation of a message parses")
    func truncationsThrow() {
        for prefix in truncations(of: Self.hello.encoded()) {
            #expect(throws: WireError.self) { _ = try Hello(parsing: prefix.span) }
        }
        for prefix in truncations(of: Self.serverHello.encoded()) {
            #expect(throws: WireError.self) { _ = try ServerHello(parsing: prefix.span) }
        }
        for prefix in truncations(of: Self.reject.encoded()) {
            #expect(throws: WireError.self) { _ = try Reject(parsing: prefix.span) }
        }
        for prefix in truncations(of: Self.confirmation.encoded()) {
            #expect(throws: WireError.self) { _ = try ConfirmationHeader(parsing: prefix.span, type: .finish) }
        }
        for prefix in truncations(of: Self.login.encoded()) {
            #expect(throws: WireError.self) { _ = try LoginPayload(parsing: prefix.span) }
        }
        for prefix in truncations(of: VerdictPayload(isAccepted: true, application: [4, 5]).encoded()) {
            #expect(throws: WireError.self) { _ = try VerdictPayload(parsing: prefix.span) }
        }
    }

    @Test("4: trailing bytes do not parse")
    func trailingBytesThrow() {
        let serverHello = Self.serverHello.encoded() + [0]
        let reject = Self.reject.encoded() + [0]
        let login = Self.login.encoded() + [0]
        let verdict = VerdictPayload(isAccepted: true, application: []).encoded() + [0]
        #expect(throws: WireError.self) { _ = try ServerHello(parsing: serverHello.span) }
        #expect(throws: WireError.self) { _ = try Reject(parsing: reject.span) }
        #expect(throws: WireError.self) { _ = try LoginPayload(parsing: login.span) }
        #expect(throws: WireError.self) { _ = try VerdictPayload(parsing: verdict.span) }
    }

    @Test("no other value of a type, version, flag or length field of M1 parses", arguments: [0, 1, 2, 3, 4, 46])
    func helloFieldsAreStrict(index: Int) {
        for mask in 1...255 as ClosedRange<UInt8> {
            let bytes = changed(Self.hello.encoded(), at: index, by: mask)
            #expect(throws: WireError.self) { _ = try Hello(parsing: bytes.span) }
        }
    }

    @Test("a cookie has 0 or 32 bytes, nothing else")
    func cookieLengthIsStrict() {
        for length in 1...255 where length != 32 {
            var bytes = Self.hello.encoded()
            bytes[79] = UInt8(length)
            #expect(throws: WireError.self) { _ = try Hello(parsing: bytes.span) }
        }
    }

    @Test("the padding of M1 is zero to the last byte")
    func paddingIsZero() {
        let bytes = Self.hello.encoded()
        for index in 80..<Limits.helloBytes {
            let padded = changed(bytes, at: index, by: UInt8(truncatingIfNeeded: index % 255 + 1))
            #expect(throws: WireError.self) { _ = try Hello(parsing: padded.span) }
        }
    }

    @Test("1: M1 of 1,199 or 1,201 bytes does not parse")
    func helloLengthIsExact() {
        let short = Array(Self.hello.encoded().dropLast())
        let long = Self.hello.encoded() + [0]
        #expect(throws: WireError.self) { _ = try Hello(parsing: short.span) }
        #expect(throws: WireError.self) { _ = try Hello(parsing: long.span) }
    }

    @Test("no other value of a type, version or flag field of M2 parses", arguments: [0, 1, 2, 3, 4, 54])
    func serverHelloFieldsAreStrict(index: Int) {
        for mask in 1...255 as ClosedRange<UInt8> {
            let bytes = changed(Self.serverHello.encoded(), at: index, by: mask)
            #expect(throws: WireError.self) { _ = try ServerHello(parsing: bytes.span) }
        }
    }

    @Test("no other value of the type or code of REJECT, or of the type of M3, parses")
    func rejectAndFinishFieldsAreStrict() {
        for mask in 1...255 as ClosedRange<UInt8> {
            // 3 makes code 2 of code 1, which is the other one.
            for index in [0, 9] where index == 0 || mask != 3 {
                let bytes = changed(Self.reject.encoded(), at: index, by: mask)
                #expect(throws: WireError.self) { _ = try Reject(parsing: bytes.span) }
            }
            let bytes = changed(Self.confirmation.encoded(), at: 0, by: mask)
            #expect(throws: WireError.self) { _ = try ConfirmationHeader(parsing: bytes.span, type: .finish) }
        }
    }

    @Test("a login or an answer beyond the payload limit does not parse")
    func payloadLimitHolds() {
        let long = [UInt8](repeating: 0, count: Limits.loginPayloadBytes + 1)
        let login = LoginPayload(deviceKey: Self.login.deviceKey, proof: Self.login.proof, application: long).encoded()
        let verdict = VerdictPayload(isAccepted: true, application: long).encoded()
        #expect(throws: WireError.tooLong(field: "login", limit: Limits.loginPayloadBytes)) {
            _ = try LoginPayload(parsing: login.span)
        }
        #expect(throws: WireError.tooLong(field: "verdict", limit: Limits.loginPayloadBytes)) {
            _ = try VerdictPayload(parsing: verdict.span)
        }
    }

    @Test("3: random bytes of any length parse or throw, and never trap")
    func survivesRandomBytes() {
        let types: [UInt8] = [0xc1, 0xc3, 0xc4, 0xc5, 0xc6]
        var random = SeededGenerator(seed: 3)
        for _ in 0..<3000 {
            var bytes = random.bytes(Int.random(in: 1...1250, using: &random))
            bytes[0] = types.randomElement(using: &random) ?? 0
            _ = try? Hello(parsing: bytes.span)
            _ = try? ServerHello(parsing: bytes.span)
            _ = try? ConfirmationHeader(parsing: bytes.span, type: .finish)
            _ = try? Reject(parsing: bytes.span)
            _ = try? LoginPayload(parsing: bytes.span)
            _ = try? VerdictPayload(parsing: bytes.span)
            _ = Hello.foreignVersion(of: bytes.span)
        }
    }

    @Test("every first byte of ours has its top bit set, and no two messages share one")
    func firstBytesAreOurs() {
        let types: [PacketType] = [.hello, .retry, .serverHello, .finish, .verdict, .reject, .versions, .data]
        #expect(types.allSatisfy { $0.rawValue & 0x80 != 0 })
        #expect(Set(types.map(\.rawValue)).count == types.count)
    }
}
