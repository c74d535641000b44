import Basics
import ChatProtocol
import ClientCore
import Crypto
import ServerCore
import SocketIO
import Transport

/// Whole logins in memory: what the CPU gives, client and server apart. Each hello is asked for a cookie, as it is when
/// many come at once, and each login gets a ticket.
struct LoginBench {
    /// Between two logins, so that the tables of the server are as in a calm room.
    private static let pause: Duration = .seconds(10)
    /// M1 and the demand for a cookie, M1 with it and M2, M3 and M4. A hello that is lucky needs one less.
    private static let exchanges = 3

    var seconds: Double

    func run() throws(SystemError) -> BenchReport {
        var report = BenchReport("login")
        guard var world = World() else {
            report.fail("the server can't be made")
            return report
        }
        let end = MonotonicClock.now + .nanoseconds(Int64(seconds * 1e9))
        while MonotonicClock.now < end {
            guard world.login() else {
                report.fail("a login did not succeed")
                break
            }
        }
        let count = Double(max(1, world.count))
        let (server, client) = (Double(world.serverTime.wholeNanoseconds), Double(world.clientTime.wholeNanoseconds))
        report.add("logins", "logins", world.count)
        report.add("serverMicroseconds", "CPU of the server per login", server / count / 1000, digits: 1, unit: "us")
        report.add("clientMicroseconds", "CPU of the client per login", client / count / 1000, digits: 1, unit: "us")
        report.add(
            "loginsPerSecond", "logins a second, both on one core", count * 1e9 / max(1, server + client))
        report.add("serverLoginsPerSecond", "logins a second of a server's core", count * 1e9 / max(1, server))
        return report
    }

    /// One server and one client after the other, on a time line of their own.
    private struct World {
        private static let address = SocketAddress.loopback(port: 5000)

        private var server: ServerCore
        private let password: RoomPassword
        private var random = SystemRandomNumberGenerator()
        private var now = Instant(nanoseconds: 1_000_000_000)
        private var datagram: [UInt8] = []

        private(set) var count = 0
        private(set) var serverTime = Duration.zero
        private(set) var clientTime = Duration.zero

        init?() {
            password = RoomPassword(prepared: SecretBytes(copying: Array("bench".utf8).span))
            var configuration = ServerCoreConfiguration(server: "bench")
            configuration.strangers.cookiePercent = 100
            let core = try? ServerCore(
                configuration: configuration, identity: SigningKey(using: &random), password: password,
                epoch: LogEpoch(rawValue: 1),
                tickets: TicketKeys(keys: [], wall: WallClock.now, at: now, using: &random), at: now,
                wall: WallClock.now)
            guard let core else { return nil }
            server = core
        }

        /// - Returns: whether the client got in.
        mutating func login() -> Bool {
            now = now + LoginBench.pause
            server.handleTimeouts(at: now, wall: WallTime(milliseconds: 0))
            // A device has its key long before it logs in.
            let device = SigningKey(using: &random)
            let begin = ThreadClock.cpuTime
            var client = ClientCore(
                configuration: ClientCoreConfiguration(
                    name: "ana", history: 0, reconnect: .seconds(10), pinnedServerKey: nil),
                identity: ClientIdentity(device: device, password: password, incarnation: random.next()),
                at: now, using: &random)
            clientTime += ThreadClock.cpuTime - begin
            for _ in 0..<LoginBench.exchanges where client.status.phase != .online { exchange(&client) }
            guard client.status.phase == .online else { return false }
            count += 1
            // What follows is not the login: the list of members, and leaving.
            let (serverTime, clientTime) = (serverTime, clientTime)
            client.quitNow(at: now)
            for _ in 0..<4 { exchange(&client) }
            (self.serverTime, self.clientTime) = (serverTime, clientTime)
            return true
        }

        /// All that the client has to say now, and what the server says to it.
        private mutating func exchange(_ client: inout ClientCore) {
            var clock = ThreadClock.cpuTime
            var up: [[UInt8]] = []
            while client.pollTransmit(into: &datagram, at: now) { up.append(datagram) }
            clientTime += lap(&clock)
            var down: [[UInt8]] = []
            for bytes in up {
                server.receive(
                    bytes.span, from: Self.address, at: now, wall: WallTime(milliseconds: 0), using: &random)
            }
            while server.pollTransmit(into: &datagram, at: now) != nil { down.append(datagram) }
            while server.pollEvent() != nil {}
            serverTime += lap(&clock)
            for bytes in down { client.receive(bytes.span, at: now, using: &random) }
            while client.pollEvent() != nil {}
            clientTime += lap(&clock)
        }

        private func lap(_ clock: inout Duration) -> Duration {
            let before = clock
            clock = ThreadClock.cpuTime
            return clock - before
        }
    }
}
