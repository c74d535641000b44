package import Basics
import ChatProtocol
package import Crypto
import Transport

/// Knocking at a server's door without coming in: the handshake of a client, up to what the server says to a login that
/// names nobody. That tells whether the server is there, whether the password is right, and what time it is at the
/// server. Nobody in the room hears of it.
///
///     greeting --M2--> finishing (where there is a password) --M4 or REJECT--> done
///
/// Bytes and time in, bytes and the answer out; who owns it sends what `pollTransmit` gives.
package struct Knock: Sendable {
    /// What a server said to the password.
    package enum Verdict: Hashable, Sendable {
        /// It is right; the server's clock, where the server tells it.
        case welcome(clock: WallTime?)
        case wrongPassword
        /// Too many wrong ones came from here: it was not looked at.
        case muted(Duration)
        /// The server's key is not the known one; nothing was told to it.
        case keyChanged
    }

    private var initiator: Initiator
    private let hasPassword: Bool
    private var sentAt: Instant?

    /// Whether the server has said anything that only a server says.
    package private(set) var isAnswered = false
    /// The key that the server showed.
    package private(set) var serverKey: [UInt8]?
    /// How long the first answer took.
    package private(set) var roundTrip: Duration?

    /// - Parameters:
    ///   - password: nil where it is not known; nothing that could count as a guess is said then.
    ///   - pinnedServerKey: the key that this server is known by; nil where it is not known yet.
    ///   - invitedKey: what an invitation says of the server's key; nil where there was none.
    /// - Returns: nil when the random numbers gave no usable share, which does not happen in practice.
    package init?(
        password: RoomPassword?, pinnedServerKey: [UInt8]? = nil, invitedKey: KeyFingerprint? = nil, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) {
        hasPassword = password != nil
        var noBytes: [UInt8] = Array("-".utf8)
        let request = LoginRequest(name: "", incarnation: random.next(), history: 0)
        let credentials = ClientCredentials(
            password: password ?? RoomPassword(prepared: SecretBytes(moving: &noBytes)),
            device: SigningKey(using: &random), pinnedServerKey: pinnedServerKey, invitedKey: invitedKey,
            login: request.encoded())
        do throws(CPaceError) {
            initiator = try Initiator(credentials: credentials, at: now, using: &random)
        } catch {
            return nil
        }
    }

    /// Whether everything was said that is asked.
    package var isDone: Bool { initiator.outcome != nil || (!hasPassword && serverKey != nil) }

    /// When `pollTransmit` has something to say again; nil when it never has.
    package var deadline: Instant? { isDone ? nil : initiator.deadline }

    /// The datagram that is due, if one is.
    package mutating func pollTransmit(at now: Instant) -> [UInt8]? {
        guard !isDone else { return nil }
        initiator.handleTimeout(at: now)
        guard let datagram = initiator.pollTransmit(at: now) else { return nil }
        if sentAt == nil { sentAt = now }
        return datagram
    }

    /// Takes a datagram from the server's address.
    package mutating func receive(_ datagram: [UInt8], at now: Instant) {
        switch PacketType(firstByteOf: datagram.span) {
        case .serverHello:
            guard let hello = try? ServerHello(parsing: datagram.span) else { return }
            noteAnswer(at: now)
            serverKey = hello.serverKey
        case .retry, .verdict, .reject: noteAnswer(at: now)
        case .hello, .finish, .versions, .resume, .resumeAnswer, .ticketRefusal, .data, nil: return
        }
        initiator.receive(datagram.span, at: now)
    }

    private mutating func noteAnswer(at now: Instant) {
        isAnswered = true
        if roundTrip == nil, let sentAt { roundTrip = now - sentAt }
    }

    /// What the server said to the password; nil where it said nothing.
    package var verdict: Verdict? {
        switch initiator.outcome {
        case .accepted: .welcome(clock: nil)
        case .refused(let payload, _): .welcome(clock: Self.clock(in: payload))
        case .rejected(.wrongPassword, _): .wrongPassword
        case .rejected(_, let wait): .muted(wait)
        case .serverKeyChanged: .keyChanged
        case .silent, nil: nil
        }
    }

    private static func clock(in payload: [UInt8]) -> WallTime? {
        guard let refusal = try? Refusal(decoding: payload.span),
            let sentence = ServerSentence(wireText: refusal.text), sentence.word == .serverTime,
            let milliseconds = sentence.facts.first.flatMap({ Int64($0) })
        else { return nil }
        return WallTime(milliseconds: milliseconds)
    }

    // MARK: A short question

    /// The length of a short question: much below what every path carries.
    private static let shortBytes = 64

    /// A datagram of 64 bytes that a server answers with a reset: data of a connection that does not exist. What comes
    /// back tells that short datagrams go both ways, where the long ones of a handshake do not.
    package static func shortQuestion(using random: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = (0..<shortBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes[0] = PacketType.data.rawValue
        return bytes
    }

    /// Whether a datagram answers a short question.
    package static func answersShortQuestion(_ datagram: [UInt8]) -> Bool {
        PacketType(firstByteOf: datagram.span) == .data && datagram.count < shortBytes
    }

    /// The longest datagrams of a handshake.
    package static let longestBytes = Limits.datagramBytes
}
