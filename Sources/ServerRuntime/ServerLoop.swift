import Basics
import ChatDomain
import History
import LineEditing
import Metrics
import ProgramFrame
import Sentences
import ServerCore
import SocketIO
import Transport

/// The only loop of the server: it waits, hands to the core what came, and carries out what the core wants.
///
///     serving -> stopping (everybody is told) -> over
///
/// Each turn first empties the core (room's life to standard output, datagrams to the socket), then waits for datagrams,
/// signals, the operator, room in the socket or a deadline, and feeds the core with one of them after the other.
struct ServerLoop: ~Copyable {
    enum Token {
        static let socket: UInt32 = 0
        static let signals: UInt32 = 1
        static let input: UInt32 = 2
        static let output: UInt32 = 3
        static let store: UInt32 = 4
        static let metrics: UInt32 = 5
    }

    enum Phase: Hashable {
        case serving
        case stopping
        case over
    }

    /// Full batches that are received before the other side gets its turn: 1,024 datagrams.
    private static let batchesPerReceiving = 16
    /// As many datagrams on the way out.
    private static let batchesPerSending = 4
    /// One call sends a line to hundreds of people. More at once gain nothing that can be measured: what a call itself
    /// costs is a thousandth already, and the first datagram waits for the last.
    private static let datagramsPerSending = 256
    /// How long to wait when the system, and not the socket, has no room for datagrams.
    private static let systemFullPause: Duration = .milliseconds(1)
    /// How long the last output waits for a slow reader, in milliseconds for each piece.
    static let lastOutputPatience: Int32 = 200

    var core: ServerCore
    var store: StoreLink
    let socket: UDPSocket
    let signals: SignalSource?
    /// What the server was told; `:reload` and SIGHUP tell it anew.
    var setup: ServerSetup
    /// Where the server keeps what must outlive it.
    private let dataFolder: String
    /// What people see is in it, from now on; the configuration can change it.
    var language: Language
    var service: ServiceDesk
    /// Gives figures over HTTP; nil where nobody asked for them.
    var metrics: MetricsServer?
    /// Until when nobody is waited for who asks for them.
    var metricsPauseEnds: Instant?
    var poller: Poller
    var input: OperatorInput
    var output: NewsWriter
    var log: ServerLog

    private(set) var load = LoopLoad(used: ThreadClock.cpuTime, at: MonotonicClock.now)
    private var heap = HeapUpkeep()
    private var received: ReceiveBatch
    private var outgoing: SendBatch
    private var datagram: [UInt8] = []
    private var random = SystemRandomNumberGenerator()

    /// Whom the file of bans named when it was read last.
    var listedBans: Set<String> = []
    var phase = Phase.serving
    /// The countdown of `:shutdown`.
    var countdown: Countdown?
    let started = MonotonicClock.now
    var counters = LoopCounters()
    private var waitsForSocket = false
    private var waitsForOutput = false
    private var retryAt: Instant?
    /// Why not everything could be stored at the end; nil when it was.
    private(set) var closingError: StoreError?
    /// The core may have more to send than one turn takes.
    private var isUnfinished = false

    /// - Parameters:
    ///   - signals: nil where the process belongs to somebody else.
    ///   - inputDescriptor: where the operator's lines come from; nil without a console.
    ///   - terminal: on the same descriptor.
    /// - Throws: `SystemError` when the process has no descriptors or no memory left.
    init(
        core: consuming ServerCore, store: consuming StoreLink, socket: consuming UDPSocket,
        signals: consuming SignalSource?, setup: ServerSetup, dataFolder: String, service: ServiceContext,
        metrics: consuming MetricsServer?, language: Language, inputDescriptor: Int32?, terminal: consuming Terminal,
        output: consuming NewsWriter,
        log: consuming ServerLog
    ) throws(SystemError) {
        var poller = try Poller()
        try poller.add(socket.descriptor, token: Token.socket)
        if let descriptor = signals?.descriptor { try poller.add(descriptor, token: Token.signals) }
        try poller.add(store.descriptor, token: Token.store)
        if let descriptor = metrics?.descriptor { try poller.add(descriptor, token: Token.metrics) }
        let received = try ReceiveBatch()
        let outgoing = try SendBatch(capacity: Self.datagramsPerSending)
        input = OperatorInput(
            descriptor: inputDescriptor, terminal: terminal, historyPath: "\(dataFolder)/console-history",
            token: Token.input, poller: &poller)
        self.received = received
        self.outgoing = outgoing
        self.poller = poller
        self.core = core
        self.store = store
        self.socket = socket
        self.signals = signals
        self.setup = setup
        self.dataFolder = dataFolder
        self.metrics = metrics
        self.service = ServiceDesk(service, at: MonotonicClock.now)
        self.language = language
        self.output = output
        self.log = log
    }

