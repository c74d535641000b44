package import Basics

/// A property that did not hold for some input.
package struct FuzzFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected and what came instead, for people.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// One thing that takes bytes of strangers, and what must hold whatever the bytes are.
///
/// That it never traps and always returns is a property of every target; a trap is seen by whoever runs the process.
package struct FuzzTarget: Sendable {
    /// Checks one input.
    ///
    /// - Returns: whether the bytes were taken as a value; random bytes hardly ever are, so a share near zero means
    ///   that only the front of the decoder is tried.
    package typealias Check = @Sendable ([UInt8]) throws(FuzzFault) -> Bool

    /// The target's word on the command line, and the name of its folder in a corpus.
    package let name: String
    /// What it is, in one line.
    package let summary: String
    /// How much of a shared time it gets, relative to the others.
    package let weight: Int
    /// The longest input that is made, in bytes.
    package let limit: Int

    private let makeSample: @Sendable (inout SeededGenerator) -> [UInt8]
    private let checkInput: Check

    /// - Parameters:
    ///   - sample: makes valid bytes, each time others.
    ///   - check: must not depend on anything but its input.
    package init(
        _ name: String, _ summary: String, weight: Int = 1, limit: Int = 2048,
        sample: @escaping @Sendable (inout SeededGenerator) -> [UInt8], check: @escaping Check
    ) {
        self.name = name
        self.summary = summary
        self.weight = weight
        self.limit = limit
        makeSample = sample
        checkInput = check
    }

    /// Valid bytes, others for each number.
    package func sample(number: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: number)
        return makeSample(&random)
    }

    /// Valid bytes, to be damaged.
    func sample(using random: inout SeededGenerator) -> [UInt8] {
        makeSample(&random)
    }

    /// - Returns: whether the bytes were taken as a value.
    package func check(_ input: [UInt8]) throws(FuzzFault) -> Bool {
        try checkInput(input)
    }

    /// Every target, in the order in which data passes them: packets, messages, texts, whole endpoints.
    package static let all: [FuzzTarget] =
        packets + handshakes + resumes + messages + texts + [.streams, .server, .client]

    /// Targets with a fault planted on purpose; never part of `all`.
    package static let planted: [FuzzTarget] = [.plantedFault, .plantedTrap]

    /// - Returns: nil for a name that no target has.
    package static func named(_ name: String) -> FuzzTarget? {
        (all + planted).first { $0.name == name }
    }
}
