import Basics
import ChatDomain
import Metrics
import ProgramFrame
import ServerCore
import SocketIO
import Transport

/// The figures over HTTP. No name of anybody is among them, and no text.
extension ServerLoop {
    /// After each run nobody who asks is waited for so long: whoever asks without end, and a connection that can't be
    /// taken since no descriptors are left, would else keep the loop awake.
    private static let metricsPause: Duration = .milliseconds(2)

    /// When connections that ask for figures have something to be done though nothing comes: mostly, to be cut off.
    var metricsDeadline: Instant? {
        if let metricsPauseEnds { return metricsPauseEnds }
        return switch metrics {
        case .some(let server): server.connectionCount > 0 ? server.deadline(at: MonotonicClock.now) : nil
        case .none: nil
        }
    }

    private func wantsPage(at now: Instant) -> Bool {
        switch metrics {
        case .some(let server): server.wantsPage(at: now)
        case .none: false
        }
    }

    /// Something is to be done for connections, or the pause is over.
    mutating func resumeMetrics() {
        guard metricsPauseEnds != nil else { return serveMetrics() }
        metricsPauseEnds = nil
        watchMetrics(.readable)
    }

    private mutating func watchMetrics(_ interest: Poller.Interest) {
        guard let descriptor = metrics?.descriptor else { return }
        // Can't fail: the descriptor is watched already.
        try? poller.change(descriptor, token: Token.metrics, interest: interest)
    }

    mutating func serveMetrics() {
        let now = MonotonicClock.now
        if wantsPage(at: now) {
            let page = MetricsPage(figures: figures(at: now), health: "\(health.word)\n", isHealthy: health == .fine)
            metrics?.put(page, at: now)
        }
        metrics?.run()
        metricsPauseEnds = now + Self.metricsPause
        watchMetrics([])
    }

    /// Whether the server does what it is there for.
    var health: Health {
        guard phase == .serving else { return .stopping }
        return store.isStalled ? .storeStalled : .fine
    }

    enum Health: Hashable {
        case fine
        case storeStalled
        case stopping

        /// Stable: scripts look at it.
        var word: String {
            switch self {
            case .fine: "ok"
            case .storeStalled: "store-stalled"
            case .stopping: "stopping"
            }
        }
    }

    private mutating func figures(at now: Instant) -> String {
        var page = Exposition()
        let (counts, survey) = (core.counts, core.survey())
        counters.note(kernelDrops: socket.kernelDrops)
        addRoom(counts, to: &page)
        addLinks(survey, to: &page)
        addSocket(to: &page)
        addStrangers(to: &page)
        addStore(to: &page)
        addProcess(at: now, to: &page)
        return page.text
    }

    private func addRoom(_ counts: ChatCounts, to page: inout Exposition) {
        page.add("gaschat_members", .gauge, "People who are present.", counts.members)
        page.add("gaschat_members_lost", .gauge, "People who are lost and whose names wait for them.", counts.reserved)
        page.add("gaschat_accounts", .gauge, "Everybody who is known.", counts.accounts)
        page.add("gaschat_groups", .gauge, "Groups.", counts.groups)
        page.add("gaschat_logs", .gauge, "Logs: the room, groups, people with private lines.", counts.logs)
        page.add("gaschat_bans", .gauge, "Bans that hold.", counts.bans)
        page.add("gaschat_mutes", .gauge, "People who may not write.", counts.mutes)
        page.add("gaschat_room_last_entry", .gauge, "The number of the room's last entry.", counts.roomEnd)
        page.add(
            "gaschat_messages_total", .counter, "Messages that were stored, by where they went.", by: "place",
            [("room", counters.roomLines), ("group", counters.groupLines), ("private", counters.privateLines)])
        page.add("gaschat_joins_total", .counter, "People who came in.", counters.joins)
        page.add("gaschat_leaves_total", .counter, "People who went.", by: "reason", Self.rows(counters.leaves))
        page.add(
            "gaschat_refusals_total", .counter, "People who were not let in.", by: "reason",
            Self.rows(counters.refusalsByReason))
    }

