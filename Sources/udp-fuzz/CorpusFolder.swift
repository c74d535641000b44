import Foundation
import Fuzz

/// A folder with inputs: one folder for each target, one file for each input.
struct CorpusFolder {
    /// Where the repository keeps its corpus.
    static let standard = "Tests/Corpus"

    /// More files, and longer ones, are not read.
    private static let fileLimit = 4096
    private static let byteLimit = 64 * 1024
    private static let samplesPerTarget: UInt64 = 4

    let path: String

    /// The inputs of a target in the order of their names; none where there is no such folder.
    func inputs(of target: FuzzTarget) -> [[UInt8]] {
        let folder = URL(fileURLWithPath: path).appendingPathComponent(target.name)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().prefix(Self.fileLimit).compactMap { name in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)) else { return nil }
            return Array(data.prefix(Self.byteLimit))
        }
    }

    /// Writes a few valid samples of each format.
    func write() throws {
        for target in FuzzTarget.all {
            let folder = URL(fileURLWithPath: path).appendingPathComponent(target.name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for number in 1...Self.samplesPerTarget {
                try Data(target.sample(number: number)).write(to: folder.appendingPathComponent("sample-\(number)"))
            }
        }
    }
}
