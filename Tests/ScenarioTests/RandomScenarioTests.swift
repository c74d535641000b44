import Basics
import Simulation
import Testing
import Transport

@Suite("random worlds")
struct RandomScenarioTests {
    @Test("300 random worlds break no invariant and settle in the end", arguments: 0..<10)
    func worlds(group: UInt64) {
        for seed in (group * 30 + 1)...(group * 30 + 30) {
            var scenario = RandomScenario(seed: seed)
            let tally = scenario.play()
            #expect(scenario.chat.violation == nil, "\(scenario.chat.violation?.description ?? "")")
            #expect(tally.messages > 0 || tally.time < .seconds(200))
        }
    }

    @Test("row 45: 100 random worlds whose server is killed again and again lose and double nothing", arguments: 0..<10)
    func crashes(group: UInt64) {
        for seed in (group * 10 + 1)...(group * 10 + 10) {
            var scenario = RandomScenario(seed: seed, crashes: true)
            _ = scenario.play()
            #expect(scenario.chat.violation == nil, "\(scenario.chat.violation?.description ?? "")")
        }
    }

    @Test(
        "10 random worlds, in half of them with crashes, under AES-256-GCM",
        .enabled(if: CipherSuites.supported.contains(.aes256GCM), "the processor lacks the instructions"))
    func worldsUnderAES() {
        for seed in UInt64(1)...10 {
            var scenario = RandomScenario(seed: seed, crashes: seed.isMultiple(of: 2), suites: .supported)
            _ = scenario.play()
            #expect(scenario.chat.violation == nil, "\(scenario.chat.violation?.description ?? "")")
        }
    }

    @Test("the same seed plays the same world again, another seed another")
    func replaying() {
        func fingerprint(_ seed: UInt64) -> UInt64 {
            var scenario = RandomScenario(seed: seed)
            return scenario.play().fingerprint
        }
        #expect(fingerprint(5) == fingerprint(5))
        #expect(fingerprint(5) != fingerprint(6))
    }
}
