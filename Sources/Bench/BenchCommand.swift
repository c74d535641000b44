import Basics
import History
package import SocketIO

/// What `udp-bench` was asked for.
package struct BenchCommand: Sendable {
    /// What is wrong with the words.
    package struct Misuse: Error {
        package let text: String
    }

    private enum Task: String, CaseIterable {
        case floor, login, echo, fanout, room, idle, store, work, catchup, crash, flood, latency, bulk, crypto, tour
    }

    /// The bounds of what can be asked for.
    private enum Bounds {
        static let members = 1...16_384
        static let window = 1...1024
        static let rate = 1...1_000_000
        static let seconds = 0.1...600.0
        static let messages = 100...1_000_000
        static let loss = 0.0...50.0
        static let interval = 1.0...10_000.0
        static let rounds = 1...100_000
        static let runs = 1...99
    }

    private var task: Task?
    private var members: Int?
    private var rate: Int?
    private var window: Int?
    private var senders: Int?
    private var seconds: Double?
    private var messages: Int?
    private var loss: Double?
    private var interval: Double?
    private var rounds: Int?
    private var runs: Int?
    private var folder = "."
    private var isEmulated = false
    private var seed: UInt64 = 1

    /// One JSON object a line instead of tables.
    package private(set) var isJSON = false
    /// Only to say what can be asked for.
    package private(set) var wantsHelp = false

    /// - Parameter words: the command line without the program's name.
    package init(_ words: [String]) throws(Misuse) {
        var words = words[...]
        while let word = words.popFirst() {
            switch word {
            case "--help", "-h": wantsHelp = true
            case "--json": isJSON = true
            case "--members": members = try Self.number(of: word, &words, Bounds.members)
            case "--rate": rate = try Self.number(of: word, &words, Bounds.rate)
            case "--window": window = try Self.number(of: word, &words, Bounds.window)
            case "--senders": senders = try Self.number(of: word, &words, Bounds.members)
            case "--seconds": seconds = try Self.decimal(of: word, &words, Bounds.seconds)
            case "--emulated": isEmulated = true
            case "--rounds": rounds = try Self.number(of: word, &words, Bounds.rounds)
            case "--runs": runs = try Self.number(of: word, &words, Bounds.runs)
            case "--out":
                guard let path = words.popFirst(), !path.isEmpty else { throw Misuse(text: "--out needs a folder") }
                folder = path
            case "--messages": messages = try Self.number(of: word, &words, Bounds.messages)
            case "--loss": loss = try Self.decimal(of: word, &words, Bounds.loss)
            case "--interval": interval = try Self.decimal(of: word, &words, Bounds.interval)
            case "--seed": seed = UInt64(try Self.number(of: word, &words, 0...Int.max))
            default:
                guard task == nil, let known = Task(rawValue: word) else { throw Misuse(text: "what is \(word)?") }
                task = known
            }
        }
    }

    private static func number(
        of option: String, _ words: inout ArraySlice<String>, _ bounds: ClosedRange<Int>
    ) throws(Misuse) -> Int {
        guard let number = words.popFirst().flatMap({ Int($0) }), bounds.contains(number) else {
            throw Misuse(text: "\(option) needs a number of \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    private static func decimal(
        of option: String, _ words: inout ArraySlice<String>, _ bounds: ClosedRange<Double>
    ) throws(Misuse) -> Double {
        guard let number = words.popFirst().flatMap({ Double($0) }), bounds.contains(number) else {
            throw Misuse(text: "\(option) needs a number of \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    /// Measures, and shows each result when it is there.
    ///
    /// - Returns: whether every result is sound.
    package func run(show: (BenchReport) -> Void) throws(SystemError) -> Bool {
        var isSound = true
        for step in steps {
            for report in try step() {
                show(report)
                if report.fault != nil { isSound = false }
            }
        }
        guard task == .tour else { return isSound }
        var tour = Tour(seconds: seconds ?? Tour.usualSeconds, seed: seed)
        try tour.run(show: show)
        try tour.write(into: folder)
        return tour.isSound
    }

    private typealias Step = () throws(SystemError) -> [BenchReport]

    private var steps: [Step] {
        let stores = [store(.process), store(.power)]
        switch task {
        case .floor: return [floor]
        case .login: return [login]
        case .echo: return [echo]
        case .fanout: return [fanout(window.map { [$0] } ?? [1])]
        case .room: return [room]
        case .idle: return [idle]
        case .flood: return [flood]
        case .catchup: return [catchup]
        case .latency where isEmulated: return (loss.map { [$0] } ?? EmulatedLatency.losses).map { emulated($0) }
        case .latency: return (loss.map { [.loss($0)] } ?? LatencyBench.paths).map { latency($0) }
        case .bulk: return (loss.map { [$0] } ?? BulkBench.losses).map { bulk($0) }
        case .store: return stores
        case .work: return window.map { [work($0)] } ?? [work(1), work(64)]
        case .crypto: return [crypto]
        case .crash: return [crash]
        case .tour: return []
        case nil: return [floor, login, echo, fanout(window.map { [$0] } ?? [1, 64]), idle] + stores
        }
    }

    /// A benchmark as often as was asked for: medians.
    private func repeated(_ once: @escaping () throws(SystemError) -> BenchReport) -> Step {
        { () throws(SystemError) in
            var reports: [BenchReport] = []
            for _ in 0..<(runs ?? 1) { reports.append(try once()) }
            return [BenchReport.median(of: reports)]
        }
    }

    private var floor: Step {
        repeated { () throws(SystemError) in try FloorBench(members: members ?? 100, seconds: seconds ?? 2).run() }
    }

    private var login: Step { repeated { () throws(SystemError) in try LoginBench(seconds: seconds ?? 3).run() } }

    private var echo: Step { repeated { () throws(SystemError) in try EchoBench(seconds: seconds ?? 4).run() } }

    private var room: Step {
        repeated { () throws(SystemError) in
            try RoomBench(members: members ?? 1_000, rate: rate ?? 100, seconds: seconds ?? 10).run()
        }
    }

    private var catchup: Step {
        repeated { () throws(SystemError) in
            try CatchupBench(lines: messages ?? 50_000, members: members ?? 10, seconds: seconds ?? 5).run()
        }
    }

    private var crypto: Step {
        repeated { () throws(SystemError) in CryptoBench(members: members ?? 1_000).run() }
    }

    private var crash: Step {
        { () throws(SystemError) in
            var trial = try CrashTrial(rounds: rounds ?? 100, seed: seed)
            return [try trial.run()]
        }
    }

    private var flood: Step {
        repeated { () throws(SystemError) in
            try FloodBench(rate: rate ?? 100_000, members: members ?? 10, seconds: seconds ?? 10).run()
        }
    }

    private func fanout(_ windows: [Int]) -> Step {
        { () throws(SystemError) in
            try FanoutBench(
                members: members ?? 100, windows: windows, senders: senders ?? FanoutBench.senders,
                seconds: seconds ?? 3, runs: runs ?? 1
            ).run()
        }
    }

    private func work(_ window: Int) -> Step {
        repeated { () throws(SystemError) in
            // So many lines and no more are asked for: the same figures come of that in every run, but for the time.
            WorkBench(members: members ?? 100, window: window)
                .run(seconds: seconds ?? (messages == nil ? 3 : 0), lines: messages ?? 1_000)
        }
    }

    private var idle: Step {
        repeated { () throws(SystemError) in
            try IdleBench(members: members ?? 1000, seconds: seconds ?? 10).run()
        }
    }

    private func latency(_ path: LatencyBench.Path) -> Step {
        repeated { () throws(SystemError) in
            LatencyBench(
                path: path, interval: interval(or: 50), messages: messages ?? 24_000, seed: seed
            ).run()
        }
    }

    private func emulated(_ loss: Double) -> Step {
        repeated { () throws(SystemError) in
            try EmulatedLatency(loss: loss, interval: interval(or: 100), messages: messages ?? 4000, seed: seed).run()
        }
    }

    private func bulk(_ loss: Double) -> Step {
        repeated { () throws(SystemError) in
            BulkBench(
                loss: loss, rate: rate ?? 100, interval: interval(or: 20), seconds: seconds ?? 20, seed: seed
            ).run()
        }
    }

    private func interval(or milliseconds: Double) -> Duration {
        .microseconds(Int64((interval ?? milliseconds) * 1000))
    }

    private func store(_ durability: HistoryConfiguration.Durability) -> Step {
        repeated { () throws(SystemError) in try StoreBench(durability: durability, seconds: seconds ?? 4).run() }
    }

    /// What `--help` shows.
    package static let usage = """
        Usage: udp-bench [floor | login | echo | fanout | room | idle | store | work | catchup | crash | flood
                         | latency | bulk | crypto | tour] [option ...]

        Measures this machine over the loopback interface, and its disk. Without a word floor, login, echo, fanout, idle
        and store, in about a minute.
        Where the real udp-server is measured, that is the one beside this program, with its log on disk.

          floor    what the kernel alone costs: CPU per datagram of sendmmsg to N sockets, one by one and cut out of
                   one message (GSO), and of recvmmsg
          login    whole logins in memory, each with a cookie: CPU of server and client, logins a second of one core
          echo     the real udp-server: from typing a line to its receipt
          fanout   the real udp-server: lines of S members to N members, W of them under way: CPU of the server per
                   delivery, acknowledgements and disk included, and its ratio to the floor of the same run; deliveries
                   a second; memory of the server per member
          room     the real udp-server: N members and R lines a second: how soon a line is with the last of them
          idle     the real udp-server with N members who say nothing: its share of a core, memory per member, and how
                   soon all have heard of one who comes in
          store    the log on disk, in the folder for temporary files (TMPDIR): entries a second with 100 members
                   talking, the search index included; what a lone message waits, 100 a second; both for each durability
          work     the server's own part of a fan-out, in memory and virtual time, without the kernel: CPU, allocations,
                   datagrams, bytes and system calls per delivery
          catchup  the real udp-server: how soon somebody who was away has the lines of that time, in order, while N members
                   chat and go on as before; what it costs the server in memory
          flood    the real udp-server under R hellos a second from forged senders,
                   while N members chat: from a line to its receipt, the server's CPU, memory and bytes
          latency  how soon messages of 100 bytes arrive on a path of 40 ms with loss both ways, in virtual time: ours
                   through the server to a member without loss, and models of TCP, ENet, KCP and QUIC, each as quick
                   as the original was on such a path; packets sent, and bytes sent per byte of text. With
                   --emulated between the real programs: 8 servers, in each room 5 who talk through a thread that
                   delays and loses datagrams, and one who listens; without loss it tells what that itself costs
          crash    N rounds in which six members talk and the real udp-server is killed with SIGKILL and started again, and now and then a client is: every receipt stays true, no line is
                   lost, doubled or out of order, nobody needs the password again; the store is looked at as well
          bulk     how much of a path of 40 ms with loss both ways and a queue of 80 ms a byte stream takes, in
                   virtual time, and how soon messages arrive beside it
          crypto   sealing and opening a packet with each of N keys in turn, by each algorithm that this processor has
          tour     medians of floor, login, echo, fanout (100, 1,000 and 5,000 members), room, idle, store, work and
                   latency within a budget of time, as a report (Figures.md), a picture (bench.svg) and for programs
                   (bench.json)

          --members N   members of the room, and sockets of the floor: 1 to 16384 (100; 1000 in room, idle and crypto;
                        10 who chat)
          --senders S   how many of them talk in fanout, turn by turn (100)
          --rate R      hellos a second of the flood, lines a second in room, or Mbit/s of the path of bulk:
                        1 to 1000000 (100000; 100; 100)
          --window W    lines under way at once: 1 to 1024 (1; without a word 1 and then 64)
          --seconds S   how long each is measured, or the whole tour: 0.1 to 600 (300 the tour); bulk at least 3 virtual
                        ones (20)
          --runs N      medians of so many runs: 1 to 99 (1)
          --out FOLDER  where the tour writes (here)
          --messages N  messages of each in latency, lines to catch up, lines of work instead of a time: 100 to 1000000
                        (24000; 4000 emulated; 50000)
          --loss P      percent of datagrams lost: 0 to 50 (0, 1, 5, 10, 20 and, not emulated, outages;
                        0, 1, 5 for bulk)
          --interval MS from one message to the next: 1 to 10000 (50; 100 emulated; 20 beside bulk)
          --rounds N    rounds of crash: 1 to 100000 (100)
          --seed S      of the chances: the same seed gives the same figures (1)
          --json        one JSON object a line

        Each member has a socket: many need a higher limit of open files (ulimit -n).
        Exit status: 0 fine, 1 something was lost, came twice or grew beyond its bound, 64 wrong usage,
        71 the system refused something.
        """
}
