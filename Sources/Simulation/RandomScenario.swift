import Basics

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

    private enum Action: Hashable, Sendable {
        case say, burst, longLine, operatorSays, list
        case quit, vanish, comeBack, cutOff, cutOffAll
        case stranger, wrongPassword, garbage, newFaults, crash
    }

    /// What is done how often.
    private static let weights: [(Action, Int)] = [
        (.say, 50), (.burst, 5), (.longLine, 3), (.operatorSays, 4), (.list, 4), (.quit, 3), (.vanish, 3),
        (.comeBack, 8), (.cutOff, 4), (.cutOffAll, 1), (.stranger, 2), (.wrongPassword, 1), (.garbage, 8),
        (.newFaults, 2), (.crash, 1),
    ]

    /// The world; its `violation` says what went wrong, if something did.
    package private(set) var chat: SimulatedChat
    private var random: SeededGenerator
    private var line = 0
    private var strangers = 0
    private let people: Int
    private let length: Duration
    private let pause: Duration
    private let mayCrash: Bool

    /// Draws the world; nothing happens yet.
    package init(seed: UInt64) {
        var random = SeededGenerator(seed: seed ^ 0x5ce0_a210)
        people = Int.random(in: 2...Self.names.count, using: &random)
        length = .seconds(Int.random(in: 20...150, using: &random))
        pause = .milliseconds(Int.random(in: 100...2_500, using: &random))
        mayCrash = random.chance(0.3)
        let toServer = Self.faults(using: &random)
        let toClients = random.chance(0.5) ? toServer : Self.faults(using: &random)
        chat = SimulatedChat(seed: seed, toServer: toServer, toClients: toClients, people: [])
        chat.recordsEvents = false
        self.random = random
    }

    /// Writes down what happens, for `drainTrace`.
    package mutating func traceEverything() {
        chat.isTraced = true
        chat.note("to the server: \(chat.network.toServer)")
        chat.note("to the clients: \(chat.network.toClients)")
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
        chat.note("the network heals")
        chat.network.heal()
        if chat.server == nil { chat.startServer() }
        guard chat.runUntilQuiet(within: .seconds(180)) else { return chat.reportUnrest() }
        chat.checkNothingLeaks()
    }

    private static func faults(using random: inout SeededGenerator) -> LinkFaults {
        func share(upTo most: Double, often: Double) -> Double {
            random.chance(often) ? Double.random(in: 0...most, using: &random) : 0
        }
        // One path in ten is worse than anything that people would put up with.
        if random.chance(0.1) {
            return LinkFaults(
                loss: share(upTo: 0.6, often: 0.5), delay: .milliseconds(Int.random(in: 0...600, using: &random)),
                jitter: .milliseconds(Int.random(in: 0...2_000, using: &random)),
                duplication: share(upTo: 0.5, often: 0.5), corruption: share(upTo: 0.3, often: 0.3),
                replay: share(upTo: 0.3, often: 0.5))
        }
        return LinkFaults(
            loss: share(upTo: 0.3, often: 0.75), delay: .milliseconds(Int.random(in: 0...150, using: &random)),
            jitter: .milliseconds(random.chance(0.6) ? Int.random(in: 0...150, using: &random) : 0),
            duplication: share(upTo: 0.15, often: 0.5), corruption: share(upTo: 0.08, often: 0.5),
            replay: share(upTo: 0.03, often: 0.4))
    }

    private mutating func rest() {
        let mean = Double(pause.wholeNanoseconds)
        let share = Double.random(in: 0..<1, using: &random)
        chat.run(for: .nanoseconds(Int64(mean * 2 * share * share + mean * share * 0.6)))
    }

    private mutating func somebody() -> String {
        Self.names[Int.random(in: 0..<people, using: &random)]
    }

    private mutating func text(bytes: Int = 0) -> String {
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
        switch draw() {
        case .say: chat.say(text(), from: label)
        case .burst: for _ in 0..<Int.random(in: 5...60, using: &random) { chat.say(text(), from: label) }
        case .longLine: chat.say(text(bytes: Int.random(in: 500...14_000, using: &random)), from: label)
        case .operatorSays: chat.sayAsOperator(text())
        case .list: chat.list(by: label)
        case .quit: chat.quit(label)
        case .vanish: chat.vanish(label)
        case .comeBack:
            if !chat.isRunning(label) || random.chance(0.2) { chat.comeBack(label, keepsPort: random.chance(0.5)) }
        case .cutOff: chat.cutOff(label, for: .seconds(Int.random(in: 1...60, using: &random)))
        case .cutOffAll:
            chat.network.cutOff(
                nil, from: chat.clock.now, until: chat.clock.now + .seconds(Int.random(in: 1...20, using: &random)))
        case .stranger: comeAsStranger(label, knowsPassword: true)
        case .wrongPassword: comeAsStranger(label, knowsPassword: false)
        case .garbage:
            chat.throwGarbageAtServer()
            chat.throwGarbage(between: label)
        case .newFaults: changeFaults()
        case .crash:
            guard mayCrash else { return }
            if chat.server == nil { chat.startServer() } else { chat.crashServer() }
        }
    }

    private mutating func changeFaults() {
        chat.network.toServer = Self.faults(using: &random)
        chat.network.toClients = Self.faults(using: &random)
        chat.note("faults: \(chat.network.toServer), \(chat.network.toClients)")
    }

    /// Somebody else tries to come in under that name, and does not try for long.
    private mutating func comeAsStranger(_ name: String, knowsPassword: Bool) {
        strangers += 1
        let options = ClientOptions(reconnect: .seconds(30), knowsPassword: knowsPassword)
        chat.join(name, as: "stranger \(strangers)", options: options)
    }
}
