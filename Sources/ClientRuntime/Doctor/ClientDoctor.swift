package import Basics
import Crypto
import Diagnosis
package import Doctor
package import ProgramFrame
import Sentences
import SocketIO

/// `udp-client doctor`: looks whether a server can be reached and joined from here, without joining.
package struct ClientDoctor {
    private let options: ClientOptions
    private let environment: Environment
    /// The wall clock of this machine.
    private let wall: () -> WallTime
    private var report = DoctorReport()

    /// - Parameter wall: the wall clock of this machine.
    package init(
        options: ClientOptions, environment: Environment, wall: @escaping () -> WallTime = { WallClock.now }
    ) {
        self.options = options
        self.environment = environment
        self.wall = wall
    }

    /// Looks at everything. Takes a second where all is well, at most half a minute where nothing answers.
    ///
    /// - Throws: `ProgramFailure` with the status `usage` where it is not known what to look at.
    package consuming func examine() throws(ProgramFailure) -> DoctorReport {
        guard let server = options.server, let port = options.serverPort, let clientPort = options.clientPort else {
            throw ProgramFailure.misuse { $0.client.needsPositions }
        }
        lookAtFolder()
        let password = readPassword()
        do throws(ResolutionError) {
            let addresses = try AddressResolver.resolve(server, port: port)
            lookAtWay(to: addresses, named: "\(server):\(port)", from: clientPort, password)
        } catch {
            report.add(
                Finding.fault(.address, .unreachable) { [error] words in words.addressUnknown(error.description) })
            report.add(Check.wayOnly.map { check in .unknown(check) { $0.notLookedAt } })
        }
        return report
    }

    // MARK: This machine

    private mutating func lookAtFolder() {
        guard let data = environment.dataFolder else {
            return report.add(Finding(.data, .fault(.file), phrase: Phrase { $0.client.noDataFolder }))
        }
        report.add(LocalExamination.folder(data))
    }

    /// - Returns: nil where none was given, or it can't be used.
    private mutating func readPassword() -> RoomPassword? {
        let source = PasswordSource(
            file: options.passwordFile, environment: environment, configuredFile: options.configuredPasswordFile)
        if case .environment(let secret) = source, secret.bytes.count == 0 {
            report.add(.unknown(.password) { $0.passwordNotGiven })
            return nil
        }
        guard let source else {
            report.add(.unknown(.password) { $0.passwordNotGiven })
            return nil
        }
        do throws(ProgramFailure) {
            return try source.load()
        } catch {
            report.add(Finding(.password, .fault(.configuration), phrase: error.phrase))
            return nil
        }
    }

    /// The port that the way is looked at from; another one where the chosen one can't be had.
    private mutating func lookAtPort(_ choice: ClientPort, isIPv6: Bool) -> UInt16 {
        do throws(PortFailure) {
            let socket = try PortChoice.bind(choice, isDualStack: isIPv6)
            let port = socket.localAddress.port
            report.add(.well(.port) { $0.portFine(port) })
            report.add(
                Judgement.buffers(
                    granted: min(socket.receiveBufferBytes, socket.sendBufferBytes),
                    wanted: UDPSocket.wantedBufferBytes))
            return port
        } catch {
            report.add(Finding(.port, .fault(.system), phrase: error.failure.phrase))
            report.add(.unknown(.buffers) { $0.notLookedAt })
            return 0
        }
    }

    // MARK: The way

    private mutating func lookAtWay(
        to addresses: [SocketAddress], named name: String, from choice: ClientPort, _ password: RoomPassword?
    ) {
        let isIPv6 = addresses.first?.isIPv6 ?? false
        let port = lookAtPort(choice, isIPv6: isIPv6)
        report.add(LocalExamination.loopback(isIPv6: isIPv6))
        let pin = environment.dataFolder.flatMap { try? ClientFolder.pin(data: $0, server: name) }
        let invitedKey = options.invitedKey
        let examination = WayExamination(
            from: port, to: addresses,
            knock: {
                var random = SystemRandomNumberGenerator()
                return Knock(
                    password: password, pinnedServerKey: pin?.key, invitedKey: invitedKey, at: MonotonicClock.now,
                    using: &random)
            }, wall: wall)
        guard let examination else {
            let text = addresses.first?.hostText ?? name
            report.add(Finding.fault(.address, .unreachable) { $0.addressFamily(text) })
            return report.add(Check.wayOnly.map { check in .unknown(check) { $0.notLookedAt } })
        }
        let host = examination.report.host
        report.add(.well(.address) { $0.addressFine(host) })
        report.add(examination.report.findings)
        judge(examination.result, pinPath: pin?.path ?? "", hasPassword: password != nil)
    }

    private mutating func judge(_ result: WayProbe.Result, pinPath: String, hasPassword: Bool) {
        guard hasPassword else { return report.add(.unknown(.clock) { $0.clockUnknown }) }
        report.add(Judgement.password(result.knock.verdict, pinPath: pinPath))
        guard case .welcome(let clock) = result.knock.verdict else {
            return report.add(.unknown(.clock) { $0.notLookedAt })
        }
        report.add(
            Judgement.clock(
                server: clock, own: result.heardAt ?? wall(), delay: result.attempt.roundTrip ?? .zero))
    }
}

extension Check {
    /// What needs a way to the server.
    fileprivate static let wayOnly: [Check] = [.server, .firewall, .size, .clock]
}
