import Basics

/// ENet with reliable packets on one channel.
///
/// Rules and constants as in lsalzman/enet, `protocol.c` and `enet.h`: every command is acknowledged at once, with the
/// time at which its datagram left; round trip and variance in whole milliseconds, eighth and quarter, divided before
/// they are added, so that small differences vanish; timeout `round trip + 4 variance` when a command leaves first,
/// doubled each time it passes; it is looked for when that of the oldest command sent has passed; no fast retransmit; a
/// peer is given up when a command's timeout is 32-fold (ENET_PEER_TIMEOUT_LIMIT) and 5 s have passed
/// (ENET_PEER_TIMEOUT_MINIMUM), or 30 s (ENET_PEER_TIMEOUT_MAXIMUM); messages in order. The throttle concerns unreliable
/// packets and the window, which these flows do not fill.
struct ENetRules: FlowRules {
    enum Packet: Sendable {
        case data([Int], stamp: Int)
        case acknowledgement([Int], stamp: Int)
    }

    private struct Command {
        let number: Int
        var sentAt = 0
        var timeout = 0
        var limit = 0
    }

    private static let timeoutLimit = 32
    private static let timeoutMinimum = 5000
    private static let timeoutMaximum = 30_000
    private static let headerBytes = 4
    private static let commandBytes = 6
    private static let datagramBytes = 1400

    private let messageBytes: Int
    private var waiting: [Command] = []
    private var sent: [Command] = []
    private var roundTrip: Int
    private var variance: Int
    private var nextTimeout = 0
    private var earliestTimeout = 0
    private var isGivenUp = false

    private var receiver = InOrder()
    private var answers: [Packet] = []

    /// - Parameter roundTrip: in milliseconds, as connecting measured it.
    init(roundTrip: Int, messageBytes: Int) {
        self.roundTrip = roundTrip
        variance = (roundTrip + 1) / 2
        self.messageBytes = messageBytes
    }

    mutating func say(_ number: Int, at now: Instant) {
        guard !isGivenUp else { return }
        waiting.append(Command(number: number))
    }

    var nextDeadline: Instant? {
        // The clock shows whole milliseconds, and the service looks when one has begun.
        isGivenUp || sent.isEmpty ? nil : Instant(milliseconds: nextTimeout)
    }

    mutating func handleTimeouts(at now: Instant) {
        let clock = now.milliseconds
        guard !isGivenUp, !sent.isEmpty, clock >= nextTimeout else { return }
        var again: [Command] = []
        var kept: [Command] = []
        for var command in sent {
            guard clock - command.sentAt >= command.timeout else {
                kept.append(command)
                continue
            }
            if earliestTimeout == 0 || command.sentAt < earliestTimeout { earliestTimeout = command.sentAt }
            let silence = clock - earliestTimeout
            if silence >= Self.timeoutMaximum || command.timeout >= command.limit && silence >= Self.timeoutMinimum {
                isGivenUp = true
                return
            }
            command.timeout *= 2
            again.append(command)
        }
        sent = kept
        waiting = again + waiting
        planTimeout()
    }

    private mutating func planTimeout() {
        if let first = sent.first { nextTimeout = first.sentAt + first.timeout }
    }

    mutating func pollToReceiver(at now: Instant) -> (packet: Packet, bytes: Int)? {
        guard !isGivenUp, !waiting.isEmpty else { return nil }
        let clock = now.milliseconds
        let room = (Self.datagramBytes - Self.headerBytes) / (messageBytes + Self.commandBytes)
        var leaving = Array(waiting.prefix(room))
        waiting.removeFirst(leaving.count)
        for place in leaving.indices {
            if leaving[place].timeout == 0 {
                leaving[place].timeout = roundTrip + 4 * variance
                leaving[place].limit = Self.timeoutLimit * leaving[place].timeout
            }
            leaving[place].sentAt = clock
        }
        if sent.isEmpty, let first = leaving.first { nextTimeout = clock + first.timeout }
        sent += leaving
        let bytes = Self.headerBytes + leaving.count * (messageBytes + Self.commandBytes)
        return (.data(leaving.map(\.number), stamp: clock), bytes)
    }

    mutating func arriveAtReceiver(_ packet: Packet, at now: Instant) {
        guard case .data(let numbers, let stamp) = packet else { return }
        for number in numbers { receiver.arrived(number) }
        answers.append(.acknowledgement(numbers, stamp: stamp))
    }

    mutating func arriveAtSender(_ packet: Packet, at now: Instant) {
        guard case .acknowledgement(let numbers, let stamp) = packet, !isGivenUp else { return }
        for number in numbers {
            sample(max(1, now.milliseconds - stamp))
            earliestTimeout = 0
            sent.removeAll { $0.number == number }
            waiting.removeAll { $0.number == number && $0.timeout > 0 }
        }
        planTimeout()
    }

    private mutating func sample(_ latest: Int) {
        variance -= variance / 4
        let difference = abs(latest - roundTrip)
        variance += difference / 4
        roundTrip += latest >= roundTrip ? difference / 8 : -(difference / 8)
    }

    mutating func pollToSender(at now: Instant) -> Packet? { answers.isEmpty ? nil : answers.removeFirst() }
    mutating func pollDelivered() -> Int? { receiver.pollDelivered() }
}
