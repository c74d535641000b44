import Basics
import ChatProtocol
import ClientCore
import Crypto
import ServerCore
import TextSafety
import Transport

/// A server, an honest member whose network an attacker controls, a member who is hostile, and strangers.
struct ServerWorld: Sendable {
    static let memberAddress = SocketAddress(host: .v4(0xc000_0201), port: 4000)
    static let insiderAddress = SocketAddress(host: .v4(0xc000_0202), port: 4000)

    private static let memberName = "ana"
    /// The most datagrams that one input may bring about.
    private static let datagramLimit = 2048
    /// Datagrams that are kept for being repeated and spliced, in each direction.
    private static let recordLimit = 32

    var server: ServerCore
    var member: ClientCore
    var insider: Insider?
    var now = Instant(nanoseconds: 1_000_000_000)
    var random = SeededGenerator(seed: 7)

    /// What the member sent and the attacker holds, and what the server sent to the member.
    var toServer: [[UInt8]] = []
    var toMember: [[UInt8]] = []
    /// What went by, for repeating it.
    var recorded: [[UInt8]] = []

    private var heard: [SocketAddress: Int] = [:]
    private(set) var answered: [SocketAddress: (count: Int, bytes: Int)] = [:]
    private var unsent = 0
    /// When the honest member was last present; its name is kept for a while after that.
    private var lastPresent: Instant?
    /// Whether the hostile member goes by the honest one's name, which was nobody's: the honest one can't have it.
    private(set) var isNameGone = false

    private var wall: WallTime { WallTime(milliseconds: now.nanoseconds / 1_000_000) }

    /// A server and a member that has just begun to connect.
    init() throws(NameError) {
        let password = RoomPassword(prepared: SecretBytes(copying: Array("open sesame".utf8).span))
        server = try ServerCore(
            configuration: ServerCoreConfiguration(server: "fuzz", memberLimit: 4, suites: .chaCha20Poly1305),
            identity: SigningKey(using: &random), password: password, epoch: LogEpoch(rawValue: 9),
            tickets: TicketKeys(keys: [], wall: WallTime(milliseconds: 0), at: now, using: &random), at: now,
            wall: WallTime(milliseconds: now.nanoseconds / 1_000_000))
        member = ClientCore(
            configuration: ClientCoreConfiguration(
                name: Self.memberName, history: 10, reconnect: .seconds(1_000_000), pinnedServerKey: nil,
                suites: .chaCha20Poly1305),
            identity: ClientIdentity(device: SigningKey(using: &random), password: password, incarnation: 1),
            at: now, using: &random)
    }

    // MARK: Input

    /// The server hears a datagram.
    mutating func hear(_ datagram: [UInt8], from address: SocketAddress) throws(FuzzFault) {
        heard[address, default: 0] += datagram.count
        record(datagram)
        server.receive(datagram.span, from: address, at: now, wall: wall, using: &random)
        try watchName()
        try drainServer()
    }

    /// The honest member's name may be taken while it is nobody's, and only then.
    private mutating func watchName() throws(FuzzFault) {
        let isKept = lastPresent.map { now < $0 + ChatLimits.reservation } ?? false
        for member in server.members where (try? NameRule.prepare(member.name))?.key == Self.memberName {
            if member.address.host == Self.insiderAddress.host {
                guard !isKept || isNameGone else { throw FuzzFault("the hostile member took the honest one's name") }
                isNameGone = true
            } else {
                lastPresent = now
            }
        }
    }

    /// The server hears a datagram of somebody who has no keys.
    ///
    /// What is no hello, no confirmation and no data gets no answer; and nobody gets more bytes than they spent.
    mutating func hearStranger(_ datagram: [UInt8], from address: SocketAddress) throws(FuzzFault) {
        let before = answered[address]?.count ?? 0
        let mayAnswer =
            (try? Hello(parsing: datagram.span)) != nil || Hello.foreignVersion(of: datagram.span) != nil
            || (try? ResumeHello(parsing: datagram.span)) != nil
            || [.finish, .data].contains(PacketType(firstByteOf: datagram.span))
        try hear(datagram, from: address)
        let (count, bytes) = answered[address] ?? (0, 0)
        guard mayAnswer || count == before else { throw FuzzFault("the server answered garbage: \(datagram)") }
        guard bytes <= heard[address] ?? 0 else {
            throw FuzzFault("a stranger sent \(heard[address] ?? 0) bytes and got \(bytes)")
        }
    }

    /// The member hears a datagram from the server's address.
    mutating func tell(_ datagram: [UInt8]) throws(FuzzFault) {
        record(datagram)
        member.receive(datagram.span, at: now, using: &random)
        try drainMember()
    }

    /// The member hears what nobody with keys made: nothing may come of it.
    mutating func tellGarbage(_ datagram: [UInt8]) throws(FuzzFault) {
        // What is due anyway is done first.
        try pass(.zero)
        let (phase, queued) = (member.status.phase, toServer.count)
        member.receive(datagram.span, at: now, using: &random)
        try drainMember()
        guard member.status.phase == phase, toServer.count == queued else {
            throw FuzzFault("garbage moved the client: \(datagram)")
        }
    }

