package import Basics
import ChatClient

/// Logins over a bad network: how many of them succeed in time.
package struct LoginTrials: Sendable {
    /// How long a login may take.
    package static let patience: Duration = .seconds(10)
    /// How long a datagram takes from one end to the other.
    package static let oneWay: Duration = .milliseconds(40)

    package let loss: Double
    /// How many were in time.
    package private(set) var successes = 0
    /// How many were tried.
    package private(set) var tries = 0
    /// The slowest that was in time.
    package private(set) var slowest: Duration = .zero
    /// The worlds in which it took too long.
    package private(set) var failedSeeds: [UInt64] = []

    /// - Parameter loss: share of datagrams that are lost, each way.
    package init(loss: Double) {
        self.loss = loss
    }

    /// Tries one login, in a world of its own.
    package mutating func run(seed: UInt64) {
        let faults = LinkFaults(loss: loss, delay: Self.oneWay)
        var chat = SimulatedChat(seed: seed, toServer: faults, toClients: faults, people: ["ana"])
        tries += 1
        let isIn = chat.run(within: Self.patience) { $0.isConnected("ana") }
        guard isIn else { return failedSeeds.append(seed) }
        successes += 1
        slowest = max(slowest, chat.clock.elapsed)
    }
}

extension SimulatedChat {
    /// Whether the person's newest client has said that it is in.
    package func isConnected(_ label: String) -> Bool {
        guard let index = people[label]?.runs.last else { return false }
        return clients[index].shown.contains { shown in
            if case .connected = shown.event { return true }
            return false
        }
    }
}
