import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Foundation
import Simulation
import SocketIO

/// Rounds in each of which members talk, the real server is killed with SIGKILL and started again, now and then a
/// client too: every receipt stays true, nothing is lost, doubled or out of order, and nobody needs the password again.
struct CrashTrial: ~Copyable {
    private static let clientCount = 6
    /// How long a round may take to come to rest.
    private static let patience: Duration = .seconds(45)
    /// In every such round the store itself is looked at, too.
    private static let auditInterval = 25
    private static let lineBytes = 24

    private let rounds: Int
    private var random: SeededGenerator
    private let seed: UInt64
    private var system = SystemRandomNumberGenerator()

    private let server: CrashServer
    private var clients: [CrashClient] = []
    private var poller: Poller
    private var incoming: ReceiveBatch
    private var outgoing: SendBatch
    private var datagram: [UInt8] = []
    private var record = CrashRecord()
    private var audit = CrashAudit()
    private var lines = 0
    private var kills = 0
    private var slowest: Duration = .zero

    init(rounds: Int, seed: UInt64) throws(SystemError) {
        self.rounds = rounds
        self.seed = seed
        random = SeededGenerator(seed: seed)
        let server = try CrashServer()
        var poller = try Poller()
        var clients: [CrashClient] = []
        var system = SystemRandomNumberGenerator()
        for number in 0..<Self.clientCount {
            let client = try CrashClient(number, server: server.address, using: &system)
            try poller.add(client.socket.descriptor, token: UInt32(number))
            clients.append(client)
        }
        let incoming = try ReceiveBatch(capacity: 64)
        let outgoing = try SendBatch(capacity: 64)
        self.server = server
        self.poller = poller
        self.clients = clients
        self.incoming = incoming
        self.outgoing = outgoing
    }

    mutating func run() throws(SystemError) -> BenchReport {
        let start = MonotonicClock.now
        var report = BenchReport("crash")
        var done = 0
        do {
            try enter()
            while done < rounds {
                let begin = MonotonicClock.now
                try play(done + 1)
                slowest = max(slowest, MonotonicClock.now - begin)
                done += 1
            }
            try leave()
        } catch let fault as CrashFault {
            report.fail("round \(done + 1) of seed \(seed): \(fault)")
        } catch let error as SystemError {
            throw error
        } catch {
            report.fail("round \(done + 1) of seed \(seed): \(error)")
        }
        report.add("rounds", "rounds", done)
        report.add("serverKills", "times the server was killed", kills)
        report.add("clientKills", "times a client was killed", clients.reduce(0) { $0 + $1.kills })
        report.add("lines", "lines typed", lines)
        report.add("seconds", "time", (MonotonicClock.now - start).inSeconds, digits: 1, unit: "s")
        report.add("slowest", "the slowest round", slowest.inSeconds, digits: 2, unit: "s")
        return report
    }

    // MARK: Rounds

    /// Everybody comes in, and makes or joins the group.
    private mutating func enter() throws {
        try server.start()
        try settle("nobody gets in") { $0.isQuiet }
        for number in clients.indices {
            try enter(number == 0 ? ":group create crash" : ":group join crash", by: number)
            try settle("the group does not come about") { client in
                client.number > number || client.core.followed.contains { $0.kind == .group }
            }
        }
    }

    private mutating func play(_ round: Int) throws {
        record.beginRound()
        let talk = Duration.milliseconds(Int.random(in: 40...300, using: &random))
        let killAt = Double.random(in: 0.1...1, using: &random)
        let start = MonotonicClock.now
        let victim = random.chance(0.3) ? Int.random(in: 0..<clients.count, using: &random) : nil
        let victimAt = start + talk * Double.random(in: 0...1.2, using: &random)
        var isVictimDue = victim != nil
        while MonotonicClock.now < start + talk * killAt {
            if isVictimDue, victimAt <= MonotonicClock.now { try killClient(victim, &isVictimDue) }
            try say(round)
            try turn(until: MonotonicClock.now + .milliseconds(Int.random(in: 0...4, using: &random)))
        }
        server.kill()
        kills += 1
        if round % Self.auditInterval == 0 || round == rounds {
            try audit.look(at: server.data, copyingTo: server.folder.appending(path: "audit"), record)
        }
        let away = MonotonicClock.now + .milliseconds(Int.random(in: 0...100, using: &random))
        while MonotonicClock.now < away {
            if random.chance(0.3) { try say(round) }
            try turn(until: away)
        }
        try server.start()
        if isVictimDue { try killClient(victim, &isVictimDue) }
        // Who has nothing to say would notice only later that the server was gone.
        for number in clients.indices { try say(round, by: number) }
        // Now and then it dies again while all come back.
        if random.chance(0.1) {
            let again = MonotonicClock.now + .milliseconds(Int.random(in: 5...120, using: &random))
            while MonotonicClock.now < again { try turn(until: again) }
            server.kill()
            kills += 1
            try server.start()
        }
        try settle("not everything arrives") { $0.isQuiet }
        for client in clients { client.settle() }
    }