    mutating func type(_ line: String) throws(FuzzFault) {
        guard member.canAccept else { return }
        // With a letter in front the line is no command.
        member.enter("x" + line, at: now)
        unsent += 1
        try drainMember()
    }

    mutating func sayAsOperator(_ line: String) throws(FuzzFault) {
        _ = server.say(line, at: now, wall: wall)
        try drainServer()
    }

    /// Lets time pass at once: whoever had deadlines meanwhile acts late.
    mutating func pass(_ time: Duration) throws(FuzzFault) {
        now = now + time
        for _ in 0..<8 {
            let isServerDue = server.nextDeadline.map { $0 <= now } ?? false
            let isMemberDue = member.nextDeadline.map { $0 <= now } ?? false
            guard isServerDue || isMemberDue else { return }
            if isServerDue { server.handleTimeouts(at: now, wall: wall) }
            try drainServer()
            if isMemberDue { member.handleTimeouts(at: now, using: &random) }
            try drainMember()
        }
        throw FuzzFault("a deadline stays in the past: the loop would spin")
    }

    // MARK: Output

    private mutating func drainServer() throws(FuzzFault) {
        var datagram: [UInt8] = []
        var count = 0
        while let address = server.pollTransmit(into: &datagram, at: now) {
            count += 1
            guard count <= Self.datagramLimit else { throw FuzzFault("one input made the server send without end") }
            guard (1...Limits.longestDatagramBytes).contains(datagram.count) else {
                throw FuzzFault("the server sends \(datagram.count) bytes in a datagram")
            }
            if address == Self.memberAddress {
                // What is beyond the bound is lost, as it would be on a full link.
                if toMember.count < Self.recordLimit { toMember.append(datagram) }
            } else {
                let (count, bytes) = answered[address] ?? (0, 0)
                answered[address] = (count + 1, bytes + datagram.count)
                record(datagram)
            }
        }
        while server.pollEvent() != nil {}
        guard server.members.count <= 4 else { throw FuzzFault("\(server.members.count) members in a room for 4") }
    }

    private mutating func drainMember() throws(FuzzFault) {
        var datagram: [UInt8] = []
        var count = 0
        while member.pollTransmit(into: &datagram, at: now) {
            count += 1
            guard count <= Self.datagramLimit else { throw FuzzFault("one input made the client send without end") }
            if toServer.count < Self.recordLimit { toServer.append(datagram) }
        }
        while member.pollEvent() != nil {}
        guard member.status.unsent <= unsent else { throw FuzzFault("a line that was confirmed waits again") }
        unsent = member.status.unsent
        if let finish = member.finish, !isNameGone { throw FuzzFault("the honest member was ended: \(finish)") }
    }

    private mutating func record(_ datagram: [UInt8]) {
        recorded.append(datagram)
        if recorded.count > Self.recordLimit { recorded.removeFirst() }
    }

    // MARK: Honest play

    /// Delivers everything that is under way, both ways.
    mutating func deliverAll() throws(FuzzFault) {
        for _ in 0..<64 where !toServer.isEmpty || !toMember.isEmpty {
            let (up, down) = (toServer, toMember)
            toServer = []
            toMember = []
            for datagram in up { try hear(datagram, from: Self.memberAddress) }
            for datagram in down { try tell(datagram) }
        }
    }

    /// The attacker lets go: within two minutes the member must be in and all its lines confirmed.
    mutating func settle() throws(FuzzFault) {
        try type("the last line")
        let end = now + .seconds(120)
        while now < end {
            try deliverAll()
            if isNameGone || unsent == 0 && member.status.phase == .online { return }
            let next = [server.nextDeadline, member.nextDeadline].compactMap { $0 }.min()
            try pass(max(.milliseconds(1), (next ?? end) - now))
        }
        throw FuzzFault("the honest member is locked out: \(member.status)")
    }

    /// Lets a hostile member in.
    mutating func admitInsider() throws(FuzzFault) {
        let login = LoginRequest(name: "mallory", incarnation: 2, history: 0)
        let credentials = ClientCredentials(
            password: RoomPassword(prepared: SecretBytes(copying: Array("open sesame".utf8).span)),
            device: SigningKey(using: &random), pinnedServerKey: nil, login: login.encoded())
        let initiator = try? Initiator(
            credentials: credentials, suites: .chaCha20Poly1305, at: now, using: &random)
        guard var initiator else {
            throw FuzzFault("no handshake can be begun")
        }
        for _ in 0..<2 {
            guard let message = initiator.pollTransmit(at: now) else { throw FuzzFault("the handshake has no message") }
            server.receive(message.span, from: Self.insiderAddress, at: now, wall: wall, using: &random)
            var datagram: [UInt8] = []
            while let address = server.pollTransmit(into: &datagram, at: now) {
                if address == Self.memberAddress { toMember.append(datagram) }
                if address == Self.insiderAddress { initiator.receive(datagram.span, at: now) }
            }
        }
        while server.pollEvent() != nil {}
        guard case .accepted(let keys, _, _, _) = initiator.outcome else {
            throw FuzzFault("the insider was not let in")
        }
        insider = Insider(keys: keys, role: .client)
    }
}
