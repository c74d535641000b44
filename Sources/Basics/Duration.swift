/// A length of time in whole nanoseconds, which 64 bits hold for 292 years; beyond that it saturates.
///
/// It stands in for the standard library's `Duration`, which counts attoseconds in 128 bits: recovery multiplies and
/// divides lengths of time several times for each packet, and there each division is a call that costs as much as the
/// rest of the packet's bookkeeping; every estimate kept for each member would be twice as long as well.
package struct Duration: Hashable, Comparable, AdditiveArithmetic, Sendable {
    /// May be negative.
    package var wholeNanoseconds: Int64

    @inlinable package init(wholeNanoseconds: Int64) {
        self.wholeNanoseconds = wholeNanoseconds
    }

    @inlinable package static var zero: Duration { Duration(wholeNanoseconds: 0) }

    @inlinable package static func nanoseconds(_ count: some BinaryInteger) -> Duration {
        Duration(wholeNanoseconds: Int64(clamping: count))
    }
    @inlinable package static func nanoseconds(_ count: Int) -> Duration { Duration(wholeNanoseconds: Int64(count)) }
    @inlinable package static func microseconds(_ count: some BinaryInteger) -> Duration {
        .nanoseconds(1_000) * Int(clamping: count)
    }
    @inlinable package static func milliseconds(_ count: some BinaryInteger) -> Duration {
        .nanoseconds(1_000_000) * Int(clamping: count)
    }
    @inlinable package static func seconds(_ count: some BinaryInteger) -> Duration {
        .nanoseconds(1_000_000_000) * Int(clamping: count)
    }

    // For constants, which are then known when this is compiled: nothing is computed, or looked up, at each use.
    @inlinable package static func microseconds(_ count: Int) -> Duration { .nanoseconds(1_000) * count }
    @inlinable package static func milliseconds(_ count: Int) -> Duration { .nanoseconds(1_000_000) * count }
    @inlinable package static func seconds(_ count: Int) -> Duration { .nanoseconds(1_000_000_000) * count }

    package static func microseconds(_ count: Double) -> Duration { Duration(rounding: count * 1e3) }
    package static func milliseconds(_ count: Double) -> Duration { Duration(rounding: count * 1e6) }
    package static func seconds(_ count: Double) -> Duration { Duration(rounding: count * 1e9) }

    @usableFromInline init(rounding nanoseconds: Double) {
        let limit = Double(Int64.max)
        guard !nanoseconds.isNaN else { self = .zero; return }
        wholeNanoseconds =
            nanoseconds >= limit ? .max : nanoseconds <= -limit ? .min : Int64(nanoseconds.rounded())
    }

    /// Whole seconds, and attoseconds of the same sign.
    package var components: (seconds: Int64, attoseconds: Int64) {
        let (seconds, rest) = wholeNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return (seconds, rest * 1_000_000_000)
    }

    @inlinable package static func < (left: Duration, right: Duration) -> Bool {
        left.wholeNanoseconds < right.wholeNanoseconds
    }

    @inlinable package static func + (left: Duration, right: Duration) -> Duration {
        let (sum, overflow) = left.wholeNanoseconds.addingReportingOverflow(right.wholeNanoseconds)
        return Duration(wholeNanoseconds: overflow ? (left < .zero ? .min : .max) : sum)
    }

    @inlinable package static func - (left: Duration, right: Duration) -> Duration {
        let (rest, overflow) = left.wholeNanoseconds.subtractingReportingOverflow(right.wholeNanoseconds)
        return Duration(wholeNanoseconds: overflow ? (left < .zero ? .min : .max) : rest)
    }

    @inlinable package static func * (left: Duration, right: Int) -> Duration {
        let (product, overflow) = left.wholeNanoseconds.multipliedReportingOverflow(by: Int64(right))
        return Duration(wholeNanoseconds: overflow ? ((left < .zero) == (right < 0) ? .max : .min) : product)
    }

    @inlinable package static func * (left: Duration, right: Double) -> Duration {
        Duration(rounding: Double(left.wholeNanoseconds) * right)
    }

    /// - Parameter right: not zero.
    @inlinable package static func / (left: Duration, right: Int) -> Duration {
        Duration(wholeNanoseconds: left.wholeNanoseconds / Int64(right))
    }

    @inlinable package static func / (left: Duration, right: Duration) -> Double {
        Double(left.wholeNanoseconds) / Double(right.wholeNanoseconds)
    }
}

extension Duration: CustomStringConvertible {
    package var description: String { "\(Double(wholeNanoseconds) / 1e9) seconds" }
}
