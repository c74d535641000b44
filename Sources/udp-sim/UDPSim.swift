import Simulation

/// `udp-sim`: plays simulated worlds.
@main
struct UDPSim {
    private static let usage = """
        usage: udp-sim --seed N [--verbose]        plays one world, and prints what befalls whom (or everything)
               udp-sim [--seeds N] [--from M]      plays N worlds (100) from number M (1) on
               udp-sim --time SECONDS [--from M]   plays worlds until the time is up, from a random number on
               --crashes                           in each of them the server is killed again and again
               udp-sim login [--tries N] [--loss P]  counts logins in time over a path that loses the share P
        """
    /// The exit status for wrong usage (sysexits.h, EX_USAGE).
    private static let wrongUsage: Int32 = 64

    static func main() {
        guard let command = SimCommand(arguments: Array(CommandLine.arguments.dropFirst())) else {
            print(usage)
            exitWith(wrongUsage)
        }
        exitWith(run(command) ? 0 : 1)
    }

    private static func run(_ command: SimCommand) -> Bool {
        switch command {
        case .world(let seed, let isVerbose, let crashes): playOne(seed, isVerbose: isVerbose, crashes: crashes)
        case .worlds(let seeds, let crashes): play(seeds, until: nil, crashes: crashes)
        case .soak(let seconds, let first, let crashes):
            play(first...(.max), until: ContinuousClock.now + .seconds(seconds), crashes: crashes)
        case .logins(let tries, let loss): tryLogins(tries, loss: loss)
        }
    }

    private static func playOne(_ seed: UInt64, isVerbose: Bool, crashes: Bool) -> Bool {
        var scenario = RandomScenario(seed: seed, crashes: crashes)
        scenario.writeTrace(everything: isVerbose)
        let start = ContinuousClock.now
        let tally = scenario.play()
        for line in scenario.chat.trace { print(line) }
        if let violation = scenario.chat.violation { print(violation) }
        summarise(tally, failures: scenario.chat.violation == nil ? 0 : 1, wall: ContinuousClock.now - start)
        return scenario.chat.violation == nil
    }

    private static func play(
        _ seeds: ClosedRange<UInt64>, until end: ContinuousClock.Instant?, crashes: Bool
    ) -> Bool {
        let start = ContinuousClock.now
        var tally = ScenarioTally()
        var failures = 0
        for seed in seeds {
            if let end, ContinuousClock.now >= end { break }
            var scenario = RandomScenario(seed: seed, crashes: crashes)
            tally += scenario.play()
            guard let violation = scenario.chat.violation else { continue }
            failures += 1
            print(violation)
        }
        summarise(tally, failures: failures, wall: ContinuousClock.now - start)
        return failures == 0
    }

    private static func tryLogins(_ tries: UInt64, loss: Double) -> Bool {
        var trials = LoginTrials(loss: loss)
        for seed in 1...max(1, tries) { trials.run(seed: seed) }
        print(
            "\(trials.successes) of \(trials.tries) logins within \(LoginTrials.patience) at \(loss) loss each way,"
                + " \(LoginTrials.oneWay) one way; the slowest of them took \(trials.slowest)")
        if !trials.failedSeeds.isEmpty { print("too slow: seeds \(trials.failedSeeds)") }
        return trials.successes * 1_000 >= trials.tries * 999
    }

    private static func summarise(_ tally: ScenarioTally, failures: Int, wall: Duration) {
        let hours = (tally.time.inSeconds / 36).rounded() / 100
        let seconds = (wall / .milliseconds(100)).rounded() / 10
        print(
            "\(tally.worlds) worlds, \(hours) virtual hours, \(tally.logins) clients, \(tally.messages) messages, "
                + "\(tally.datagrams) datagrams, \(failures) failures, \(seconds) s, "
                + "fingerprint \(String(tally.fingerprint, radix: 16))")
    }
}
