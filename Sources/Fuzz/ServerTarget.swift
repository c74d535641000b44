import Basics
import ChatProtocol
import Crypto
import Transport

/// What a script can do to a server and its members.
enum ServerStep: CaseIterable {
    case deliverUp, deliverDown, deliverAll
    case dropUp, dropDown, repeatRecorded, laterUp, laterDown
    case damageUp, damageDown, damageRecorded, splice, truncate, elsewhere
    case strangerBytes, strangerHello, memberBytes, time, line, operatorLine
    case insiderFrames, insiderRequest, insiderControl, insiderRepeat
}

extension FuzzTarget {
    /// The whole server between an attacker on the path, a hostile member and strangers.
    ///
    /// The script's first byte says whether the member's handshake is still to come. Afterwards the attacker lets go,
    /// and the honest member must get through.
    static let server = FuzzTarget(
        "server", "a whole server: damaged, repeated and forged datagrams, hostile members, strangers", weight: 8,
        limit: 4096, sample: { serverScript(using: &$0) }
    ) { (input) throws(FuzzFault) -> Bool in
        var script = Script(input)
        guard case .success(var world) = script.byte() % 4 == 0 ? freshServer : busyServer else {
            throw FuzzFault("the world can't be made")
        }
        for _ in 0..<Script.stepLimit {
            guard let step = script.step(ServerStep.self) else { break }
            try world.play(step, &script)
        }
        try world.settle()
        return true
    }

    private static let freshServer = Result { () throws -> ServerWorld in
        var world = try ServerWorld()
        try world.pass(.zero)
        try world.admitInsider()
        return world
    }

    private static let busyServer = Result { () throws -> ServerWorld in
        var world = try ServerWorld()
        try world.pass(.zero)
        try world.type("hello")
        try world.deliverAll()
        try world.admitInsider()
        try world.deliverAll()
        return world
    }

    private static func serverScript(using random: inout SeededGenerator) -> [UInt8] {
        var script = ScriptWriter<ServerStep>(stage: UInt8.random(in: 0...3, using: &random))
        for _ in 0..<Int.random(in: 2...40, using: &random) {
            let (a, b, c) = (
                UInt8.random(in: 0...255, using: &random), UInt8.random(in: 0...3, using: &random),
                UInt8.random(in: 1...255, using: &random)
            )
            let step = ServerStep.allCases.randomElement(using: &random) ?? .deliverAll
            switch step {
            case .strangerBytes, .memberBytes: script.add(step, data: strangerBytes(using: &random))
            case .line, .operatorLine:
                script.add(step, data: Array(SampleText.line(limit: 300, using: &random).utf8))
            case .insiderFrames: script.add(step, data: frameBytes(using: &random))
            case .insiderRequest, .insiderControl: script.add(step, data: request(using: &random).encoded())
            case .deliverUp, .deliverDown, .deliverAll, .dropUp, .dropDown, .repeatRecorded, .laterUp, .laterDown,
                .damageUp, .damageDown, .damageRecorded, .splice, .truncate, .elsewhere, .strangerHello, .time,
                .insiderRepeat:
                script.add(step, a, b, c)
            }
        }
        return script.bytes
    }

    static func frameBytes(using random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        repeat { frame(using: &random).emit(into: &bytes) } while random.chance(0.4) && bytes.count < 1000
        if random.chance(0.3) {
            Mutator(limit: 1171).mutate(&bytes, with: { $0.bytes(8) }, using: &random)
        }
        return bytes
    }

    private static func strangerBytes(using random: inout SeededGenerator) -> [UInt8] {
        guard let target = (handshakes + resumes + packets).randomElement(using: &random) else { return [] }
        var bytes = target.sample(using: &random)
        if random.chance(0.5) { Mutator(limit: 1500).mutate(&bytes, with: { $0.bytes(8) }, using: &random) }
        return bytes
    }
}

