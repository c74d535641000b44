import Basics
import ChatProtocol
import ClientCore
import Transport

/// What a script can do to a client.
enum ClientStep: CaseIterable {
    case frames, entry, skippingEntry, event, unknownLog, acknowledge
    case garbage, repeatHeard, damageHeard, splice, truncate
    case time, line, answerHello, accept, refuse, reject
}

extension FuzzTarget {
    /// The whole client against a server that knows the password and is hostile, and an attacker on the path.
    ///
    /// The script's first byte says whether the handshake is still to come. In the end the person leaves, which must
    /// not take longer than it may.
    static let client = FuzzTarget(
        "client", "a whole client: a hostile server, damaged, repeated and forged datagrams", weight: 8, limit: 4096,
        sample: { clientScript(using: &$0) }
    ) { (input) throws(FuzzFault) -> Bool in
        var script = Script(input)
        guard case .success(var world) = script.byte() % 4 == 0 ? freshClient : busyClient else {
            throw FuzzFault("the world can't be made")
        }
        for _ in 0..<Script.stepLimit {
            // A client that ended is thrown away by its owner.
            guard world.client.finish == nil, let step = script.step(ClientStep.self) else { break }
            try world.play(step, &script)
        }
        try world.leave()
        return true
    }

    private static let freshClient = Result { () throws -> ClientWorld in
        var world = ClientWorld()
        try world.pass(.zero)
        return world
    }

    private static let busyClient = Result { () throws -> ClientWorld in
        var world = ClientWorld()
        try world.pass(.zero)
        try world.answerHello()
        let welcome = Welcome(
            member: MemberID(rawValue: 1), name: "ana", server: "fuzz", room: "main", epoch: LogEpoch(rawValue: 1),
            cursor: 0, end: 0, storedOutbox: 0, resumed: false)
        try world.answerFinish(welcome.encoded(), isAccepted: true)
        return world
    }

    private static func clientScript(using random: inout SeededGenerator) -> [UInt8] {
        var script = ScriptWriter<ClientStep>(stage: UInt8.random(in: 0...3, using: &random))
        if script.bytes == [0], random.chance(0.8) {
            script.add(.answerHello)
            script.add(.accept, data: welcome(using: &random).encoded())
        }
        if random.chance(0.8) {
            script.add(.event, data: ServerEvent.members(label: 0, names: ["ana", "bo"], isLast: true).encoded())
        }
        for _ in 0..<Int.random(in: 2...40, using: &random) {
            let step = ClientStep.allCases.randomElement(using: &random) ?? .entry
            switch step {
            case .frames: script.add(step, data: frameBytes(using: &random))
            case .entry, .skippingEntry, .unknownLog:
                script.add(step, data: damaged(entry(using: &random), using: &random))
            case .event: script.add(step, data: damaged(event(using: &random), using: &random))
            case .accept: script.add(step, data: damaged(welcome(using: &random), using: &random))
            case .refuse: script.add(step, data: damaged(Refusal(code: .banned, text: "out"), using: &random))
            case .garbage: script.add(step, data: random.bytes(.random(in: 0...200, using: &random)))
            case .line: script.add(step, data: Array(SampleText.line(limit: 300, using: &random).utf8))
            case .acknowledge, .repeatHeard, .damageHeard, .splice, .truncate, .time, .answerHello, .reject:
                script.add(step)
                for byte in random.bytes(step == .acknowledge || step == .answerHello || step == .reject ? 0 : 3) {
                    script.add(byte: byte)
                }
            }
        }
        return script.bytes
    }

    private static func damaged(_ value: some WireValue, using random: inout SeededGenerator) -> [UInt8] {
        var bytes = value.encoded()
        if random.chance(0.1) { Mutator(limit: 2047).mutate(&bytes, with: { $0.bytes(8) }, using: &random) }
        return bytes
    }
}

extension ClientWorld {
    mutating func play(_ step: ClientStep, _ script: inout Script) throws(FuzzFault) {
        switch step {
        case .frames: try send(script.bytes())
        case .entry: try send(message: script.bytes(), alias: ChannelAlias.room)
        case .skippingEntry:
            try send(message: script.bytes(), alias: ChannelAlias.room, skipped: UInt64(script.byte()))
        case .event: try send(message: script.bytes(), alias: Connection.control)
        case .unknownLog: try send(message: script.bytes(), alias: UInt64(script.byte()) + 2)
        case .acknowledge: try send(acknowledgement())
        case .garbage: try tellGarbage(script.bytes())
        case .repeatHeard, .damageHeard, .splice, .truncate: try playHeard(step, &script)
        case .time: try pass(script.duration())
        case .line: try type(String(decoding: script.bytes().prefix(1000), as: UTF8.self))
        case .answerHello: try answerHello()
        case .accept: try answerFinish(Array(script.bytes().prefix(Limits.loginPayloadBytes)), isAccepted: true)
        case .refuse: try answerFinish(Array(script.bytes().prefix(Limits.loginPayloadBytes)), isAccepted: false)
        case .reject: try reject()
        }
    }

    private mutating func send(_ frames: [UInt8]) throws(FuzzFault) {
        guard let packet = server?.packet(frames) else { return }
        try tell(packet)
    }

    private mutating func send(message: [UInt8], alias: UInt64, skipped: UInt64 = 0) throws(FuzzFault) {
        for packet in server?.packets(message: message, alias: alias, skipped: skipped) ?? [] { try tell(packet) }
    }

    private mutating func playHeard(_ step: ClientStep, _ script: inout Script) throws(FuzzFault) {
        guard !heard.isEmpty else { return }
        let datagram = heard[script.index(below: heard.count)]
        switch step {
        case .damageHeard:
            try tell(Damage.flipped(datagram, place: script.byte(), far: 0, bits: script.byte()))
        case .splice:
            try tell(Damage.spliced(datagram, heard[script.index(below: heard.count)], at: script.byte()))
        case .truncate: try tell(Array(datagram.prefix(Int(script.byte()))))
        default: try tell(datagram)
        }
    }
}
