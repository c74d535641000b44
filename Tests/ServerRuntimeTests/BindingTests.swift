import Basics
import ProgramFrame
import Sentences
import Testing

@testable import ServerRuntime
@testable import SocketIO

struct BindingTests {
    @Test("a port in use ends with 71, names the port and one that is free")
    func portInUse() throws {
        let first = try Binding.bind(host: "127.0.0.1", port: 0)
        let port = first.localAddress.port
        let failure = #expect(throws: ProgramFailure.self) { _ = try Binding.bind(host: "127.0.0.1", port: port) }
        #expect(failure?.status == .system)
        #expect(failure?.text(in: .english).contains("127.0.0.1:\(port)") == true)
        #expect(failure?.text(in: .english).contains("-p") == true)
        #expect(first.localAddress.port == port)
    }

    @Test(
        "an address of another machine and a host that is none end with 71", arguments: ["203.0.113.1", "a b", "::g"])
    func wrongHost(host: String) {
        let failure = #expect(throws: ProgramFailure.self) { _ = try Binding.bind(host: host, port: 0) }
        #expect(failure?.status == .system)
        #expect(failure?.text(in: .english).contains(host) == true)
    }

    @Test("a server at all addresses names those that a client can use, far-reaching ones first")
    func reachable() {
        let loopback = LocalAddress(interface: "lo", host: .v4(0x7f00_0001))
        let wired = LocalAddress(interface: "eth0", host: .v4(0xc0a8_0105))
        let linkLocal = LocalAddress(interface: "eth0", host: .v6(high: 0xfe80 << 48, low: 5, scope: 2))
        let global = LocalAddress(interface: "eth0", host: .v6(high: 0x2001_0db8 << 32, low: 5, scope: 0))
        let all = [loopback, wired, linkLocal, global]
        func hosts(_ bound: SocketAddress.Host) -> [String] {
            Binding.reachable(SocketAddress(host: bound, port: 8_080), among: all).map(\.hostText)
        }
        #expect(hosts(.v4(0)) == ["192.168.1.5", "127.0.0.1"])
        #expect(hosts(.v6(high: 0, low: 0, scope: 0)) == ["192.168.1.5", "2001:db8::5", "127.0.0.1"])
        #expect(hosts(.v4(0xc0a8_0105)) == [])
    }
}
