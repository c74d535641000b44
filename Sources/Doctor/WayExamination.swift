package import Basics
package import Diagnosis
import SocketIO

/// Looks at the way to a server from all sides until it is known what is wrong with it.
package struct WayExamination: Sendable {
    /// Addresses of one server that are tried.
    private static let addressesAtMost = 3
    /// Other ports of this machine that are tried where the chosen one gets no answer.
    private static let otherPorts: [UInt16] = [5000, 5010, 0]
    /// How long an answer to them is waited for.
    private static let otherPatience: Duration = .milliseconds(1_200)

    package let report: WayReport
    /// The attempt that got farthest.
    package let result: WayProbe.Result

    /// - Parameters:
    ///   - port: the chosen port of this machine; 0 lets the system choose.
    ///   - servers: the server's addresses, the best first; at least one.
    ///   - knock: makes what is said.
    ///   - wall: the wall clock.
    /// - Returns: nil where the chosen port can't be had, or there is no address.
    package init?(
        from port: UInt16, to servers: [SocketAddress], knock: () -> Knock?, wall: () -> WallTime = { WallClock.now }
    ) {
        var best: (server: SocketAddress, result: WayProbe.Result)?
        for server in servers.prefix(Self.addressesAtMost) {
            guard let knock = knock(),
                let result = try? WayProbe.attempt(from: port, to: server, knock, wall: wall)
            else { continue }
            if best == nil || result.attempt.isAnswered { best = (server, result) }
            if result.attempt.isAnswered { break }
        }
        guard let (server, result) = best else { return nil }
        var report = WayReport(host: server.hostText, port: server.port, chosen: result.attempt)
        if !result.attempt.isAnswered {
            report.narrowInterface = Self.narrowInterface(towards: server)
            if !result.attempt.isShortAnswered, result.attempt.problem?.isOwn != true {
                report.dropsArrivals = WayProbe.dropsArrivals(from: port, to: server)
                if !report.dropsArrivals, result.attempt.problem == nil {
                    report.others = Self.attempts(to: server, besides: result.attempt.port, knock: knock)
                }
            }
        }
        self.report = report
        self.result = result
    }

    private static func attempts(
        to server: SocketAddress, besides chosen: UInt16, knock: () -> Knock?
    ) -> [WayAttempt] {
        var attempts: [WayAttempt] = []
        for port in otherPorts where port != chosen {
            guard let knock = knock(), let result = try? WayProbe.attempt(from: port, to: server, knock) else {
                continue
            }
            attempts.append(result.attempt)
            if result.attempt.isAnswered || result.attempt.isShortAnswered { break }
        }
        return attempts
    }

    /// The interface on the way out, where it is too narrow.
    private static func narrowInterface(towards server: SocketAddress) -> NarrowInterface? {
        guard let host = RouteWatch.localHost(towards: server),
            let name = (try? LocalAddresses.list())?.first(where: { $0.host == host })?.interface
        else { return nil }
        return MachineState.mtu(of: name).flatMap { NarrowInterface(name: name, mtu: $0) }
    }
}

extension WayAttempt.Problem {
    /// Whether it is known by itself what is wrong.
    fileprivate var isOwn: Bool { self == .sendingForbidden || self == .noWay || self == .tooLong }
}
