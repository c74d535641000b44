import Basics
import Glibc
import Testing

@testable import SocketIO

@Suite("what the service manager says")
struct ServiceContextTests {
    private func context(_ variables: [String: String]) -> ServiceContext {
        ServiceContext(process: 77) { variables[$0] }
    }

    @Test("nothing where nobody says anything")
    func nothing() {
        #expect(context([:]) == ServiceContext() && !context([:]).isService)
    }

    @Test("where to tell how the service is, how often, and which sockets are kept")
    func everything() {
        let context = context([
            "NOTIFY_SOCKET": "@/org/x", "WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "77", "LISTEN_FDS": "2",
            "LISTEN_PID": "77", "CREDENTIALS_DIRECTORY": "/run/credentials/x",
        ])
        #expect(context.isService && context.noticeSocket == "@/org/x" && context.watchdog == .seconds(20))
        #expect(context.passedSockets == [3, 4] && context.credentialsFolder == "/run/credentials/x")
    }

    @Test(
        "what is meant for another process, or makes no sense, counts as not there",
        arguments: [
            ["LISTEN_FDS": "1", "LISTEN_PID": "78"], ["LISTEN_FDS": "1"], ["LISTEN_FDS": "-1", "LISTEN_PID": "77"],
            ["LISTEN_FDS": "x", "LISTEN_PID": "77"], ["WATCHDOG_USEC": "5", "WATCHDOG_PID": "78"],
            ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "99999999999999999"], ["WATCHDOG_USEC": "-5"],
            ["NOTIFY_SOCKET": "vsock:2:1"], ["NOTIFY_SOCKET": "@"], ["NOTIFY_SOCKET": ""],
            ["CREDENTIALS_DIRECTORY": "relative"],
        ])
    func nonsense(variables: [String: String]) {
        #expect(context(variables) == ServiceContext())
    }

    @Test("so many sockets are looked at and no more")
    func bound() {
        let sockets = context(["LISTEN_FDS": "2147483647", "LISTEN_PID": "77"]).passedSockets
        #expect(sockets.count == Int(ServiceContext.passedSocketsAtMost) && sockets.first == 3)
    }

    @Test("a bound socket of somebody else is taken over; anything else is refused and closed")
    func adopting() throws {
        let held = try UDPSocket(binding: .loopback(port: 0))
        let adopted = try UDPSocket(adopting: dup(held.descriptor))
        #expect(adopted.localAddress == held.localAddress)
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        defer { _ = close(ends[1]) }
        let unbound = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        let stream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        for descriptor in [ends[0], unbound, stream] {
            #expect(throws: SystemError.self) { _ = try UDPSocket(adopting: descriptor) }
            // Another test may have the number by now; of what it was nothing is left.
        }
        #expect(throws: SystemError.self) { _ = try UDPSocket(adopting: -1) }
    }

    @Test(
        "what can't be told is no fault",
        arguments: [nil, "/nowhere/at/all", "/\(String(repeating: "x", count: 200))"])
    func nobodyListens(path: String?) {
        let notifier = ServiceNotifier(path: path)
        let isSent = notifier.send(["READY=1"])
        #expect(!isSent)
    }
}
