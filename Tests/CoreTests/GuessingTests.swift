import Basics
import ChatClient
import ChatDomain
import ChatProtocol
import ClientCore
import Crypto
import ServerCore
import Testing
import Transport

/// A whole server and whole clients, without anything between them: rows 31 and 34 as people meet them.
struct GuessingTests {
    private struct World {
        var server: ServerCore
        var random = SeededGenerator(seed: 1)
        var now = Instant(nanoseconds: 1_000_000_000)
        private(set) var refusals: [ErrorCode] = []

        /// A server that hears one wrong password of an address, and then one each 30 s.
        init() throws {
            var configuration = ServerCoreConfiguration(server: "test")
            configuration.strangers.guesses.perBlock = 1
            var random = SeededGenerator(seed: 2)
            server = try ServerCore(
                configuration: configuration, identity: SigningKey(using: &random), password: Self.password("right"),
                epoch: LogEpoch(rawValue: 1), at: now,
                wall: WallTime(milliseconds: 0))
        }

        static func password(_ text: String) -> RoomPassword {
            let bytes = Array(text.utf8)
            return RoomPassword(prepared: SecretBytes(copying: bytes.span))
        }

        mutating func client(password: String, reconnect: Duration) -> ClientCore {
            ClientCore(
                configuration: ClientCoreConfiguration(
                    name: "ana", history: 0, reconnect: reconnect, pinnedServerKey: nil),
                identity: ClientIdentity(
                    device: SigningKey(using: &random), password: Self.password(password), incarnation: 1),
                at: now, using: &random)
        }

        /// Lets a client and the server talk for a while.
        ///
        /// - Returns: what the client showed, each with the seconds since the beginning.
        mutating func run(_ client: inout ClientCore, for time: Duration) -> [(seconds: Int64, event: ClientEvent)] {
            let start = now
            var shown: [(seconds: Int64, event: ClientEvent)] = []
            while true {
                exchange(with: &client)
                while let event = client.pollEvent() { shown.append(((now - start).components.seconds, event)) }
                let next = [client.nextDeadline, server.nextDeadline].compactMap { $0 }.min() ?? start + time
                guard client.finish == nil, next < start + time else { break }
                now = max(next, now)
                client.handleTimeouts(at: now, using: &random)
                server.handleTimeouts(at: now, wall: WallTime(milliseconds: 0))
            }
            now = start + time
            return shown
        }

        private mutating func exchange(with client: inout ClientCore) {
            var datagram: [UInt8] = []
            var isQuiet = false
            while !isQuiet {
                isQuiet = true
                while client.pollTransmit(into: &datagram, at: now) {
                    isQuiet = false
                    server.receive(
                        datagram.span, from: .loopback(port: 5000), at: now, wall: WallTime(milliseconds: 0),
                        using: &random)
                }
                while server.pollTransmit(into: &datagram, at: now) != nil {
                    isQuiet = false
                    client.receive(datagram.span, at: now, using: &random)
                }
            }
            while let event = server.pollEvent() {
                if case .refused(_, _, let reason) = event { refusals.append(reason) }
            }
        }
    }

    /// A world in which somebody has just used up the guesses of the address.
    private static func guessed() throws -> World {
        var world = try World()
        var guesser = world.client(password: "wrong", reconnect: .seconds(60))
        _ = world.run(&guesser, for: .seconds(1))
        #expect(guesser.finish?.reason == .refused)
        #expect(world.refusals == [.wrongPassword])
        return world
    }

    @Test("31: told to try later, a client waits that long, says so, and gets in")
    func waitsAndGetsIn() throws {
        var world = try Self.guessed()
        var client = world.client(password: "right", reconnect: .seconds(60))
        let shown = world.run(&client, for: .seconds(40))
        #expect(client.hasBeenOnline && client.finish == nil)
        #expect(world.refusals == [.wrongPassword, .tooManyAttempts])
        let first = try #require(shown.first)
        guard case .reconnecting(attempt: 2, _) = first.event else {
            Issue.record("\(first.event)")
            return
        }
        #expect((29...30).contains(first.seconds))
    }

    @Test("31: a client that may not try for so long ends at once and says why", arguments: [0, 10])
    func endsWhenTimeIsShort(reconnect: Int) throws {
        var world = try Self.guessed()
        var client = world.client(password: "right", reconnect: .seconds(reconnect))
        let shown = world.run(&client, for: .seconds(20))
        let finish = try #require(client.finish)
        #expect(finish.reason == .refused)
        #expect(shown.map(\.seconds) == [0, 0])
        #expect(shown.map(\.event) == [.error(code: .tooManyAttempts, text: finish.text), .bye(reason: "refused")])
    }
}
