import Basics
import Testing

@Suite("Socket addresses")
struct SocketAddressTests {
    @Test("IPv4 is shown as a dotted quad")
    func version4() {
        let address = SocketAddress(host: .v4(0xc0a8_01ff), port: 8080)
        #expect(address.description == "192.168.1.255:8080")
    }

    /// The rules of RFC 5952, section 4.
    @Test(
        "IPv6 is shown in its shortest form",
        arguments: [
            (0, 0, "::"), (0, 1, "::1"), (0x2001_0db8_0000_0000, 1, "2001:db8::1"),
            (0x2001_0db8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
            (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
            (0x2001_0db8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
            (0xfe80_0000_0000_0000, 0, "fe80::"), (0, 0xffff_7f00_0001, "::ffff:127.0.0.1"),
        ] as [(UInt64, UInt64, String)])
    func version6(high: UInt64, low: UInt64, text: String) {
        #expect(SocketAddress(host: .v6(high: high, low: low, scope: 0), port: 1).hostText == text)
    }

    @Test("the port of IPv6 stands behind brackets, the scope behind a percent sign")
    func port6() {
        let address = SocketAddress(host: .v6(high: 0xfe80_0000_0000_0000, low: 1, scope: 2), port: 5000)
        #expect(address.description == "[fe80::1%2]:5000")
    }

    @Test("loopback and unspecified addresses are recognised in both families")
    func kinds() {
        #expect(SocketAddress.loopback(port: 1).isLoopback)
        #expect(SocketAddress(host: .v4(0x7fff_ffff), port: 1).isLoopback)
        #expect(SocketAddress(host: .v6(high: 0, low: 1, scope: 0), port: 1).isLoopback)
        #expect(SocketAddress(host: .v6(high: 0, low: 0xffff_7f00_0001, scope: 0), port: 1).isLoopback)
        #expect(!SocketAddress(host: .v4(0x0a00_0001), port: 1).isLoopback)
        #expect(!SocketAddress(host: .v6(high: 1, low: 1, scope: 0), port: 1).isLoopback)
        #expect(SocketAddress(host: .v4(0), port: 1).isUnspecified)
        #expect(SocketAddress(host: .v6(high: 0, low: 0, scope: 0), port: 1).isUnspecified)
        #expect(!SocketAddress.loopback(port: 0).isUnspecified)
    }
}