    /// Serves until the server was told to stop and everybody knows.
    ///
    /// - Throws: `SystemError` only where the socket or the poller is broken.
    mutating func run() throws(SystemError) {
        // The loop's thread is known only now.
        load = LoopLoad(used: ThreadClock.cpuTime, at: MonotonicClock.now)
        beginConsole()
        followBans()
        beginService()
        while true {
            let now = MonotonicClock.now
            if load.isDue(at: now) { measure(at: now) }
            try flush(at: now)
            if phase == .stopping, core.isDrained { phase = .over }
            if phase == .over { break }
            // By number and not as an array: the loop turns thousands of times a second, and allocates nothing for that.
            for index in 0..<(try poller.look(until: deadline)) {
                if let readiness = poller.readiness(at: index) { try handle(readiness) }
            }
            if case .file = input.state { readInput() }
            handleDeadlines(at: MonotonicClock.now)
        }
        closeStore()
        endConsole()
        output.writer.flush(patience: Self.lastOutputPatience)
        log.writer.flush(patience: Self.lastOutputPatience)
    }

    /// What is looked at now and then: how busy the loop is, and what the kernel had no room for.
    private mutating func measure(at now: Instant) {
        counters.note(kernelDrops: socket.kernelDrops)
        if load.measure(used: ThreadClock.cpuTime, at: now) { core.setHostBusy(load.isBusy, at: now) }
        // Not while there is much to do: it would wait for that.
        let held = core.load
        if !load.isBusy, heap.isDue(peers: held.peers, handshakes: held.handshakes) { Heap.giveBack() }
    }

    /// What the loop has asked the system to do with datagrams so far.
    var systemCalls: SystemCalls {
        SystemCalls(
            sends: outgoing.callCount, receives: received.callCount, waits: poller.waitCount, timers: poller.timerCount)
    }

    /// What is said about the server itself.
    var words: any ServerSentences { language.server }

    // MARK: Waiting

    private var deadline: Instant? {
        if isUnfinished { return .origin }
        if case .file = input.state { return .origin }
        // A batch that waits for the socket hides what the core wants to send, but not the core's timers.
        var first = Self.earlier(core.nextDeadline, countdown?.next)
        first = Self.earlier(first, consoleDeadline)
        first = Self.earlier(first, retryAt)
        first = Self.earlier(first, store.deadline)
        first = Self.earlier(first, service.deadline)
        return Self.earlier(first, metricsDeadline)
    }

    private static func earlier(_ one: Instant?, _ other: Instant?) -> Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    private mutating func handle(_ readiness: Poller.Readiness) throws(SystemError) {
        switch readiness.token {
        case Token.socket:
            if readiness.isReadable || readiness.isClosed { try receive() }
        case Token.signals: try takeSignals()
        case Token.input: readInput()
        case Token.store: serveStore()
        case Token.metrics: serveMetrics()
        default: break  // Room in the socket or the output: the next flush uses it.
        }
    }

    /// What the store did is carried out, and what it can't do is told.
    private mutating func serveStore() {
        for news in store.serve(&core, at: MonotonicClock.now, wall: WallClock.now) {
            switch news {
            case .stalled(let error): log.write(.error, words.storeStalled(error.text(in: language)))
            case .resumed: log.write(.info, words.storeGoesOn)
            case .failed(let error): log.write(.error, words.storeFailed(error.text(in: language)))
            }
        }
    }

    private mutating func closeStore() {
        closingError = store.close(&core, at: MonotonicClock.now, wall: WallClock.now)
        showRoom()
    }

    private mutating func handleDeadlines(at now: Instant) {
        if store.deadline <= now { serveStore() }
        if let retryAt, retryAt <= now { self.retryAt = nil }
        count(at: now)
        serveManager(at: now)
        if let due = metricsDeadline, due <= now { resumeMetrics() }
        if let next = core.nextDeadline, next <= now { core.handleTimeouts(at: now, wall: WallClock.now) }
    }

