package import Basics
package import Simulation

/// A path and what is said over it.
package struct LatencyCase: Sendable {
    /// What a path does to datagrams, each direction by itself.
    package enum Loss: Hashable, Sendable {
        /// Each datagram alone, with this probability.
        case independent(Double)
        /// Times in which everything is lost.
        case outages(Outages)

        /// Everything arrives.
        package static let none = Loss.independent(0)

        /// One direction of a path that loses so and takes `delay`.
        func faults(delay: Duration) -> LinkFaults {
            switch self {
            case .independent(let share): LinkFaults(loss: share, delay: delay)
            case .outages(let outages): LinkFaults(outages: outages, delay: delay)
            }
        }
    }

    /// What the case is called in output.
    package var name: String
    /// On the senders' path, both ways.
    package var loss: Loss
    /// From one message of a sender to its next.
    package var interval: Duration
    /// Of each sender.
    package var messages: Int
    package var members = 1
    package var messageBytes = 100
    /// One way, between senders and server.
    package var delay: Duration = .milliseconds(40)
    /// One way, between server and receiver, where the model has two hops.
    package var receiverDelay: Duration = .milliseconds(1)
    /// On the receiver's path, both ways.
    package var receiverLoss = Loss.none
    /// The narrowest place of the senders' way to the server, which they share.
    package var bottleneck: Bottleneck?
    /// Whether senders get the room's log as well, as members do.
    package var echoes = true
    package var seed: UInt64 = 1

    package init(name: String, loss: Loss, interval: Duration, messages: Int) {
        self.name = name
        self.loss = loss
        self.interval = interval
        self.messages = messages
    }

    /// All that is said, by all senders.
    package var allMessages: Int { messages * members }
}

/// What became of a case.
package struct LatencyResult: Sendable {
    /// Milliseconds from saying to delivery, sorted.
    package internal(set) var delays: [Double] = []
    /// Everything said, delivered or not.
    package internal(set) var messages = 0
    /// Packets of the senders that carry messages.
    package internal(set) var packets = 0
    /// Packets of the senders that only acknowledge or ask.
    package internal(set) var bareAcknowledgements = 0
    /// Bytes of the senders' packets that carry messages, headers of IPv4 and UDP (or as much of TCP) included.
    package internal(set) var bytes = 0
    /// Packets of the server to the receiver that carry messages.
    package internal(set) var serverPackets = 0
    /// Milliseconds that datagrams waited in the bottleneck's queue, sorted.
    package internal(set) var waits: [Double] = []

    package init() {}

    /// Messages that never arrived.
    package var undelivered: Int { messages - delays.count }

    /// The time in milliseconds within which the share (0...1) of all messages arrived; infinite where more were lost.
    package func percentile(_ share: Double) -> Double {
        let place = min(max(messages, 1) - 1, Int(Double(messages) * share))
        return place < delays.count ? delays[place] : .infinity
    }

    /// The time in milliseconds that the share (0...1) of all datagrams did not exceed in the bottleneck's queue.
    package func wait(_ share: Double) -> Double {
        waits.isEmpty ? 0 : waits[min(waits.count - 1, Int(Double(waits.count) * share))]
    }

    package var packetsPerMessage: Double { Double(packets) / Double(max(1, messages)) }
    package var bareAcknowledgementsPerMessage: Double { Double(bareAcknowledgements) / Double(max(1, messages)) }
    package var serverPacketsPerMessage: Double { Double(serverPackets) / Double(max(1, messages)) }

    mutating func heard(_ delay: Duration) {
        delays.append(Double(delay.wholeNanoseconds) / 1e6)
    }

    mutating func sent(bytes count: Int, carries messageBytes: Int) {
        guard count > messageBytes else {
            bareAcknowledgements += 1
            return
        }
        packets += 1
        bytes += count + Bottleneck.headerBytes
    }

    mutating func finish(messages: Int) {
        self.messages = messages
        delays.sort()
        waits.sort()
    }
}
