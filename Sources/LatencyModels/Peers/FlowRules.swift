import Basics
import Simulation

/// A reliable protocol by its rules alone: sender and receiver of one flow of small messages, without bytes.
///
/// The models are our own, written from the specifications and from what the implementations do; each says where its
/// constants come from. They exist so that a comparison with our scheme is made in one simulator, under one loss.
protocol FlowRules {
    /// What crosses the path, either way.
    associatedtype Packet: Sendable

    /// The sender's application hands over its next message. Messages are numbered from 0.
    mutating func say(_ number: Int, at now: Instant)
    mutating func arriveAtReceiver(_ packet: Packet, at now: Instant)
    mutating func arriveAtSender(_ packet: Packet, at now: Instant)
    /// The next moment at which `handleTimeouts` has something to do.
    var nextDeadline: Instant? { get }
    mutating func handleTimeouts(at now: Instant)
    /// The next packet to the receiver, with its bytes behind the UDP or TCP header.
    mutating func pollToReceiver(at now: Instant) -> (packet: Packet, bytes: Int)?
    mutating func pollToSender(at now: Instant) -> Packet?
    /// The next message that the receiver's application gets.
    mutating func pollDelivered() -> Int?
}

/// Plays flows under one protocol's rules in virtual time.
struct FlowRun<Rules: FlowRules> {
    /// What is written when all was said counts as lost after this time.
    private static var patience: Duration { .seconds(30) }

    private let scenario: LatencyCase
    private var rules: Rules
    private var up: LinkModel
    private var down: LinkModel
    private var toReceiver = Agenda<Rules.Packet>()
    private var toSender = Agenda<Rules.Packet>()
    private var random: SeededGenerator
    private var said: [Instant] = []
    private var nextSaying: Instant
    private var delivered = 0
    private var now = Instant(nanoseconds: 1_000_000_000)

    private init(_ scenario: LatencyCase, flow: Int, rules: Rules) {
        self.scenario = scenario
        self.rules = rules
        let seed = (scenario.seed &* 1_000_003 &+ UInt64(flow)) &* 4
        let path = scenario.loss.faults(delay: scenario.delay)
        up = LinkModel(path, seed: seed)
        down = LinkModel(path, seed: seed &+ 1)
        random = SeededGenerator(seed: seed &+ 2)
        nextSaying = now + .milliseconds(500)
        planSaying()
    }

    /// Plays each of the case's members as a flow of its own.
    ///
    /// - Parameter make: the rules of one flow, from the phase of its clocks in 0..<1.
    static func play(_ scenario: LatencyCase, make: (Double) -> Rules) -> LatencyResult {
        var result = LatencyResult()
        for flow in 0..<scenario.members {
            var phases = SeededGenerator(seed: scenario.seed &+ UInt64(flow))
            var run = FlowRun(scenario, flow: flow, rules: make(.random(in: 0..<1, using: &phases)))
            while run.step(&result) {}
        }
        result.finish(messages: scenario.allMessages)
        return result
    }

    /// Real programs do not speak to the microsecond: up to a hundredth of the interval late, at most 1 ms.
    private mutating func planSaying() {
        let jitter = min(scenario.interval / 100, .milliseconds(1)).wholeNanoseconds
        let due = scenario.interval * said.count + .nanoseconds(Int64.random(in: 0...jitter, using: &random))
        nextSaying = Instant(nanoseconds: 1_500_000_000) + due
    }

    private var isTalking: Bool { said.count < scenario.messages }
    private var end: Instant { (said.last ?? now) + scenario.interval + Self.patience }

    private mutating func step(_ result: inout LatencyResult) -> Bool {
        guard isTalking || delivered < scenario.messages else { return false }
        var next = min(toReceiver.next ?? end, toSender.next ?? end, rules.nextDeadline ?? end)
        if isTalking { next = min(next, nextSaying) }
        guard next < end else { return false }
        now = max(now, next)
        while let packet = toReceiver.popDue(at: now) { rules.arriveAtReceiver(packet, at: now) }
        while let packet = toSender.popDue(at: now) { rules.arriveAtSender(packet, at: now) }
        if isTalking, nextSaying <= now {
            rules.say(said.count, at: now)
            said.append(now)
            planSaying()
        }
        if let deadline = rules.nextDeadline, deadline <= now { rules.handleTimeouts(at: now) }
        while let number = rules.pollDelivered() {
            delivered += 1
            result.heard(now - said[number])
        }
        while let (packet, bytes) = rules.pollToReceiver(at: now) {
            result.sent(bytes: bytes, carries: scenario.messageBytes)
            for arrival in up.carry(bytes: bytes, at: now) { toReceiver.add(packet, at: arrival.moment) }
        }
        while let packet = rules.pollToSender(at: now) {
            for arrival in down.carry(bytes: 0, at: now) { toSender.add(packet, at: arrival.moment) }
        }
        return true
    }
}

/// A receiver that delivers messages in order and once.
struct InOrder {
    /// The first message that has not arrived.
    private(set) var next = 0
    /// Those behind it that have.
    private(set) var held: Set<Int> = []
    private var delivered: [Int] = []

    mutating func arrived(_ number: Int) {
        guard number >= next else { return }
        held.insert(number)
        while held.remove(next) != nil {
            delivered.append(next)
            next += 1
        }
    }

    mutating func pollDelivered() -> Int? {
        delivered.isEmpty ? nil : delivered.removeFirst()
    }
}

extension Instant {
    /// Whole milliseconds, as programs with such clocks see them.
    var milliseconds: Int { Int(nanoseconds / 1_000_000) }

    init(milliseconds: Int) {
        self.init(nanoseconds: Int64(milliseconds) * 1_000_000)
    }
}
