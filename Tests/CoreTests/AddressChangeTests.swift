import Basics
import ChatDomain
import ChatProtocol
import ClientCore
import Crypto
import ServerCore
import Testing
import Transport

/// A client whose machine changes its address, with a whole server.
struct AddressChangeTests {
    private struct World {
        static let home = SocketAddress(host: .v4(0xc000_0201), port: 5000)
        static let elsewhere = SocketAddress(host: .v4(0xc000_0302), port: 5000)

        var server: ServerCore
        var client: ClientCore
        var address = World.home
        var now = Instant(nanoseconds: 1_000_000_000)
        private var random = SeededGenerator(seed: 1)

        /// A client that is in and has said nothing for a while.
        init() throws {
            let bytes = Array("right".utf8)
            let password = RoomPassword(prepared: SecretBytes(copying: bytes.span))
            server = try ServerCore(
                configuration: ServerCoreConfiguration(server: "test"), identity: SigningKey(using: &random),
                password: password, epoch: LogEpoch(rawValue: 1), at: now, wall: WallTime(milliseconds: 0))
            client = ClientCore(
                configuration: ClientCoreConfiguration(
                    name: "ana", history: 0, reconnect: .seconds(60), pinnedServerKey: nil),
                identity: ClientIdentity(device: SigningKey(using: &random), password: password, incarnation: 1),
                at: now, using: &random)
            run(for: .seconds(5))
        }

        mutating func changeAddress() {
            client.addressChanged(at: now, using: &random)
        }

        /// What the client sends now; it is delivered.
        mutating func send() -> [[UInt8]] {
            var sent: [[UInt8]] = []
            var datagram: [UInt8] = []
            while client.pollTransmit(into: &datagram, at: now) {
                sent.append(datagram)
                server.receive(
                    datagram.span, from: address, at: now, wall: WallTime(milliseconds: 0), using: &random)
            }
            return sent
        }

        mutating func run(for time: Duration) {
            let end = now + time
            var datagram: [UInt8] = []
            while true {
                var isQuiet = false
                while !isQuiet {
                    isQuiet = send().isEmpty
                    while let target = server.pollTransmit(into: &datagram, at: now) {
                        isQuiet = false
                        // What goes to another address is lost.
                        if target == address { client.receive(datagram.span, at: now, using: &random) }
                    }
                }
                let next = [client.nextDeadline, server.nextDeadline].compactMap { $0 }.min() ?? end
                guard next < end else { break }
                now = max(next, now)
                client.handleTimeouts(at: now, using: &random)
                server.handleTimeouts(at: now, wall: WallTime(milliseconds: 0))
            }
            now = end
        }

        /// The connection ID that a datagram of the client carries.
        static func id(_ datagram: [UInt8]) throws -> ConnectionID {
            try #require(try DataHeader(parsing: datagram.span, hasDestination: true).destination)
        }
    }

    @Test("a client that has another address speaks at once, under another connection ID, and is found there")
    func speaksAtOnce() throws {
        var world = try World()
        #expect(world.client.hasBeenOnline && world.send().isEmpty)
        world.client.enter("hello", at: world.now)
        let before = try #require(world.send().first)
        world.run(for: .seconds(1))
        #expect(world.server.members.map(\.address) == [World.home])

        world.address = World.elsewhere
        world.changeAddress()
        let sent = world.send()
        #expect(sent.count == 1)
        #expect(try World.id(try #require(sent.first)) != World.id(before))
        world.run(for: .milliseconds(10))
        #expect(world.server.members.map(\.address) == [World.elsewhere])
        #expect(world.client.finish == nil && world.client.unsentCount == 0)
    }

    @Test("what is under way when the address changes leaves again at once from the new one")
    func carriesWhatIsUnderWay() throws {
        var world = try World()
        world.client.enter("lost on the way", at: world.now)
        var datagram: [UInt8] = []
        while world.client.pollTransmit(into: &datagram, at: world.now) {}
        world.address = World.elsewhere
        world.changeAddress()
        world.run(for: .milliseconds(10))
        #expect(world.client.unsentCount == 0)
    }

    @Test("without a connection there is nothing to say")
    func withoutConnection() throws {
        var world = try World()
        world.client.quitNow(at: world.now)
        _ = world.send()
        world.changeAddress()
        #expect(world.send().isEmpty)
    }
}
