package import Basics
package import Diagnosis
import Glibc
package import SocketIO

/// Looks at the way to a server with real datagrams.
package enum WayProbe {
    /// How long the first answer is waited for. A hello is said four times by then.
    package static let patience: Duration = .milliseconds(2_500)
    /// How long the rest may take after it.
    private static let patienceOnceAnswered: Duration = .seconds(4)
    /// When the network says that it is of no use, nothing much is waited for.
    private static let patienceOnceRefused: Duration = .milliseconds(300)
    /// When short questions go out, counted from the start.
    private static let questionTimes: [Duration] = [.milliseconds(500), .milliseconds(1_200), .milliseconds(1_900)]
    /// How often it is asked at once, to see whether answers are dropped here.
    private static let questionsAtOnce = 10

    /// What came of one attempt.
    package struct Result: Sendable {
        package var attempt: WayAttempt
        package var knock: Knock
        /// What the wall clock said when the last answer came.
        package var heardAt: WallTime?
    }

    /// Knocks from one port at one address.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - patience: how long the first answer is waited for.
    ///   - wall: the wall clock.
    /// - Throws: `SystemError` where there is no socket to be had.
    package static func attempt(
        from port: UInt16, to server: SocketAddress, _ knock: Knock, patience: Duration = patience,
        wall: () -> WallTime = { WallClock.now }
    ) throws(SystemError) -> Result {
        var result = Result(attempt: WayAttempt(port: port), knock: knock)
        let socket: ProbeSocket
        do throws(SystemError) {
            socket = try ProbeSocket(from: server.anyHere(port: port), to: server)
        } catch {
            guard error.call == "connect" else { throw error }
            result.attempt.problem = .noWay
            return result
        }
        result.attempt.port = socket.localAddress.port
        var poller = try Poller()
        try poller.add(socket.descriptor, token: 0)
        let begin = MonotonicClock.now
        var end = begin + patience
        var questions = questionTimes[...]
        while true {
            let now = MonotonicClock.now
            if now >= end || result.knock.isDone { return result }
            var deadlines = [end]
            if let datagram = result.knock.pollTransmit(at: now) { note(send(datagram, by: socket), &result, &end) }
            if let next = questions.first, begin + next <= now, !result.knock.isAnswered {
                questions = questions.dropFirst()
                var random = SystemRandomNumberGenerator()
                note(send(Knock.shortQuestion(using: &random), by: socket), &result, &end)
            }
            if result.attempt.problem?.endsAttempt == true { return result }
            if let next = questions.first, !result.knock.isAnswered { deadlines.append(begin + next) }
            if let next = result.knock.deadline { deadlines.append(next) }
            _ = try poller.wait(until: deadlines.min())
            receive(from: socket, &result, &end, wall)
        }
    }

    private static func send(_ datagram: [UInt8], by socket: borrowing ProbeSocket) -> SystemError? {
        do throws(SystemError) {
            try socket.send(datagram)
            return nil
        } catch {
            return error
        }
    }

    private static func receive(
        from socket: borrowing ProbeSocket, _ result: inout Result, _ end: inout Instant, _ wall: () -> WallTime
    ) {
        while true {
            do throws(SystemError) {
                guard let datagram = try socket.receive() else { return }
                let now = MonotonicClock.now
                let wasAnswered = result.knock.isAnswered
                result.knock.receive(datagram, at: now)
                if result.knock.isAnswered {
                    result.attempt.isAnswered = true
                    result.attempt.roundTrip = result.knock.roundTrip
                    result.heardAt = wall()
                    if !wasAnswered { end = now + patienceOnceAnswered }
                } else if Knock.answersShortQuestion(datagram) {
                    result.attempt.isShortAnswered = true
                }
            } catch {
                note(error, &result, &end)
                return
            }
        }
    }

    /// Keeps the first thing that went wrong.
    private static func note(_ error: SystemError?, _ result: inout Result, _ end: inout Instant) {
        guard let error, error.code != EAGAIN else { return }
        let problem = WayAttempt.Problem(error)
        if result.attempt.problem == nil { result.attempt.problem = problem }
        if problem == .nobodyListens || problem == .unreachable {
            end = min(end, MonotonicClock.now + patienceOnceRefused)
        }
    }

    // MARK: Answers that are dropped here

    /// Whether as much comes to this machine and is given to nobody here as short questions are asked.
    ///
    /// - Returns: false as well where the system does not tell.
    package static func dropsArrivals(from port: UInt16, to server: SocketAddress) -> Bool {
        let isIPv6 = server.isIPv6
        guard let socket = try? ProbeSocket(from: server.anyHere(port: port), to: server),
            let before = MachineState.undeliveredPackets(isIPv6: isIPv6)
        else { return false }
        // What is dropped in any case, where much is said that nobody here wants to hear.
        rest(.milliseconds(400))
        guard let begin = MachineState.undeliveredPackets(isIPv6: isIPv6) else { return false }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<questionsAtOnce {
            _ = send(Knock.shortQuestion(using: &random), by: socket)
            rest(.milliseconds(5))
        }
        rest(.milliseconds(750))
        guard let end = MachineState.undeliveredPackets(isIPv6: isIPv6) else { return false }
        return end - begin - 2 * (begin - before) >= questionsAtOnce - 2
    }

    private static func rest(_ time: Duration) {
        let end = MonotonicClock.now + time
        guard var poller = try? Poller() else { return }
        while MonotonicClock.now < end { _ = try? poller.wait(until: end) }
    }
}

extension WayAttempt.Problem {
    init(_ error: SystemError) {
        self =
            switch error.code {
            case EPERM, EACCES: .sendingForbidden
            case ENETUNREACH, EADDRNOTAVAIL: .noWay
            case EMSGSIZE: .tooLong
            case ECONNREFUSED: .nobodyListens
            case EHOSTUNREACH, EHOSTDOWN, ENETDOWN: .unreachable
            default: .other
            }
    }

    /// Whether nothing that follows can come to anything.
    fileprivate var endsAttempt: Bool { self == .sendingForbidden || self == .noWay }
}

extension SocketAddress {
    package var isIPv6: Bool {
        if case .v6 = host { true } else { false }
    }

    /// Any address of this machine, of the same family.
    func anyHere(port: UInt16) -> SocketAddress {
        SocketAddress(host: isIPv6 ? .v6(high: 0, low: 0, scope: 0) : .v4(0), port: port)
    }
}
