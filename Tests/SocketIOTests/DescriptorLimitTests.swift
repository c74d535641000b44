import SocketIO
import Testing

@Suite("the limit of open files")
struct DescriptorLimitTests {
    @Test("it never falls, and rises as far as the system lets it")
    func raise() throws {
        let now = try DescriptorLimit.raise(to: 0)
        #expect(now > 0)
        #expect(try DescriptorLimit.raise(to: now) == now)
        let more = try DescriptorLimit.raise(to: now + 1)
        #expect(more == now || more == now + 1)
        #expect(try DescriptorLimit.raise(to: 1) == more)
    }
}
