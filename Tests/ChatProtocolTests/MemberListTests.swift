import Basics
import ChatProtocol
import Testing

@Suite struct MemberListTests {
    @Test(
        "a list is cut into events of at most 8 KiB that hold every name once, the last one marked",
        arguments: [0, 1, 100, 1_024, 16_384])
    func cutting(count: Int) throws {
        let names = (0..<count).map { "n\($0)" + String(repeating: "é", count: 29) }
        var seen: [String] = []
        let events = ServerEvent.memberLists(label: 7, names: names)
        for (index, event) in events.enumerated() {
            let bytes = event.encoded()
            #expect(bytes.count <= ChatLimits.memberListBytes)
            guard case .members(7, let part, let isLast) = try ServerEvent(decoding: bytes.span) else {
                Issue.record("not a member list")
                return
            }
            #expect(isLast == (index == events.count - 1))
            seen += part
        }
        #expect(seen == names)
        #expect(!events.isEmpty)
    }

    @Test("a count that lies throws at the end of the input")
    func lyingCount() {
        var bytes = ServerEvent.members(label: 1, names: [], isLast: true).encoded()
        bytes.removeLast()
        bytes.putVarInt(VarInt.max)
        #expect(throws: WireError.truncated(needed: 1, remaining: 0)) { _ = try ServerEvent(decoding: bytes.span) }
    }

    @Test("an empty member name is refused")
    func emptyName() {
        let bytes = ServerEvent.members(label: 1, names: [""], isLast: true).encoded()
        #expect(throws: WireError.invalid(field: "member name")) { _ = try ServerEvent(decoding: bytes.span) }
    }
}
