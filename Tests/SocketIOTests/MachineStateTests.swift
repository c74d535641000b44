import Basics
import Glibc
import Testing

@testable import SocketIO

@Suite("what the system tells about itself")
struct MachineStateTests {
    @Test("packets that came and were given to nobody are read from the counters of both families")
    func counters() {
        let four = """
            Ip: Forwarding DefaultTTL InReceives InHdrErrors InDelivers OutRequests
            Ip: 1 64 1200 0 1150 900
            Icmp: InMsgs
            Icmp: 3
            """
        #expect(MachineState.undelivered(in: four, isIPv6: false) == 50)
        let six = "Ip6InReceives                   \t70\nIp6InDelivers\t64\n"
        #expect(MachineState.undelivered(in: six, isIPv6: true) == 6)
        for text in [
            "", "Ip: a\nIp: b", "Ip: InReceives InDelivers\nIp: 1", "Ip6InReceives 5",
            "Ip: InReceives InDelivers\nIp: x y",
        ] {
            #expect(MachineState.undelivered(in: text, isIPv6: false) == nil)
            #expect(MachineState.undelivered(in: text, isIPv6: true) == nil)
        }
        #expect(MachineState.undeliveredPackets(isIPv6: false) != nil)
    }

    @Test("interfaces, disks and files are told where they are there")
    func others() {
        #expect(MachineState.mtu(of: "lo") ?? 0 > 0)
        #expect(MachineState.mtu(of: "no-such-one") == nil)
        #expect(MachineState.mtu(of: String(repeating: "x", count: 400)) == nil)
        #expect(MachineState.freeBytes(at: "/") != nil && MachineState.freeBytes(at: "/no/such") == nil)
        #expect(MachineState.changeTime(of: "/proc/self/exe") != nil && MachineState.changeTime(of: "/no/such") == nil)
    }

    @Test("another program's output is bounded in length and time, and its failure is known")
    func commands() throws {
        let echoed = try CommandOutput.of(["/bin/echo", "-n", "two words"], limit: 100, within: .seconds(30))
        #expect(echoed == Array("two words".utf8))
        let code = { (command: [String], limit: Int, patience: Duration) -> Int32 in
            do throws(SystemError) {
                _ = try CommandOutput.of(command, limit: limit, within: patience)
                return 0
            } catch {
                return error.code
            }
        }
        #expect(code(["/no/such"], 10, .seconds(30)) == ENOENT)
        #expect(code(["/bin/false"], 10, .seconds(30)) == EACCES)
        #expect(code(["/bin/echo", "more than ten bytes"], 10, .seconds(30)) == EFBIG)
        #expect(code(["/bin/sleep", "60"], 10, .milliseconds(20)) == ETIMEDOUT)
        // It inherits nothing: the environment may hold a password.
        let environment = try CommandOutput.of(["/usr/bin/env"], limit: 4096, within: .seconds(30))
        #expect(!String(decoding: environment, as: UTF8.self).contains("HOME="))
    }

    @Test("a probe hears what ICMP says, and what it is answered")
    func probe() throws {
        let peer = try UDPSocket(binding: .loopback(port: 0))
        let probe = try ProbeSocket(from: .loopback(port: 0), to: peer.localAddress)
        try probe.send([1, 2, 3])
        var poller = try Poller()
        try poller.add(peer.descriptor, token: 0)
        _ = try poller.wait(until: MonotonicClock.now + .seconds(30))
        var batch = try ReceiveBatch()
        #expect(try peer.receive(into: &batch) == 1)
        #expect(try probe.receive() == nil)

        let nobody = try freePort()
        let lonely = try ProbeSocket(from: .loopback(port: 0), to: .loopback(port: nobody))
        try lonely.send([1])
        #expect(throws: SystemError.self) { try lonely.receive() }
    }

    private func freePort() throws -> UInt16 {
        let socket = try UDPSocket(binding: .loopback(port: 0))
        return socket.localAddress.port
    }
}
