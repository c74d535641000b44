import Testing

@testable import ServerRuntime

/// When memory is given back.
@Suite struct HeapUpkeepTests {
    /// What is said of each look at so many peers and handshakes.
    private func answers(_ looks: [(peers: Int, handshakes: Int)]) -> [Bool] {
        var upkeep = HeapUpkeep()
        return looks.map { upkeep.isDue(peers: $0.peers, handshakes: $0.handshakes) }
    }

    @Test("memory is given back once, when many have come and their handshakes are forgotten")
    func coming() {
        let few = 1_000 - HeapUpkeep.change + 1
        #expect(answers([(1_000, 500), (1_000, 3), (1_000, 0), (few, 0)]) == [false, true, false, false])
    }

    @Test("memory is given back when many have gone")
    func going() {
        #expect(answers([(HeapUpkeep.change - 1, 0), (100, 0), (0, 0)]) == [false, true, true])
    }
}