    private static func rows(_ counts: [String: UInt64]) -> [(value: String, count: UInt64)] {
        counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func addLinks(_ survey: LinkSurvey, to page: inout Exposition) {
        let tallies = survey.tallies
        page.add("gaschat_connections", .gauge, "Connections that are open.", survey.connections)
        page.add("gaschat_deliveries_total", .counter, "Messages that people have confirmed.", tallies.deliveries)
        page.add("gaschat_packets_sent_total", .counter, "Packets with messages.", tallies.packets)
        page.add("gaschat_packets_lost_total", .counter, "Those of them that seemed lost.", tallies.lost)
        page.add("gaschat_packets_late_total", .counter, "Those that seemed lost and came after all.", tallies.late)
        page.add(
            "gaschat_retransmissions_total", .counter, "Pieces of messages that were sent again.",
            tallies.retransmissions)
        page.add(
            "gaschat_loss_ratio", .gauge, "Share of packets lost, the mean of all connections.",
            survey.lossSum / Double(max(1, survey.connections)))
        let counts = tallies.roundTrips.indices.map { tallies.roundTrips[$0] }
        let bounds = LinkTallies.roundTripBounds.indices.map { LinkTallies.roundTripBounds[$0] }
        page.add(
            "gaschat_round_trip_seconds", "Measured round trips.",
            Histogram(bounds: bounds, counts: counts, sumNanoseconds: tallies.roundTripNanoseconds))
        page.add(
            "gaschat_send_queue_messages", .gauge, "The room's messages that have not arrived, of all people together.",
            survey.missing)
        page.add(
            "gaschat_send_queue_worst_messages", .gauge, "The most that one person is behind the room.",
            survey.mostMissing)
        page.add(
            "gaschat_messages_under_way", .gauge, "Messages that left and are not confirmed.", survey.underWay)
    }

    private func addSocket(to page: inout Exposition) {
        page.add(
            "gaschat_datagrams_total", .counter, "Datagrams.", by: "direction",
            [("in", counters.received), ("out", counters.sent)])
        if let count = counters.droppedByKernel {
            page.add(
                "gaschat_socket_drops_total", .counter,
                "Datagrams that the kernel dropped before the server saw them: its buffer was full, or they were damaged.",
                count)
        }
        page.add(
            "gaschat_system_calls_total", .counter, "System calls for datagrams, and to wait.", by: "call",
            systemCalls.rows)
    }

    private func addStrangers(to page: inout Exposition) {
        let (steps, drops, load) = (core.handshakes, core.drops, core.load)
        page.add(
            "gaschat_handshakes_total", .counter, "Steps of those who knock.", by: "step",
            [
                ("begun", steps.begun), ("challenged", steps.challenged), ("proved", steps.proved),
                ("resumed", steps.resumed), ("settled", steps.settled),
            ])
        page.add("gaschat_guesses_total", .counter, "Handshakes with a wrong password.", steps.guessed)
        page.add("gaschat_guessing_blocks", .gauge, "Address blocks with wrong passwords of late.", load.guessingBlocks)
        page.add("gaschat_handshakes_half_open", .gauge, "Handshakes that are under way.", load.halfOpen)
        func row(_ reason: String, _ count: Int) -> (value: String, count: UInt64) { (reason, UInt64(max(0, count))) }
        page.add(
            "gaschat_drops_total", .counter, "Datagrams that were dropped, or refused unheard.", by: "reason",
            [
                row("foreign", drops.foreign), row("malformed", drops.malformed), row("unknown", drops.unknown),
                row("unauthenticated", drops.unauthenticated), row("over-limit", drops.overLimit),
                row("turned-away", drops.turnedAway), row("ticket-refused", drops.ticketsRefused),
            ])
    }

    private func addStore(to page: inout Exposition) {
        page.add("gaschat_store_latency_seconds", "From the room to the disk.", store.latency)
        page.add("gaschat_store_waiting", .gauge, "Groups of changes that wait to be stored.", store.waitingCount)
        page.add("gaschat_store_stalled", .gauge, "1 where nothing can be stored.", store.isStalled ? 1 : 0)
    }

    private func addProcess(at now: Instant, to page: inout Exposition) {
        page.add("gaschat_healthy", .gauge, "1 where /healthz says ok.", health == .fine ? 1 : 0)
        page.add(
            "gaschat_uptime_seconds", .gauge, "How long the server has been there.",
            Double((now - started).wholeNanoseconds) / 1e9)
        page.add(
            "gaschat_loop_cpu_seconds_total", .counter, "Processor time of the thread that serves the room.",
            Double(ThreadClock.cpuTime.wholeNanoseconds) / 1e9)
        page.add("gaschat_loop_busy", .gauge, "1 where no time is left for copies of messages.", load.isBusy ? 1 : 0)
        if let bytes = ProcessUsage.residentBytes {
            page.add("process_resident_memory_bytes", .gauge, "Memory of the process.", bytes)
        }
        if let count = ProcessUsage.descriptorCount {
            page.add("process_open_fds", .gauge, "Descriptors that are open.", count)
        }
        page.add(
            "gaschat_build_info", .gauge, "Always 1.", by: "version", [(ProgramVersion.text, 1)])
    }
}
