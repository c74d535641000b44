import Basics
import Sentences
import Testing

@testable import Diagnosis

@Suite("what measured values come to")
struct JudgementTests {
    private let noon = WallTime(milliseconds: 1_800_000_000_000)

    private func after(_ seconds: Int64) -> WallTime { WallTime(milliseconds: noon.milliseconds + seconds * 1000) }

    @Test("a clock may differ from the server's by a minute and what the answer took")
    func clocks() {
        #expect(Judgement.clock(server: noon, own: after(60), delay: .zero).verdict == .well)
        #expect(Judgement.clock(server: noon, own: after(-60), delay: .zero).verdict == .well)
        #expect(Judgement.clock(server: noon, own: after(61), delay: .zero).verdict == .fault(.system))
        #expect(Judgement.clock(server: noon, own: after(61), delay: .seconds(1)).verdict == .well)
        let behind = Judgement.clock(server: noon, own: after(-7200), delay: .zero)
        #expect(behind.phrase.text(in: .english).contains("120 min behind the server's"))
        #expect(behind.phrase.text(in: .indonesian).contains("120 menit lebih lambat"))
        #expect(Judgement.clock(server: nil, own: noon, delay: .zero).verdict == .unknown)
        let ends = [WallTime(milliseconds: .min), WallTime(milliseconds: .max)]
        for server in ends {
            for own in ends where own != server {
                #expect(Judgement.clock(server: server, own: own, delay: .zero).isFault)
            }
        }
    }

    @Test("a clock is not behind what was written by it")
    func files() {
        let early = (path: "a", changed: after(-500))
        let late = (path: "b", changed: after(61))
        #expect(Judgement.clock(own: noon, files: [], isKept: true).verdict == .well)
        #expect(Judgement.clock(own: noon, files: [early], isKept: false).verdict == .well)
        let found = Judgement.clock(own: noon, files: [early, late], isKept: true)
        #expect(found.verdict == .fault(.system) && found.phrase.text(in: .english).contains(" b,"))
        #expect(
            Judgement.clock(
                own: WallTime(milliseconds: .min), files: [("c", WallTime(milliseconds: .max))], isKept: true
            ).isFault)
    }

    @Test("buffers and disks are small below their bounds")
    func sizes() {
        let wanted = 4 << 20
        #expect(Judgement.buffers(granted: Judgement.leastBufferBytes - 1, wanted: wanted).verdict == .fault(.system))
        // What the kernel gives where nobody asked for more.
        #expect(Judgement.buffers(granted: 212_992, wanted: wanted).verdict == .well)
        #expect(Judgement.buffers(granted: wanted, wanted: wanted).phrase.text(in: .english) == "4096 KiB")
        #expect(Judgement.space(at: "/d", free: Judgement.leastFreeBytes - 1).verdict == .fault(.file))
        #expect(Judgement.space(at: "/d", free: .max).verdict == .well)
    }

    @Test("what a server says to a password")
    func passwords() {
        #expect(Judgement.password(.welcome(clock: nil), pinPath: "").verdict == .well)
        #expect(Judgement.password(.wrongPassword, pinPath: "").verdict == .fault(.refused))
        #expect(Judgement.password(.muted(.seconds(30)), pinPath: "").verdict == .fault(.refused))
        #expect(Judgement.password(nil, pinPath: "").verdict == .unknown)
        let changed = Judgement.password(.keyChanged, pinPath: "/srv/k")
        #expect(changed.verdict == .fault(.keyChanged) && changed.phrase.text(in: .english).contains("/srv/k"))
    }

    @Test("every line begins with its verdict and its check, in both languages")
    func lines() {
        for language in Language.allCases {
            for check in Check.allCases {
                let lines = [
                    Finding.well(check) { $0.clockFine }, .unknown(check) { $0.notLookedAt },
                    .fault(check, .system) { $0.passwordWrong },
                ].map { $0.line(in: language) }
                #expect(Set(lines.map { $0.prefix(6) }).count == 3)
                #expect(lines.allSatisfy { !$0.contains("\n") && $0.contains(": ") })
            }
        }
    }
}
