import Basics
import ProgramFrame
import Sentences
import SocketIO
import Testing

@testable import ClientRuntime

@Suite("Where datagrams come from and go to")
struct ConnectionTests {
    private static let six = SocketAddress(host: .v6(high: 0, low: 1, scope: 0), port: 80)
    private static let four = SocketAddress.loopback(port: 80)
    private static let other = SocketAddress.loopback(port: 81)

    @Test("a server with one address is heard from there only")
    func oneAddress() {
        var route = ServerRoute([Self.four])
        let accepted = [Self.four, Self.other, Self.six].map { route.accepts($0, at: .origin) }
        #expect(accepted == [true, false, false])
        #expect(route.targets == [Self.four])
    }

    @Test("of several addresses the first that answers is the server")
    func firstAnswerWins() {
        var route = ServerRoute([Self.six, Self.four])
        #expect(route.targets == [Self.six, Self.four])
        let accepted = [Self.other, Self.four, Self.six].map { route.accepts($0, at: .origin) }
        #expect(accepted == [false, true, false])
        #expect(route.targets == [Self.four])
    }

    @Test("an address that answers and lets nobody in is given up; one that did is kept")
    func fruitlessAnswersAreForgotten() {
        for isOnline in [false, true] {
            var route = ServerRoute([Self.six, Self.four])
            _ = route.accepts(Self.six, at: .origin)
            route.reconsider(isOnline: isOnline, at: .origin + .seconds(5))
            #expect(route.targets == (isOnline ? [Self.six] : [Self.six, Self.four]))
        }
    }

    @Test("addresses that answer under another form are brought into that form")
    func addressesAreNormal() {
        let mapped = SocketAddress(host: .v6(high: 0, low: 0xffff_7f00_0001, scope: 0), port: 80)
        #expect(ServerRoute([mapped]).targets == [Self.four])
        #expect(!ServerRoute([mapped]).needsIPv6)
        #expect(ServerRoute([SocketAddress(host: .v4(0), port: 80)]).targets == [Self.four])
        #expect(ServerRoute([SocketAddress(host: .v6(high: 0, low: 0, scope: 0), port: 80)]).targets == [Self.six])
        #expect(ServerRoute([Self.six]).withoutIPv6 == nil)
        #expect(ServerRoute([Self.six, Self.four]).withoutIPv6?.targets == [Self.four])
    }

    @Test("another address of this machine is news, and so is the same one after there was no way")
    func localAddresses() {
        let (wifi, mobile) = (SocketAddress.Host.v4(0x0a00_0001), SocketAddress.Host.v4(0x0a01_0001))
        var route = ServerRoute([Self.four])
        let looks: [SocketAddress.Host?] = [wifi, wifi, mobile, mobile, nil, nil, mobile]
        #expect(looks.map { host in route.look { _ in host } } == [false, false, true, false, false, false, true])
    }

    @Test("only the address of the server that answered counts")
    func localAddressOfOthers() {
        let hosts = (1...3).map { SocketAddress.Host.v4(0x0a00_0000 + $0) }
        for chosen in [nil, Self.six, Self.four] {
            var route = ServerRoute([Self.six, Self.four])
            if let chosen { _ = route.accepts(chosen, at: .origin) }
            _ = route.look { $0 == Self.six ? hosts[0] : hosts[1] }
            let isNews = route.look { $0 == Self.six ? hosts[0] : hosts[2] }
            #expect(isNews == (chosen != Self.six))
        }
    }

    @Test("a port in use is refused by its number, and a free one is named")
    func portInUse() throws {
        let first = try PortChoice.bind(.number(0), isDualStack: false)
        let failure = #expect(throws: PortFailure.self) {
            _ = try PortChoice.bind(.number(first.localAddress.port), isDualStack: false)
        }
        #expect(failure?.failure.status == .system)
        #expect(failure?.failure.text(in: .english).contains("UDP port \(first.localAddress.port) is in use") == true)
    }

    @Test("the first free port is one of those that firewalls open")
    func firstFreePort() throws {
        do throws(PortFailure) {
            let socket = try PortChoice.bind(.firstFree, isDualStack: false)
            #expect(ClientPort.openRange.contains(socket.localAddress.port))
        } catch {
            // Something else on this machine may have them all.
            #expect(error == PortFailure { $0.client.noPortFree })
        }
    }
}
