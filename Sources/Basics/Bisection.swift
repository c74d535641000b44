extension RandomAccessCollection where Index == Int {
    /// The first place whose element meets a condition that all later ones meet as well; the end when there is none.
    /// O(log n).
    @inlinable
    package func partitioningIndex(where isThere: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isThere(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
