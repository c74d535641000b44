package import Basics
import Crypto
import Diagnosis
package import Doctor
package import ProgramFrame
import Sentences
import SocketIO

/// `udp-server doctor`: looks whether a server can work here, or whether the one that runs here is well.
package struct ServerDoctor {
    private let options: ServerOptions
    private let environment: Environment
    /// The wall clock of this machine.
    private let wall: () -> WallTime
    private var report = DoctorReport()
    /// Whether the server of this data folder runs at the port.
    private var isServing = false

    /// Files whose time of change tells what the clock once was.
    private static let dated = [
        DataFolder.storeName, DataFolder.storeName + "-wal", ServerKeyFile.name, TicketKeyFile.name,
    ]
    /// How many ports after the wanted one are tried, to name a free one.
    private static let portsToTry: UInt16 = 20
    /// How many of this machine's addresses are knocked at, where one of them has the port.
    private static let placesAtMost = 8
    /// How long a server on this machine may take to answer.
    private static let patience: Duration = .seconds(3)

    /// - Parameters:
    ///   - options: with the host to look at.
    ///   - wall: the wall clock of this machine.
    package init(
        options: ServerOptions, environment: Environment, wall: @escaping () -> WallTime = { WallClock.now }
    ) {
        self.options = options
        self.environment = environment
        self.wall = wall
    }

    /// Looks at everything. Takes a second or two.
    ///
    /// - Throws: `ProgramFailure` with the status `usage` where it is not known what to look at.
    package consuming func examine() throws(ProgramFailure) -> DoctorReport {
        guard !options.host.isEmpty else { throw ServerOptionTable.table.misuse { $0.server.needsAddress } }
        let folder = try? DataFolder.path(for: options.data, in: environment)
        let (password, isBuiltIn) = readPassword()
        do throws(ResolutionError) {
            let address = try AddressResolver.resolve(options.host, port: options.port)[0]
            if isBuiltIn, !address.isLoopback { report.add(.unknown(.password) { $0.passwordBuiltIn }) }
            report.add(LocalExamination.loopback(isIPv6: address.isIPv6))
            lookAtPlace(address, key: folder.flatMap(Self.publicKey), password)
            lookAtInterfaces(of: address)
        } catch {
            report.add(Finding.fault(.address, .system) { [error] words in words.addressUnknown(error.description) })
            report.add([Check.port, .firewall, .size, .buffers].map { check in .unknown(check) { $0.notLookedAt } })
        }
        // What nobody asked about can at least be read.
        if password != nil { report.add(.well(.password) { $0.passwordReadable }) }
        lookAtFolder(folder)
        return report
    }

    // MARK: Address and port

    private mutating func lookAtPlace(_ address: SocketAddress, key: [UInt8]?, _ password: RoomPassword?) {
        let port = address.port
        do throws(SystemError) {
            let socket = try UDPSocket(binding: address)
            report.add(.well(.port) { $0.portFine(port) })
            report.add(
                Judgement.buffers(
                    granted: min(socket.receiveBufferBytes, socket.sendBufferBytes),
                    wanted: UDPSocket.wantedBufferBytes))
            lookAtAddresses(of: address)
            for host in reachable(from: address).map(\.host)
            where (try? LocalExamination.hears(socket, at: host)) == false {
                let text = SocketAddress(host: host, port: port).hostText
                report.add(Finding.fault(.loopback, .system) { $0.loopbackFiltered(text, port: port) })
            }
        } catch {
            report.add(.unknown(.buffers) { $0.notLookedAt })
            if error.isAddressInUse {
                lookAtAddresses(of: address)
                lookAtWhoeverHas(address, key: key, password)
            } else {
                report.add(Self.finding(of: error, at: address))
            }
        }
    }

    private static func finding(of error: SystemError, at address: SocketAddress) -> [Finding] {
        let (text, port) = (address.hostText, address.port)
        let skipped = Finding.unknown(.port) { $0.notLookedAt }
        if error.isAddressUnavailable {
            let own = ((try? LocalAddresses.list()) ?? []).filter { !$0.isLinkLocal }
                .map { SocketAddress(host: $0.host, port: 0).hostText }
            return [.fault(.address, .system) { $0.addressForeign(text, own: own) }, skipped]
        }
        if error.isFamilyUnsupported { return [.fault(.address, .system) { $0.addressFamily(text) }, skipped] }
        if error.isPermissionDenied { return [.fault(.port, .system) { $0.portNeedsRights(port) }] }
        return [Finding(.port, .fault(.system), phrase: Phrase { $0.doctor.portFailed(port, error.words(in: $0)) })]
    }

    /// The port is taken: by the server that is meant, by another one, or by something else.
    private mutating func lookAtWhoeverHas(_ address: SocketAddress, key: [UInt8]?, _ password: RoomPassword?) {
        let port = address.port
        var result: WayProbe.Result?
        for place in knockPlaces(of: address) where result?.knock.serverKey == nil {
            var random = SystemRandomNumberGenerator()
            // A server with another key is told nothing about the password.
            let knock = Knock(
                password: key == nil ? nil : password, pinnedServerKey: key, at: MonotonicClock.now, using: &random)
            result = knock.flatMap {
                try? WayProbe.attempt(from: 0, to: place, $0, patience: Self.patience, wall: wall)
            }
        }
        guard let found = result?.knock.serverKey else {
            let free = freePort(near: address)
            return report.add(Finding.fault(.port, .system) { $0.portTaken(port, free: free) })
        }
        guard found == key else {
            let fingerprint = Fingerprint.text(of: found)
            return report.add(Finding.fault(.port, .system) { $0.portTakenByServer(port, key: fingerprint) })
        }
        isServing = true
        report.add(.well(.port) { $0.portServes(port) })
        let tenths = (result?.attempt.roundTrip ?? .zero).wholeNanoseconds / 100_000
        report.add(.well(.server) { $0.serverFine(address.hostText, tenths: tenths) })
        if password != nil { report.add(Judgement.password(result?.knock.verdict, pinPath: "")) }
    }

    private mutating func lookAtAddresses(of address: SocketAddress) {
        let reachable = reachable(from: address)
        guard let first = reachable.first(where: { !$0.isLoopback }) ?? reachable.first else {
            let text = address.hostText
            return report.add(.well(.address) { $0.addressFine(text) })
        }
        let texts = reachable.map(\.description)
        report.add(.well(.address) { $0.addressesFine(texts, host: first.hostText, port: first.port) })
    }

    /// The addresses that clients can use.
    private func reachable(from address: SocketAddress) -> [SocketAddress] {
        address.isUnspecified
            ? Binding.reachable(address, among: (try? LocalAddresses.list()) ?? []) : [address]
    }

    private func freePort(near address: SocketAddress) -> UInt16? {
        let (last, overflow) = address.port.addingReportingOverflow(Self.portsToTry)
        return (address.port...(overflow ? .max : last)).first { port in
            let socket = try? UDPSocket(binding: SocketAddress(host: address.host, port: port))
            return socket != nil
        }
    }

    /// Where a server may hear that has the port of all addresses, or of one of them.
    private func knockPlaces(of address: SocketAddress) -> [SocketAddress] {
        guard address.isUnspecified else { return [address] }
        let loopback: SocketAddress.Host = address.isIPv6 ? .v6(high: 0, low: 1, scope: 0) : .v4(0x7f00_0001)
        let places = [SocketAddress(host: loopback, port: address.port)] + reachable(from: address)
        return Array(places.prefix(Self.placesAtMost))
    }

    // MARK: Interfaces and firewall

    private mutating func lookAtInterfaces(of address: SocketAddress) {
        report.add(LocalExamination.size(of: address.isUnspecified ? nil : address.host))
        guard !address.isLoopback else {
            // Nobody but this machine itself comes there.
            return report.add(.well(.firewall) { $0.loopbackFine })
        }
        let interface = ((try? LocalAddresses.list()) ?? []).first { $0.host == address.host }?.interface
        report.add(
            LocalExamination.firewall(
                port: address.port, isIPv6: address.isIPv6, interface: address.isUnspecified ? nil : interface))
    }

    // MARK: Files

    /// - Returns: nil where it can't be used; and whether it is the one that everybody knows.
    private mutating func readPassword() -> (password: RoomPassword?, isBuiltIn: Bool) {
        let source =
            PasswordSource(
                file: options.passwordFile, environment: environment, configuredFile: options.configuredPasswordFile)
            ?? .builtIn
        do throws(ProgramFailure) {
            return (try source.load(), source.isBuiltIn)
        } catch {
            report.add(Finding(.password, .fault(.configuration), phrase: error.phrase))
            return (nil, false)
        }
    }

    private mutating func lookAtFolder(_ folder: String?) {
        guard let folder else {
            report.add(Finding(.data, .fault(.file), phrase: Phrase { $0.server.noDataFolder }))
            return report.add(LocalExamination.clock(folder: "/", names: [], program: ServerProgram.name, now: wall()))
        }
        if options.data == .memory { report.add(.well(.data) { $0.dataInMemory }) }
        report.add(LocalExamination.folder(folder))
        lookAtKeys(in: folder)
        if !isServing, Self.isInUse(folder) { report.add(Finding.fault(.data, .file) { $0.dataInUse(folder) }) }
        report.add(
            LocalExamination.clock(folder: folder, names: Self.dated, program: ServerProgram.name, now: wall()))
    }

    private mutating func lookAtKeys(in folder: String) {
        do throws(ProgramFailure) {
            _ = try TicketKeyFile.load(from: folder)
            _ = try ServerKeyFile.load(from: folder)
        } catch {
            let phrase = error.phrase
            report.add(Finding(.data, .fault(.file), phrase: Phrase { $0.doctor.dataFile(phrase.text(in: $0)) }))
        }
    }

    private static func publicKey(in folder: String) -> [UInt8]? {
        ((try? ServerKeyFile.load(from: folder)) ?? nil)?.publicKey
    }

    /// Whether another process holds the lock of the history.
    private static func isInUse(_ folder: String) -> Bool {
        let path = "\(folder)/\(DataFolder.storeName)-lock"
        guard SmallFile.exists(path) else { return false }
        do throws(SystemError) {
            _ = try FileLock(path: path)
            return false
        } catch {
            return error.isHeldElsewhere
        }
    }
}
