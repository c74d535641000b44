import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Crypto
import ServerCore
import Testing
import Transport

/// Registered names, from the password that a person types to the place in the room.
struct AccountTests {
    private struct World {
        var server: ServerCore
        var random = SeededGenerator(seed: 1)
        var now = Instant(nanoseconds: 1_000_000_000)
        private var lastPort: UInt16 = 5_000

        init(admitsGuests: Bool = true) throws {
            var configuration = ServerCoreConfiguration(server: "test")
            configuration.admitsGuests = admitsGuests
            var random = SeededGenerator(seed: 2)
            server = try ServerCore(
                configuration: configuration, identity: SigningKey(using: &random), password: Self.room,
                epoch: LogEpoch(rawValue: 1), accounts: AccountSeed(using: &random), at: now,
                wall: WallTime(milliseconds: 0))
        }

        static let room = RoomPassword(prepared: SecretBytes(copying: Array("room".utf8).span))

        static func personal(_ text: String?) -> PersonalPassword? {
            text.map { PersonalPassword(prepared: SecretBytes(copying: Array($0.utf8).span)) }
        }

        /// A person at a device of their own.
        struct Person {
            var core: ClientCore
            let port: UInt16
            var events: [ClientEvent] = []

            var isIn: Bool { core.hasBeenOnline && core.finish == nil }
            var errors: [ErrorCode] {
                events.compactMap { if case .error(let code, _) = $0 { code } else { nil } }
            }
        }

        mutating func person(_ name: String, device: UInt64, password: String? = nil) -> Person {
            var keys = SeededGenerator(seed: device)
            lastPort += 1
            return Person(
                core: ClientCore(
                    configuration: ClientCoreConfiguration(
                        name: name, history: 0, reconnect: .seconds(60), pinnedServerKey: nil),
                    identity: ClientIdentity(
                        device: SigningKey(using: &keys), password: Self.room,
                        personalPassword: Self.personal(password), incarnation: device),
                    at: now, using: &random),
                port: lastPort)
        }

        /// Lets people and the server talk until nobody has anything to say.
        mutating func run(_ person: inout Person) {
            var datagram: [UInt8] = []
            var isQuiet = false
            while !isQuiet {
                isQuiet = true
                while person.core.pollTransmit(into: &datagram, at: now) {
                    isQuiet = false
                    server.receive(
                        datagram.span, from: .loopback(port: person.port), at: now, wall: WallTime(milliseconds: 0),
                        using: &random)
                }
                while let address = server.pollTransmit(into: &datagram, at: now) {
                    isQuiet = false
                    if address == .loopback(port: person.port) {
                        person.core.receive(datagram.span, at: now, using: &random)
                    }
                }
            }
            while server.pollEvent() != nil {}
            while let event = person.core.pollEvent() { person.events.append(event) }
        }

        /// Comes in, says lines, and leaves with what is due after them.
        mutating func visit(_ person: inout Person, saying lines: String...) {
            run(&person)
            for line in lines {
                person.core.enter(line, at: now)
                run(&person)
            }
            for _ in 0..<20 where person.core.finish == nil {
                guard let next = person.core.nextDeadline, next <= now + .milliseconds(100) else { break }
                now = max(now, next)
                person.core.handleTimeouts(at: now, using: &random)
                run(&person)
            }
        }
    }

    private static func notices(_ person: World.Person) -> [String] {
        person.events.compactMap { if case .notice(let text) = $0 { text } else { nil } }
    }

    /// A world in which Ana registered her name with "secret".
    private static func registered() throws -> World {
        var world = try World()
        var ana = world.person("ana", device: 1, password: "secret")
        world.visit(&ana, saying: ":register")
        #expect(notices(ana).contains { $0.contains("ana is yours") }, "\(ana.events)")
        world.visit(&ana, saying: ":quit")
        return world
    }

    @Test("who knows the personal password has the name on another device, and then without it")
    func otherDevice() throws {
        var world = try Self.registered()
        var phone = world.person("ana", device: 2, password: "secret")
        world.visit(&phone, saying: "from the phone")
        #expect(phone.isIn && phone.errors.isEmpty)
        world.visit(&phone, saying: ":quit")
        var later = world.person("ana", device: 2)
        world.visit(&later)
        #expect(later.isIn)
        #expect(world.server.members.map(\.name) == ["ana"])
    }

    @Test("a registered name is nobody else's: neither without the password, nor with a wrong one, nor as a look-alike")
    func strangers() throws {
        var world = try Self.registered()
        for (name, password) in [("ana", nil), ("ANA", nil), ("\u{0430}n\u{0430}", nil), ("ana", "guess")] {
            var stranger = world.person(name, device: 3, password: password)
            world.visit(&stranger)
            #expect(!stranger.isIn)
            #expect(stranger.errors == [password == nil ? .nameTaken : .wrongPassword])
            #expect(stranger.core.finish?.wantsPersonalPassword == true)
        }
        var ana = world.person("ana", device: 1)
        world.visit(&ana)
        #expect(ana.isIn)
    }

    @Test("nobody renames to a registered name")
    func renaming() throws {
        var world = try Self.registered()
        var bob = world.person("bob", device: 4)
        world.visit(&bob, saying: ":nick ana")
        #expect(bob.errors == [.nameTaken])
        #expect(world.server.members.map(\.name) == ["bob"])
    }

    @Test("31: who guesses personal passwords waits longer and longer, also for the right one")
    func guessing() throws {
        var world = try Self.registered()
        var codes: [ErrorCode] = []
        for device in 10..<17 {
            var guesser = world.person("ana", device: UInt64(device), password: "guess \(device)")
            world.visit(&guesser)
            codes += guesser.errors
        }
        #expect(codes.prefix(5) == Array(repeating: .wrongPassword, count: 5)[...])
        #expect(codes.dropFirst(5).contains(.tooManyAttempts))
        var phone = world.person("ana", device: 20, password: "secret")
        world.visit(&phone)
        #expect(phone.errors == [.tooManyAttempts] && !phone.isIn)
        world.now = world.now + .seconds(60)
        world.server.handleTimeouts(at: world.now, wall: WallTime(milliseconds: 0))
        var later = world.person("ana", device: 21, password: "secret")
        world.visit(&later)
        #expect(later.isIn, "\(later.events)")
        var atHome = world.person("ana", device: 1)
        world.visit(&atHome)
        #expect(atHome.isIn, "a known device is not asked")
    }

    @Test("who registers again has a new password, and the old one is worth nothing")
    func change() throws {
        var world = try Self.registered()
        var ana = world.person("ana", device: 1, password: "better")
        world.visit(&ana, saying: ":register", ":quit")
        var old = world.person("ana", device: 5, password: "secret")
        world.visit(&old)
        #expect(old.errors == [.wrongPassword])
        var new = world.person("ana", device: 6, password: "better")
        world.visit(&new)
        #expect(new.isIn)
    }

    @Test("where guests are not welcome, only registered people come in")
    func noGuests() throws {
        var world = try World(admitsGuests: false)
        var guest = world.person("ana", device: 1)
        world.visit(&guest)
        #expect(guest.errors == [.notAllowed] && guest.core.finish?.wantsPersonalPassword == false)
    }

    @Test("without a password and without a terminal, a client says how to register")
    func nobodyToAsk() throws {
        var world = try World()
        var ana = world.person("ana", device: 1)
        world.visit(&ana, saying: ":register")
        #expect(ana.errors == [.usage] && ana.isIn)
    }
}