    private mutating func killClient(_ victim: Int?, _ isDue: inout Bool) throws {
        isDue = false
        guard let victim else { return }
        try clients[victim].killAndComeBack(using: &system)
        try drain(victim, at: MonotonicClock.now)
    }

    private mutating func leave() throws {
        let status = server.stop()
        guard status == 0 else { throw CrashFault("the server ended with \(status)") }
        try audit.look(at: server.data, copyingTo: server.folder.appending(path: "audit"), record)
    }

    // MARK: Talk

    private mutating func say(_ round: Int) throws {
        try say(round, by: Int.random(in: 0..<clients.count, using: &random))
    }

    private mutating func say(_ round: Int, by number: Int) throws {
        guard clients[number].core.canAccept else { return }
        lines += 1
        let text = "line \(lines) of round \(round) " + String(repeating: "x", count: Self.lineBytes)
        let draw = Double.random(in: 0..<1, using: &random)
        if draw < 0.7 {
            record.type(text, by: number, to: .room)
            try enter(text, by: number)
        } else if draw < 0.85 {
            record.type(text, by: number, to: .group)
            try enter(":group send crash \(text)", by: number)
        } else {
            let other = (number + Int.random(in: 1..<clients.count, using: &random)) % clients.count
            record.type(text, by: number, to: .person(other))
            try enter(":pm \(clients[other].name) \(text)", by: number)
        }
    }

    private mutating func enter(_ line: String, by number: Int) throws {
        let now = MonotonicClock.now
        clients[number].enter(line, at: now)
        try drain(number, at: now)
    }

    // MARK: Turns

    /// Runs until all clients satisfy the condition and everything of the round is where it should be.
    private mutating func settle(_ fault: String, _ condition: (CrashClient) -> Bool) throws {
        let end = MonotonicClock.now + Self.patience
        while true {
            let isDone = clients.allSatisfy(condition)
            if isDone, record.missing(clients: clients.count) == nil { return }
            if let words = server.lastWords { throw CrashFault(words) }
            guard MonotonicClock.now < end else {
                let restless = clients.filter { !condition($0) }.map(\.name)
                throw CrashFault("\(fault): \(record.missing(clients: clients.count) ?? ""), waiting for \(restless)")
            }
            try turn(until: min(end, MonotonicClock.now + .milliseconds(50)))
        }
    }

    /// One wait and what came of it.
    private mutating func turn(until limit: Instant) throws {
        let deadline = clients.compactMap(\.deadline).min().map { min($0, limit) } ?? limit
        let ready = try poller.wait(until: deadline)
        for report in ready { try receive(Int(report.token)) }
        let now = MonotonicClock.now
        for number in clients.indices where clients[number].deadline.map({ $0 <= now }) ?? false {
            clients[number].handleTimeouts(at: now, using: &system)
            try drain(number, at: now)
        }
    }

    private mutating func receive(_ number: Int) throws {
        let client = clients[number]
        repeat {
            // A refused port is told as an error of the socket; the server will be back.
            guard (try? client.socket.receive(into: &incoming)) != nil else { break }
            let now = MonotonicClock.now
            incoming.forEachArrival { bytes, _, _, mark in client.receive(bytes, mark: mark, at: now, using: &system) }
        } while incoming.isFull
        try drain(number, at: MonotonicClock.now)
    }

    private mutating func drain(_ number: Int, at now: Instant) throws {
        do throws(CrashFault) {
            try clients[number].drain(&record, &outgoing, &datagram, at: now)
        } catch {
            throw error
        }
    }
}
