import Basics
import Simulation
import Testing

/// On a path that is narrow, copies and retransmissions must not be what fills it.
@Suite("a path of 64 kbit/s with a queue of 500 ms")
struct NarrowPathTests {
    private static let narrow = Bottleneck(bitsPerSecond: 64_000, queue: .milliseconds(500))
    private static let names = ["ana", "bo", "cy", "dee", "eli", "fay", "gus", "hal", "ivy", "jo"]

    /// Ten members say lines of 60 bytes by turns; everything arrives.
    private func talk(_ chat: inout SimulatedChat, pause: Duration, lines: Int) {
        for name in Self.names {
            chat.join(name)
            chat.run(for: .seconds(1))
        }
        let isIn = chat.run(within: .seconds(30)) { chat in Self.names.allSatisfy { chat.isOnline($0) } }
        #expect(isIn, "\(replay(chat))")
        chat.network.recordsWaits = true
        for line in 0..<lines {
            chat.say("line \(line) " + String(repeating: "x", count: 50), from: Self.names[line % 10])
            chat.run(for: pause)
        }
        let settled = chat.runUntilQuiet(within: .seconds(20))
        #expect(settled, "\(replay(chat))")
        for (index, name) in Self.names.enumerated() {
            let own = (0..<lines).count { $0 % 10 == index }
            #expect(chat.heard(by: name).count == lines - own && chat.receipts(of: name) == own)
        }
    }

    /// What stands in the queues: of each, the shortest wait in each second (Nichols, Jacobson: "Controlling queue
    /// delay", ACM Queue 2012). What comes in a burst and drains again is no harm.
    ///
    /// - Returns: the shortest waits, sorted.
    private func standing(_ waits: [QueueWait]) -> [Duration] {
        struct Second: Hashable {
            let host: SocketAddress.Host?
            let isUp: Bool
            let number: Int64
        }
        var shortest: [Second: Duration] = [:]
        for wait in waits {
            let second = Second(
                host: wait.host, isUp: wait.isUp, number: wait.moment.nanoseconds / 1_000_000_000)
            shortest[second] = min(shortest[second] ?? wait.wait, wait.wait)
        }
        return shortest.values.sorted()
    }

    private func percentile(_ share: Double, of sorted: [Duration]) -> Duration {
        sorted.isEmpty ? .zero : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    @Test("ten chatting members, each behind one, build no standing queue", arguments: [0, 0.05])
    func each(loss: Double) {
        let faults = LinkFaults(loss: loss, delay: .milliseconds(40), bottleneck: Self.narrow)
        var chat = SimulatedChat(seed: 131, toServer: faults, toClients: faults, people: [])
        talk(&chat, pause: .milliseconds(100), lines: 300)
        #expect(percentile(0.99, of: standing(chat.network.waits)) <= .milliseconds(5))
        let waits = chat.network.waits.map(\.wait).sorted()
        #expect(percentile(0.5, of: waits) <= .milliseconds(20) && percentile(0.95, of: waits) <= .milliseconds(100))
        #expect(chat.network.counters.overflowed == 0)
    }

    @Test("ten chatting members who share one build no standing queue", arguments: [0, 0.05])
    func shared(loss: Double) {
        let faults = LinkFaults(loss: loss, delay: .milliseconds(40))
        var chat = SimulatedChat(seed: 132, toServer: faults, toClients: faults, people: [])
        chat.network.share(toServer: Self.narrow, toClients: Self.narrow)
        // A line goes to nine others: once, it takes 150 ms of the way down.
        talk(&chat, pause: .milliseconds(500), lines: 200)
        #expect(percentile(0.99, of: standing(chat.network.waits)) <= .milliseconds(5))
        let waits = chat.network.waits.map(\.wait).sorted()
        #expect(percentile(0.5, of: waits) <= .milliseconds(100) && percentile(0.99, of: waits) <= .milliseconds(450))
    }
}