extension ServerWorld {
    mutating func play(_ step: ServerStep, _ script: inout Script) throws(FuzzFault) {
        switch step {
        case .deliverUp: if let datagram = takeUp(&script) { try hear(datagram, from: Self.memberAddress) }
        case .deliverDown: if let datagram = takeDown(&script) { try tell(datagram) }
        case .deliverAll: try deliverAll()
        case .dropUp: _ = takeUp(&script)
        case .dropDown: _ = takeDown(&script)
        case .laterUp: if let datagram = takeUp(&script) { toServer.append(datagram) }
        case .laterDown: if let datagram = takeDown(&script) { toMember.append(datagram) }
        case .damageUp:
            if let datagram = takeUp(&script) { try hear(damaged(datagram, &script), from: Self.memberAddress) }
        case .damageDown: if let datagram = takeDown(&script) { try tell(damaged(datagram, &script)) }
        case .repeatRecorded, .damageRecorded, .splice, .truncate, .elsewhere: try playRecorded(step, &script)
        case .strangerBytes: try hearStranger(script.bytes(), from: stranger(&script))
        case .strangerHello: try strangerHello(&script)
        case .memberBytes: try tellGarbage(script.bytes())
        case .time: try pass(script.duration())
        case .line: try type(String(decoding: script.bytes().prefix(1000), as: UTF8.self))
        case .operatorLine: try sayAsOperator(String(decoding: script.bytes().prefix(1000), as: UTF8.self))
        case .insiderFrames, .insiderRequest, .insiderControl, .insiderRepeat: try playInsider(step, &script)
        }
    }

    private mutating func takeUp(_ script: inout Script) -> [UInt8]? {
        let index = script.index(below: toServer.count)
        return toServer.isEmpty ? nil : toServer.remove(at: index)
    }

    private mutating func takeDown(_ script: inout Script) -> [UInt8]? {
        let index = script.index(below: toMember.count)
        return toMember.isEmpty ? nil : toMember.remove(at: index)
    }

    private func damaged(_ datagram: [UInt8], _ script: inout Script) -> [UInt8] {
        Damage.flipped(datagram, place: script.byte(), far: script.byte(), bits: script.byte())
    }

    private func stranger(_ script: inout Script) -> SocketAddress {
        SocketAddress(host: .v4(0xcb00_7100 | UInt32(script.byte() % 4)), port: 9)
    }

    /// What went by comes again, whole or not, from the member's address or from elsewhere.
    private mutating func playRecorded(_ step: ServerStep, _ script: inout Script) throws(FuzzFault) {
        guard !recorded.isEmpty else { return }
        let datagram = recorded[script.index(below: recorded.count)]
        let other = recorded[script.index(below: recorded.count)]
        let again: [UInt8] =
            switch step {
            case .damageRecorded: damaged(datagram, &script)
            case .splice: Damage.spliced(datagram, other, at: script.byte())
            case .truncate: Array(datagram.prefix(Int(script.byte())))
            default: datagram
            }
        switch script.byte() % 3 {
        case 0: try tell(again)
        case 1 where step != .elsewhere: try hear(again, from: Self.memberAddress)
        default: try hearStranger(again, from: stranger(&script))
        }
    }

    /// A stranger who speaks the protocol and does not know the password.
    private mutating func strangerHello(_ script: inout Script) throws(FuzzFault) {
        let guess = RoomPassword(prepared: SecretBytes(copying: [script.byte()].span))
        let credentials = ClientCredentials(
            password: guess, device: SigningKey(using: &random), pinnedServerKey: nil, login: [])
        guard
            var initiator = try? Initiator(
                credentials: credentials, suites: .chaCha20Poly1305, at: now, using: &random),
            let hello = initiator.pollTransmit(at: now)
        else { return }
        try hearStranger(hello, from: stranger(&script))
    }

    private mutating func playInsider(_ step: ServerStep, _ script: inout Script) throws(FuzzFault) {
        guard var insider else { return }
        let packets: [[UInt8]]
        switch step {
        case .insiderFrames: packets = [insider.packet(script.bytes())]
        case .insiderRequest: packets = insider.packets(message: script.bytes(), alias: ChannelAlias.outbox)
        case .insiderControl: packets = insider.packets(message: script.bytes(), alias: Connection.control)
        default:
            // The same request many times: what it costs the server must stay bounded.
            let request = ClientRequest.members(label: 1).encoded()
            packets = (0...script.byte()).flatMap { _ in insider.packets(message: request, alias: Connection.control) }
        }
        self.insider = insider
        for packet in packets { try hear(packet, from: Self.insiderAddress) }
    }
}
