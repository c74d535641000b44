import Basics
import Foundation
import Fuzz
import Testing

/// The corpus of the repository, and a short run of every target; `make fuzz` does the long ones.
struct TargetTests {
    private static let seed: UInt64 = 2026

    @Test("every target holds over damaged input", arguments: FuzzTarget.all.map(\.name))
    func everyTargetHolds(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let count: UInt64 = target.weight > 1 ? 150 : 3000
        let result = target.run(FuzzInputs(target: target, seed: Self.seed)) { $0 < count }
        #expect(
            result.failure == nil,
            "replay: udp-fuzz --target \(name) --seed \(Self.seed) --from \(result.failure?.index ?? 0) --count 1")
        #expect(result.tried == count)
        #expect(result.accepted > 0, "the samples of \(name) are not what it takes")
    }

    @Test("every target holds over its corpus", arguments: FuzzTarget.all.map(\.name))
    func everyTargetHoldsOverItsCorpus(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Corpus").appending(path: name)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files { _ = try target.check(Array(try Data(contentsOf: file))) }
    }

    @Test("undamaged samples are taken", arguments: FuzzTarget.all.map(\.name))
    func samplesAreTaken(name: String) throws {
        // The rules for texts refuse many of the texts that their samples are made of.
        guard !name.hasSuffix("-rule") else { return }
        let target = try #require(FuzzTarget.named(name))
        for number in 0..<20 as Range<UInt64> {
            let isTaken = try target.check(target.sample(number: number))
            #expect(isTaken, "sample \(number)")
        }
    }

    @Test("names of targets are words for folders and command lines, each once")
    func namesAreWords() {
        let names = (FuzzTarget.all + FuzzTarget.planted).map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } })
    }
}
