import Basics
import Testing

@testable import SocketIO

@Suite struct AddressResolverTests {
    @Test(
        "numbers are understood without a name service",
        arguments: [
            ("127.0.0.1", "127.0.0.1:7000"), ("::1", "[::1]:7000"), ("[::1]", "[::1]:7000"),
            ("2001:DB8:0:0::7", "[2001:db8::7]:7000"), ("0.0.0.0", "0.0.0.0:7000"), ("::", "[::]:7000"),
            ("::ffff:192.0.2.7", "192.0.2.7:7000"),
        ])
    func numbers(host: String, expected: String) throws {
        #expect(try AddressResolver.resolve(host, port: 7000).map(\.description) == [expected])
    }

    @Test(
        "an address in numbers is one in its usual form only, since all else may be a name",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("2001:DB8::7", "2001:db8::7"), ("::1", "::1"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("1", nil), ("127.1", nil), ("0x7f000001", nil), ("010.0.0.1", nil), ("1.2.3.4.5", nil), ("256.0.0.1", nil),
            ("", nil), ("ana", nil), ("localhost", nil), ("[::1]", nil), ("fe80::1%1", nil), ("192.0.2.7 ", nil),
            ("192.0.2.0/24", nil), ("1.2.3.4\0", nil), (String(repeating: "1", count: 300), nil),
        ])
    func numeric(text: String, expected: String?) {
        #expect(AddressResolver.numeric(text)?.hostText == expected)
    }

    @Test("localhost has loopback addresses only, each once")
    func localhost() throws {
        let addresses = try AddressResolver.resolve("localhost", port: 9)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { $0.isLoopback && $0.port == 9 })
        #expect(Set(addresses).count == addresses.count)
    }

    @Test(
        "what is no host is refused with a reason",
        arguments: ["", "[]", "[127.0.0.1", "127.0.0.1\0.example", "[localhost]", String(repeating: "a", count: 300)])
    func noHost(host: String) {
        let error = #expect(throws: ResolutionError.self) { _ = try AddressResolver.resolve(host, port: 9) }
        #expect(error?.host == host)
        #expect(error?.text.isEmpty == false)
    }
}

@Suite struct LocalAddressTests {
    @Test("the machine's own loopback address is listed and known as such")
    func loopback() throws {
        let addresses = try LocalAddresses.list()
        let loopback = addresses.first { $0.host == .v4(0x7f00_0001) }
        #expect(loopback?.isLoopback == true)
        #expect(loopback?.interface.isEmpty == false)
    }

    @Test("addresses of one wire only are told apart")
    func linkLocal() {
        let wire = LocalAddress(interface: "e", host: .v6(high: 0xfe80 << 48, low: 1, scope: 2))
        let zeroConfiguration = LocalAddress(interface: "e", host: .v4(0xa9fe_0102))
        let public6 = LocalAddress(interface: "e", host: .v6(high: 0x2001_0db8 << 32, low: 1, scope: 0))
        #expect(wire.isLinkLocal && zeroConfiguration.isLinkLocal)
        #expect(!public6.isLinkLocal && !public6.isLoopback)
    }
}