    private mutating func takeSignals() throws(SystemError) {
        while let signal = try signals?.next() {
            switch signal {
            case .interrupt where input.cancel(): continue
            case .interrupt, .terminate:
                // Whoever asks twice does not want to wait.
                if phase == .stopping { phase = .over } else { stop() }
            case .hangup:
                service.reloading()
                let (level, text) = readAgain()
                log.write(level, text)
                service.ready(serviceStatus)
            case .windowChange: input.resize()
            case .suspend: input.suspend()
            case .abandon: break
            }
        }
    }

    // MARK: Receiving

    private mutating func receive() throws(SystemError) {
        for _ in 0..<Self.batchesPerReceiving {
            let count = try socket.receive(into: &received)
            guard count > 0 else { return }
            counters.received += UInt64(count)
            let now = MonotonicClock.now
            let wall = WallClock.now
            received.forEachArrival { bytes, address, local, mark in
                core.receive(bytes, from: address, to: local, mark: mark, at: now, wall: wall, using: &random)
            }
            showRoom()
            guard received.isFull else { return }
        }
    }

    // MARK: Flushing

    /// Carries out everything that the core wants: the room's life is shown, datagrams are sent.
    private mutating func flush(at now: Instant) throws(SystemError) {
        showRoom()
        storeTicketKeys()
        try sendDatagrams(at: now)
        store.submit(&core, at: now)
        output.writer.flush()
        noteSkippedLines()
        showStatus(at: now)
        log.writer.flush()
        watchOutput()
    }

    /// Tells what happened in the room since the last call.
    mutating func showRoom() {
        let wall = WallClock.now
        while let observation = core.pollEvent() {
            counters.note(observation)
            logLife(observation)
            show(.room(observation), at: wall)
        }
    }

    /// Before a ticket leaves, the key that sealed it is kept.
    private mutating func storeTicketKeys() {
        guard let keys = core.takeChangedTicketKeys(), let fault = TicketKeyFile.store(keys, in: dataFolder) else {
            return
        }
        log.write(.warning, words.ticketKeysNotKept(fault.text(in: language)))
    }

    /// A reader that was too slow for the room misses lines; that it did is said once it reads again.
    private mutating func noteSkippedLines() {
        guard !output.writer.isPending, !input.isPending else { return }
        let count = output.writer.takeSkippedCount() + input.takeSkippedCount()
        if count > 0 { log.write(.warning, words.eventsLeftOut(count)) }
    }

    private mutating func sendDatagrams(at now: Instant) throws(SystemError) {
        isUnfinished = false
        guard retryAt == nil else { return }
        for _ in 0..<Self.batchesPerSending {
            while !outgoing.isFull, let address = core.pollTransmit(into: &datagram, at: now) {
                _ = outgoing.append(datagram, to: address, from: core.transmitSource, isMarked: core.transmitIsMarked)
            }
            guard !outgoing.isEmpty else { return try watchSocket(forRoom: false) }
            counters.sent += UInt64(try socket.send(&outgoing))
            switch outgoing.blocked {
            case nil: continue
            case .socketFull: return try watchSocket(forRoom: true)
            case .systemFull:
                retryAt = now + Self.systemFullPause
                return
            }
        }
        isUnfinished = true
    }

    private mutating func watchSocket(forRoom isWaiting: Bool) throws(SystemError) {
        guard isWaiting != waitsForSocket else { return }
        try poller.change(
            socket.descriptor, token: Token.socket, interest: isWaiting ? [.readable, .writable] : .readable)
        waitsForSocket = isWaiting
    }

    /// Wakes the loop when a reader of standard output that fell behind takes something again.
    private mutating func watchOutput() {
        let isWaiting = output.writer.isPending || input.isPending
        guard isWaiting != waitsForOutput else { return }
        let descriptor = input.editsLines ? input.outputDescriptor : output.writer.descriptor
        do throws(SystemError) {
            if isWaiting {
                try poller.add(descriptor, token: Token.output, interest: .writable)
            } else {
                try poller.remove(descriptor)
            }
        } catch {
            log.write(.debug, words.outputUnwatched(error.text(in: language)))
        }
        waitsForOutput = isWaiting
    }
}
