package import Basics
package import Transport

/// What a simulated world has seen.
package struct ScenarioTally: Hashable, Sendable {
    /// Worlds that were played.
    package var worlds = 0
    /// Virtual time.
    package var time: Duration = .zero
    /// Lines in the servers' logs.
    package var messages = 0
    /// Datagrams that were sent, lost ones included.
    package var datagrams = 0
    /// Runs of clients.
    package var logins = 0
    /// Of everything that was sent: the same worlds give the same.
    package var fingerprint: UInt64 = 0

    package init() {}

    package static func += (left: inout ScenarioTally, right: ScenarioTally) {
        left.worlds += right.worlds
        left.time += right.time
        left.messages += right.messages
        left.datagrams += right.datagrams
        left.logins += right.logins
        left.fingerprint ^= right.fingerprint
    }
}

/// A world drawn from its seed: how bad the network is, who is there, and what they do. In the end the network heals, and
/// everybody who is present must have everything.
package struct RandomScenario: Sendable {
    private static let names = [
        "ana", "bo", "cy", "dee", "eli", "fay", "gus", "hal", "ivy", "jo", "kim", "lou",
    ]

    enum Action: Hashable, Sendable {
        case say, burst, longLine, operatorSays, list
        case quit, vanish, comeBack, cutOff, cutOffAll
        case stranger, wrongPassword, garbage, newFaults, crash
        case rebind, roam, divert, sleep, stall, setClock
        case whisper, inGroup, group, change, fact, moderate, fillDisk, trim, restart
    }

    /// What is done how often.
    private static let weights: [(Action, Int)] = [
        (.say, 50), (.burst, 5), (.longLine, 3), (.operatorSays, 4), (.list, 4), (.quit, 3), (.vanish, 3),
        (.comeBack, 8), (.cutOff, 4), (.cutOffAll, 1), (.stranger, 2), (.wrongPassword, 1), (.garbage, 8),
        (.newFaults, 2), (.crash, 1), (.rebind, 5), (.roam, 5), (.divert, 2), (.sleep, 2), (.stall, 1),
        (.setClock, 1), (.whisper, 10), (.inGroup, 12), (.group, 6), (.change, 5), (.fact, 2), (.moderate, 2),
        (.fillDisk, 1), (.trim, 1), (.restart, 1),
    ]

    /// The world; its `violation` says what went wrong, if something did.
    package internal(set) var chat: SimulatedChat
    var random: SeededGenerator
    private var line = 0
    private var strangers = 0
    private let people: Int
    private let length: Duration
    private let pause: Duration
    private let mayCrash: Bool
    /// How often the server crashes, beside its share of what happens, in a world that is for that.
    private let crashShare: Double

    /// Draws the world; nothing happens yet.
    ///
    /// - Parameters:
    ///   - crashes: whether the server is killed again and again.
    ///   - suites: what all seal with, as far as this machine has it.
    package init(seed: UInt64, crashes: Bool = false, suites: CipherSuites = .chaCha20Poly1305) {
        var random = SeededGenerator(seed: seed ^ 0x5ce0_a210)
        people = Int.random(in: 2...Self.names.count, using: &random)
        length = .seconds(Int.random(in: 20...150, using: &random))
        pause = .milliseconds(Int.random(in: 100...2_500, using: &random))
        mayCrash = random.chance(0.5) || crashes
        crashShare = crashes ? 0.05 : 0
        let toServer = FaultDraw.faults(using: &random)
        let toClients = random.chance(0.5) ? toServer : FaultDraw.faults(using: &random)
        chat = SimulatedChat(seed: seed, toServer: toServer, toClients: toClients, people: [], suites: suites)
        if random.chance(0.1) {
            chat.network.share(
                toServer: FaultDraw.bottleneck(using: &random), toClients: FaultDraw.bottleneck(using: &random))
        }
        chat.recordsEvents = false
        if crashes { chat.replayArguments = "--crashes" }
        if random.chance(0.7) {
            let latency = Duration.milliseconds(Int.random(in: 1...800, using: &random))
            chat.setStorePace(StorePace(latency: latency, reading: latency))
        }
        chat.isHousehold = random.chance(0.15)
        self.random = random
    }

    /// Writes down into `chat.trace` how the network is and what befalls whom.
    ///
    /// - Parameter everything: also what server and clients tell.
    package mutating func writeTrace(everything: Bool) {
        chat.isTraced = true
        chat.tracesEvents = everything
        chat.note("to the server: \(chat.network.toServer)")
        chat.note("to the clients: \(chat.network.toClients)")
        if let shared = chat.network.sharedPlaces { chat.note("all share: \(shared)") }
    }

    /// Plays the world to its end.
    ///
    /// - Returns: what it has seen.
    package mutating func play() -> ScenarioTally {
        let end = chat.clock.elapsed + length
        for name in Self.names.prefix(people) {
            chat.join(name, options: ClientOptions(history: Int.random(in: 0...30, using: &random)))
            if random.chance(0.3) { rest() }
        }
        while chat.clock.elapsed < end, chat.violation == nil {
            rest()
            if random.chance(crashShare) { crash() }
            act()
        }
        settle()
        var tally = ScenarioTally()
        tally.worlds = 1
        tally.time = chat.clock.elapsed
        tally.messages = chat.messageCount
        tally.datagrams = chat.network.counters.sent
        tally.logins = chat.clients.count
        tally.fingerprint = chat.network.counters.fingerprint
        return tally
    }

    /// The network heals, the server is there: then everything must arrive, and nothing be left over.
    private mutating func settle() {
        chat.heal()
        if chat.server == nil { chat.startServer() }
        guard chat.runUntilQuiet(within: .seconds(180)) else { return chat.reportUnrest() }
        chat.checkNothingLeaks()
    }

    private mutating func rest() {
        let mean = Double(pause.wholeNanoseconds)
        let share = Double.random(in: 0..<1, using: &random)
        chat.run(for: .nanoseconds(Int64(mean * 2 * share * share + mean * share * 0.6)))
    }

    mutating func somebody() -> String {
        Self.names[Int.random(in: 0..<people, using: &random)]
    }

    mutating func text(bytes: Int = 0) -> String {
        line += 1
        return "\(SimulatedChat.secretMark) \(line)" + String(repeating: "x", count: bytes)
    }

    private mutating func draw() -> Action {
        var ticket = Int.random(in: 0..<Self.weights.reduce(0) { $0 + $1.1 }, using: &random)
        for (action, weight) in Self.weights {
            ticket -= weight
            if ticket < 0 { return action }
        }
        return .say
    }

    private mutating func act() {
        let label = somebody()
        let action = draw()
        switch action {
        case .say: chat.say(text(), from: label)
        case .burst: for _ in 0..<Int.random(in: 5...60, using: &random) { chat.say(text(), from: label) }
        case .longLine: chat.say(text(bytes: Int.random(in: 500...14_000, using: &random)), from: label)
        case .operatorSays: chat.sayAsOperator(text())
        case .list: chat.list(by: label)
        case .quit: chat.quit(label)
        case .vanish: chat.vanish(label)
        case .comeBack:
            if !chat.isRunning(label) || random.chance(0.2) { chat.comeBack(label, keepsPort: random.chance(0.5)) }
        case .cutOff: chat.cutOff(label, FaultDraw.direction(using: &random), for: seconds(1...60))
        case .cutOffAll: chat.cutOffAll(FaultDraw.direction(using: &random), for: seconds(1...20))
        case .stranger: comeAsStranger(label, knowsPassword: true)
        case .wrongPassword: comeAsStranger(label, knowsPassword: false)
        case .garbage:
            chat.throwGarbageAtServer()
            chat.throwGarbage(between: label)
        case .newFaults: changeFaults()
        case .crash: if mayCrash { crash() }
        case .rebind, .roam, .divert, .sleep, .stall, .setClock: upset(label, action)
        case .whisper, .inGroup, .group, .change, .fact, .moderate: converse(label, action)
        case .fillDisk: chat.fillDisk(for: seconds(1...20))
        case .trim: if random.chance(0.2) { chat.trimStore(keeping: Int.random(in: 1...50, using: &random)) }
        case .restart:
            guard mayCrash, chat.server != nil else { return }
            chat.shutDownServer()
            chat.run(for: .milliseconds(Int.random(in: 0...2_500, using: &random)))
            chat.endServer()
            if random.chance(0.7) { chat.startServer() }
        }
    }

    /// The server is killed, often started at once, or is there again.
    private mutating func crash() {
        guard chat.server != nil else { return chat.startServer() }
        chat.crashServer()
        if random.chance(0.6) { chat.startServer() }
    }

    /// Does something to a path or a machine.
    private mutating func upset(_ label: String, _ action: Action) {
        switch action {
        case .rebind: chat.rebind(label, takesOver: random.chance(0.5))
        case .roam:
            let faults = (toServer: FaultDraw.faults(using: &random), toClient: FaultDraw.faults(using: &random))
            chat.roam(label, to: random.chance(0.5) ? faults : nil, isNoticed: random.chance(0.5))
        case .divert: chat.divertNext(of: label)
        case .sleep: chat.suspend(label, for: seconds(1...90))
        case .stall: chat.stallServer(for: .milliseconds(Int.random(in: 100...8_000, using: &random)))
        case .setClock: chat.stepServerClock(by: seconds(-86_400...86_400))
        default: return
        }
    }

    private mutating func seconds(_ range: ClosedRange<Int>) -> Duration {
        .seconds(Int.random(in: range, using: &random))
    }

    private mutating func changeFaults() {
        chat.changeFaults(
            toServer: FaultDraw.faults(using: &random), toClients: FaultDraw.faults(using: &random))
    }

    /// Somebody else tries to come in under that name, and does not try for long.
    private mutating func comeAsStranger(_ name: String, knowsPassword: Bool) {
        strangers += 1
        let options = ClientOptions(reconnect: .seconds(30), knowsPassword: knowsPassword)
        chat.join(name, as: "stranger \(strangers)", options: options)
    }
}
