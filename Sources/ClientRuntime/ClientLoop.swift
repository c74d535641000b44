import Basics
import ChatClient
import ChatProtocol
import ClientCore
import LineEditing
import ProgramFrame
import Sentences
import SocketIO

/// The client's one loop: it waits for the socket, the keyboard, signals, changes of the machine's addresses and
/// deadlines, gives them to the core, and carries out what the core answers.
struct ClientLoop: ~Copyable {
    private enum Token {
        static let socket: UInt32 = 0
        static let input: UInt32 = 1
        static let signals: UInt32 = 2
        static let routes: UInt32 = 3
    }

    /// How the input stands.
    private enum Input: Hashable {
        /// It is not read: nobody wants it, or nothing more will come.
        case closed
        /// It is read; whether the poller watches it now.
        case open(isWatched: Bool)
        /// It is a file, which is always readable and can't be watched.
        case file
    }

    /// How long after SIGTERM the goodbye may take.
    private static let hurriedGoodbye: Duration = .seconds(1)
    /// How many batches are received in one turn, so that a flood can't keep the keyboard waiting.
    private static let batchesPerTurn = 16
    private static let datagramsPerBatch = 64
    /// When the machine is short of buffers, the time until the next try.
    private static let bufferPause: Duration = .milliseconds(1)
    /// How long the last datagrams may wait for room in the socket.
    private static let lastWait: Duration = .milliseconds(100)

    private let socket: UDPSocket
    private let signals: SignalSource
    /// Nil where the system does not tell of its routes: the server notices that we are elsewhere when we say something.
    private var routeWatch: RouteWatch?
    private var poller: Poller
    private var outgoing: SendBatch
    private var datagram: [UInt8] = []
    private var waitsForRoom = false
    private var retryAt: Instant?
    private var random = SystemRandomNumberGenerator()

    private var route: ServerRoute
    var core: ClientCore
    /// The personal password that the person is asked for.
    var passwordQuestion: PasswordQuestion?
    private let folder: ClientFolder
    private var stateFile: ClientStateFile
    private var isPinned: Bool

    let language: Language
    var screen: Screen
    private var input: Input
    private var typed: [TerminalInput] = []
    /// What the row above the line being typed says.
    var status = StatusLine()
    /// When what changes all the time is looked at again.
    var statusDue = Instant.origin
    /// When it is asked how far the last line of one's own has got, and how often it was.
    var deliveryDue: Instant?
    var deliveryQuestions = 0
    private var hurryEnd: Instant?
    private var failure: ProgramFailure?

    /// The code of the latest error that was shown.
    private(set) var lastError: ErrorCode?
    /// How many requests were confirmed.
    var confirmedCount: Int { core.confirmedCount }

    init(
        socket: consuming UDPSocket, route: ServerRoute, core: ClientCore, folder: consuming ClientFolder,
        screen: consuming Screen, language: Language, readsInput: Bool
    ) throws(SystemError) {
        let signals = try SignalSource(Signal.allCases)
        var poller = try Poller()
        try poller.add(socket.descriptor, token: Token.socket)
        try poller.add(signals.descriptor, token: Token.signals)
        routeWatch = Self.watchRoutes(with: &poller)
        outgoing = try SendBatch(capacity: Self.datagramsPerBatch)
        self.signals = signals
        self.poller = poller
        self.socket = socket
        self.route = route
        _ = self.route.look(RouteWatch.localHost)
        self.core = core
        isPinned = folder.pinnedServerKey != nil
        stateFile = ClientStateFile(path: folder.statePath)
        self.folder = folder
        input = !readsInput ? .closed : screen.inputCanBePolled ? .open(isWatched: false) : .file
        self.language = language
        self.screen = screen
    }

    private static func watchRoutes(with poller: inout Poller) -> RouteWatch? {
        do throws(SystemError) {
            let watch = try RouteWatch()
            try poller.add(watch.descriptor, token: Token.routes)
            return watch
        } catch {
            return nil
        }
    }

    /// Begins to read lines, where they are read at all.
    mutating func begin() {
        if input != .closed { screen.enter() }
    }

    /// What a core that follows this one goes on from, as after a wrong password.
    mutating func takeStored() -> StoredClient { core.takeStored() }

    /// Begins anew with another core, which has what was typed meanwhile.
    ///
    /// - Parameter terminal: the one to go on with.
    mutating func restart(core: ClientCore, terminal: consuming Terminal) {
        let held = self.core.held
        self.core = core
        for line in held { self.core.enter(line, at: MonotonicClock.now) }
        lastError = nil
        status = StatusLine()
        deliveryDue = nil
        screen.replaceTerminal(terminal)
        begin()
    }

    /// What was said and has no receipt, though the loop has ended early.
    var unconfirmed: [String] { (core.finish?.unconfirmed ?? []) + leftover.lines }

