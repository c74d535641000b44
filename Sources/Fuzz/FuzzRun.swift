import Basics

/// Inputs of one target: each is found from the seed, the corpus and its index alone, whatever ran before.
package struct FuzzInputs: Sendable {
    private let target: FuzzTarget
    private let corpus: [[UInt8]]
    private let base: UInt64

    /// - Parameter corpus: inputs from files, used beside those that the target makes itself.
    package init(target: FuzzTarget, seed: UInt64, corpus: [[UInt8]] = []) {
        self.target = target
        self.corpus = corpus.map { Array($0.prefix(target.limit)) }
        base = Self.mixed(seed ^ Self.hash(target.name))
    }

    /// Input number `index`.
    package func input(at index: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: Self.mixed(base &+ index))
        var bytes = source(using: &random)
        guard !random.chance(0.1) else { return Array(bytes.prefix(target.limit)) }
        let mutator = Mutator(limit: target.limit)
        repeat {
            mutator.mutate(&bytes, with: { random in source(using: &random) }, using: &random)
        } while random.chance(0.5)
        return bytes
    }

    private func source(using random: inout SeededGenerator) -> [UInt8] {
        if random.chance(0.3), let kept = corpus.randomElement(using: &random) { return kept }
        return target.sample(using: &random)
    }

    /// Neighbouring numbers become unrelated ones.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var random = SeededGenerator(seed: value)
        return random.next()
    }

    /// FNV-1a, which is the same in every process.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

/// What a run over some inputs of a target came to.
package struct FuzzResult: Sendable {
    /// Inputs tried.
    package var tried: UInt64 = 0
    /// Inputs that were taken as a value.
    package var accepted: UInt64 = 0
    /// The input that broke a property, if one did; the run ended there.
    package var failure: Failure?

    /// An input and what it broke.
    package struct Failure: Sendable {
        package let index: UInt64
        package let input: [UInt8]
        package let fault: FuzzFault
    }

    package init() {}
}

extension FuzzTarget {
    /// Tries inputs until a property breaks or the caller has enough.
    ///
    /// - Parameters:
    ///   - start: the index of the first input.
    ///   - goesOn: asked before each input, with its index.
    package func run(_ inputs: FuzzInputs, from start: UInt64 = 0, while goesOn: (UInt64) -> Bool) -> FuzzResult {
        var result = FuzzResult()
        var index = start
        while goesOn(index) {
            let input = inputs.input(at: index)
            do throws(FuzzFault) {
                if try check(input) { result.accepted += 1 }
            } catch {
                result.failure = FuzzResult.Failure(index: index, input: input, fault: error)
            }
            result.tried += 1
            if result.failure != nil { return result }
            index &+= 1
        }
        return result
    }
}
