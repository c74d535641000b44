import Basics
import ChatClient
import ChatDomain
import ChatProtocol
import ServerCore
import Testing

/// The rules for names as the whole server keeps them, for people and for groups.
@Suite("names at the server")
struct LookAlikeTests {
    private static let wrong = [
        "-tea", ".tea", "te\u{200b}a", "te\u{202e}a", "te\u{7}a", "te\u{1b}[31m", "tea\u{fe0f}", "te\u{200d}a",
        "te\u{e0041}a", "a\u{301}\u{301}\u{301}\u{301}", "te!a", "te@a", String(repeating: "a", count: 33),
        String(repeating: "\u{65e5}", count: 22), "\u{1f468}\u{200d}\u{1f469}",
    ]

    @Test(
        "row 36: look-alikes of a group's name are taken, in any case, composition, width or script",
        arguments: [
            ("tea", "TEA"), ("tea", "t\u{435}a"), ("tea", "\u{ff54}\u{ff45}\u{ff41}"), ("caf\u{e9}", "cafe\u{301}"),
            ("caf\u{e9}", "CAFE\u{301}"), ("paypal", "p\u{430}yp\u{430}l"),
        ])
    func groups(name: String, likeness: String) throws {
        var world = try CoreWorld(seed: 36)
        world.join("ana")
        world.join("bo")
        world.type(":group create \(name)", by: "ana")
        world.type(":group create \(likeness)", by: "bo")
        #expect(world.errors(of: "ana") == [] && world.errors(of: "bo") == [.groupTaken])
        #expect(world.server.groups.map(\.memberCount) == [1])
        world.type(":group join \(likeness)", by: "bo")
        #expect(world.server.groups.map(\.memberCount) == [2], "the likeness means the same group")
        world.run(for: .seconds(1))
    }

    @Test(
        "row 36: a member can't take a look-alike of a name in use or of the console's, by renaming either",
        arguments: ["ANA", "\u{430}na", "an\u{430}", "\u{ff41}na", "SERVER", "s\u{435}rver"])
    func people(likeness: String) throws {
        var world = try CoreWorld(seed: 37)
        world.join("ana")
        world.join("bo")
        world.type(":nick \(likeness)", by: "bo")
        #expect(world.errors(of: "bo") == [.nameTaken])
        let console = world.order(.rename(from: "bo", to: likeness))
        #expect(console == .nameTaken && world.server.members.map(\.name) == ["ana", "bo"])
    }

    @Test("row 37: what breaks the rule for names is no group either", arguments: wrong)
    func groupNames(name: String) throws {
        var world = try CoreWorld(seed: 38)
        world.join("ana")
        // One # before a group is only a way to write it.
        world.type(":group create \(name.hasPrefix("#") ? "#" : "")\(name)", by: "ana")
        world.run(for: .seconds(1))
        #expect(world.errors(of: "ana") == [.nameInvalid] && world.server.groups.isEmpty)
    }

    @Test(
        "row 37: what breaks the rule for names is nobody's new name either",
        arguments: wrong + ["#tea", "a b", "", " ", "a\n", "\u{301}a"])
    func newNames(name: String) throws {
        var world = try CoreWorld(seed: 39)
        world.join("ana")
        let console = world.order(.rename(from: "ana", to: name))
        #expect(console == .nameInvalid && world.server.members.map(\.name) == ["ana"])
    }

    @Test(
        "row 37: letters and digits of any script, marks, signs within and single emoji are names of groups",
        arguments: [
            "tea", "Kelompok-1", "\u{1f375}", "\u{7121}\u{654c}", "\u{627}\u{644}\u{641}", "a.b_c-", "caf\u{e9}",
        ])
    func goodNames(name: String) throws {
        var world = try CoreWorld(seed: 40)
        world.join("ana")
        world.type(":group create \(name)", by: "ana")
        #expect(world.server.groups.map(\.name) == [name] && world.errors(of: "ana") == [])
    }
}