    /// Runs until the core has finished, and shows its last event.
    ///
    /// - Throws: `ProgramFailure` when the system, a file or the output fails.
    mutating func run() throws(ProgramFailure) -> ClientFinish {
        let finish: ClientFinish
        do throws(SystemError) {
            finish = try turnUntilFinished()
        } catch {
            throw ProgramFailure(.system) { error.text(in: $0) }
        }
        if let failure { throw failure }
        return finish
    }

    private mutating func turnUntilFinished() throws(SystemError) -> ClientFinish {
        // All comes from one server, and in runs where much does.
        var incoming = try ReceiveBatch(takingRunsOf: socket)
        while true {
            let now = MonotonicClock.now
            // The key stands above what the server says. What is kept was shown before, and what is sent was kept before.
            pin(at: now)
            show(at: now)
            keep(at: now)
            try transmit(at: now)
            keepTicket()
            show(at: now)
            if screen.outputFailed { fail(ProgramFailure(.file) { $0.client.outputFailed }, at: now) }
            if let finish = core.finish {
                show(at: now)
                keep(at: now)
                try sendLast()
                return finish
            }
            try watchInput()
            let ready = try poller.wait(until: deadline(at: now))
            try take(ready, into: &incoming)
        }
    }

    // MARK: Waiting

    private func deadline(at now: Instant) -> Instant? {
        if input == .file, wantsInput { return now }
        var moments = [core.nextDeadline, retryAt, hurryEnd, stateFile.deadline(for: core)].compactMap { $0 }
        if screen.editsLines, passwordQuestion == nil {
            moments += [statusDue, deliveryDue].compactMap { $0 }
        }
        return moments.min()
    }

    private mutating func take(_ ready: [Poller.Readiness], into incoming: inout ReceiveBatch) throws(SystemError) {
        let now = MonotonicClock.now
        var inputIsReady = input == .file
        for readiness in ready {
            switch readiness.token {
            case Token.socket: if readiness.isReadable || readiness.isClosed { try receive(into: &incoming, at: now) }
            case Token.routes: try followRoutes(at: now)
            case Token.signals: while let signal = try signals.next() { handle(signal, at: now) }
            default: inputIsReady = true
            }
        }
        if inputIsReady, wantsInput {
            typed += screen.receive(knowing: completionWords)
            if typed.isEmpty, screen.editsLines { core.isTyping(at: now) }
        }
        enterTyped(at: now)
        core.handleTimeouts(at: now, using: &random)
        if let hurryEnd, hurryEnd <= now { core.quitNow(at: now) }
    }

    // MARK: The network

    private mutating func receive(into incoming: inout ReceiveBatch, at now: Instant) throws(SystemError) {
        for _ in 0..<Self.batchesPerTurn {
            _ = try socket.receive(into: &incoming)
            incoming.forEachArrival { bytes, source, _, mark in
                guard route.accepts(source, at: now) else { return }
                core.receive(bytes, mark: mark, at: now, using: &random)
            }
            if !incoming.isFull { return }
        }
    }

    /// Addresses or routes of this machine have changed. The socket is bound to all of them, so it stays as it is; the
    /// server is told at once when what we send leaves from another address.
    private mutating func followRoutes(at now: Instant) throws(SystemError) {
        guard let descriptor = routeWatch?.descriptor else { return }
        do throws(SystemError) {
            guard try routeWatch?.takeChanges() == true else { return }
        } catch {
            try poller.remove(descriptor)
            routeWatch = nil
            return
        }
        if route.look(RouteWatch.localHost) { core.addressChanged(at: now, using: &random) }
    }

    private mutating func transmit(at now: Instant) throws(SystemError) {
        route.reconsider(isOnline: core.hasBeenOnline, at: now)
        retryAt = nil
        while true {
            if outgoing.isEmpty { fill(at: now) }
            if outgoing.isEmpty { break }
            _ = try socket.send(&outgoing)
            if outgoing.blocked != nil { break }
        }
        if outgoing.blocked == .systemFull { retryAt = now + Self.bufferPause }
        let waits = outgoing.blocked == .socketFull
        guard waits != waitsForRoom else { return }
        waitsForRoom = waits
        try poller.change(
            socket.descriptor, token: Token.socket, interest: waits ? [.readable, .writable] : .readable)
    }

    private mutating func fill(at now: Instant) {
        let targets = route.targets
        for _ in 0..<Self.datagramsPerBatch / max(1, targets.count) {
            guard core.pollTransmit(into: &datagram, at: now) else { return }
            for target in targets { _ = outgoing.append(datagram, to: target, isMarked: core.transmitIsMarked) }
        }
    }

    /// Sends what is left, the goodbye above all, and waits a moment for room where there is none.
    private mutating func sendLast() throws(SystemError) {
        try transmit(at: MonotonicClock.now)
        guard outgoing.blocked != nil else { return }
        _ = try poller.wait(until: MonotonicClock.now + Self.lastWait)
        try transmit(at: MonotonicClock.now)
    }

