import Basics
import Testing

struct BisectionTests {
    @Test("bisection finds what a look at each element finds, in arrays and in slices of them")
    func agreesWithLooking() {
        for count in 0...33 {
            let elements = Array(0..<count)
            for bound in -1...count {
                #expect(elements.partitioningIndex { $0 >= bound } == max(0, bound))
                let slice = elements[(count / 3)...]
                #expect(slice.partitioningIndex { $0 >= bound } == max(count / 3, bound))
            }
        }
    }
}
