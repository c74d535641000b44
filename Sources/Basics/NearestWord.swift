/// The word of a list that somebody may have meant who mistyped it.
package enum NearestWord {
    /// Longer words are compared by their beginning only, so that the work is bounded.
    private static let longestWord = 12

    /// - Parameter candidates: words in lower case.
    /// - Returns: the candidate that is most like the word: one letter off where the word is short, else two; nil when
    ///   none is near.
    package static func of(_ word: String, among candidates: [String]) -> String? {
        let wanted = Array(word.lowercased().unicodeScalars.prefix(longestWord + 2))
        let allowed = wanted.count < 4 ? 1 : 2
        let distances = candidates.map { (word: $0, distance: distance(wanted, Array($0.unicodeScalars))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance <= allowed else { return nil }
        return best.word
    }

    /// How many letters must be put in, taken out, changed or swapped with their neighbour (optimal string alignment).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    previous[column] + (scalar == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            (before, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