    // MARK: The person

    private var wantsInput: Bool { input != .closed && typed.isEmpty && core.canAccept }

    /// Watches the input while lines can be taken; what is typed meanwhile waits in the system.
    private mutating func watchInput() throws(SystemError) {
        guard case .open(let isWatched) = input, isWatched != wantsInput else { return }
        if isWatched {
            try poller.remove(screen.inputDescriptor)
            input = .open(isWatched: false)
            return
        }
        do throws(SystemError) {
            try poller.add(screen.inputDescriptor, token: Token.input)
            input = .open(isWatched: true)
        } catch {
            // A device like /dev/null is no file, yet it can't be watched either.
            guard error.isPermissionDenied else { throw error }
            input = .file
        }
    }

    private mutating func enterTyped(at now: Instant) {
        var taken = 0
        for entry in typed {
            if entry != .endOfInput, !core.canAccept { break }
            taken += 1
            switch entry {
            case .line(let line): enter(line, at: now)
            case .tooLong: present(.error(code: .tooLong, text: language.room.tooLongLine))
            case .secret(let bytes): take(secret: bytes, at: now)
            case .endOfInput:
                closeInput()
                core.quit(at: now)
            }
            if core.isQuitting {
                // What follows QUIT is not for this room any more.
                taken = typed.count
                // A person does not wait for a server that was never there.
                if screen.inputIsTerminal, !core.hasBeenOnline { core.quitNow(at: now) }
                break
            }
        }
        typed.removeFirst(taken)
    }

    private mutating func closeInput() {
        if input == .open(isWatched: true) { try? poller.remove(screen.inputDescriptor) }
        input = .closed
    }

    private var sendsOnly = false

    /// Says a line as if it had been typed, then leaves when it is stored.
    mutating func sendOnly(_ line: String) {
        sendsOnly = true
        let now = MonotonicClock.now
        core.enter(line, at: now)
        core.quit(at: now)
    }

    /// The lines that were read and not taken, and whether there was more to read: for the last words.
    var leftover: (lines: [String], hasMore: Bool) {
        let lines = typed.compactMap { entry -> String? in
            if case .line(let line) = entry { line } else { nil }
        }
        return (lines, input != .closed && !screen.inputIsTerminal && screen.inputHasMore)
    }

    private mutating func handle(_ signal: Signal, at now: Instant) {
        switch signal {
        case .interrupt where passwordQuestion != nil: take(secret: nil, at: now)
        case .interrupt where screen.cancel(): return
        case .interrupt:
            if core.isQuitting || !core.hasBeenOnline { core.quitNow(at: now) } else { core.quit(at: now) }
        case .terminate, .hangup:
            core.quit(at: now)
            if hurryEnd == nil { hurryEnd = now + Self.hurriedGoodbye }
        case .abandon: core.quitNow(at: now)
        case .windowChange: screen.resize()
        case .suspend: screen.suspend()
        }
    }

    // MARK: What is shown

    private mutating func show(at now: Instant) {
        while let event = core.pollEvent() { present(event) }
        if core.takePasswordQuestion() { askForPassword() }
        guard passwordQuestion == nil else { return screen.flush() }
        showStatus(at: now)
        screen.flush()
    }

    mutating func present(_ event: ClientEvent) {
        if case .error(let code, let text) = event {
            lastError = code
            // What ends the client is said once, at its end.
            if !screen.isJSON, text == core.finish?.text { return }
        }
        if case .sent = event { askForDelivery(at: MonotonicClock.now) }
        screen.show(event)
    }

    /// Keeps the state. A line that nobody will send again is no business of a later run.
    private mutating func keep(at now: Instant) {
        if sendsOnly, core.finish != nil { core.forgetWaiting() }
        guard let reason = stateFile.update(from: &core, isLast: core.finish != nil, at: now) else { return }
        present(.error(code: .storage, text: language.client.stateNotKept(reason.text(in: language))))
        screen.flush()
    }

    // MARK: What ends it early

    /// Remembers the server's key once it has proved itself.
    private mutating func pin(at now: Instant) {
        guard !isPinned, let key = core.serverKey else { return }
        isPinned = true
        do throws(ProgramFailure) {
            try folder.pin(key)
            screen.showHint(language.screen.firstContact(Fingerprint.text(of: key)))
        } catch {
            fail(error, at: now)
        }
    }

    /// Keeps what the server gave to come back with, or forgets what it does not want any more.
    private mutating func keepTicket() {
        switch core.pollTicketChange() {
        case nil: return
        case .keep(let ticket): folder.keep(ticket)
        case .erase: folder.eraseTicket()
        }
    }

    private mutating func fail(_ reason: ProgramFailure, at now: Instant) {
        guard failure == nil else { return }
        failure = reason
        core.quitNow(at: now)
    }
}
