import Foundation
import Testing

/// Figures over HTTP, asked for as Prometheus does.
@Suite("figures", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct MetricsTests {
    /// A server with figures, and where they are.
    private func start(_ house: House, launcher: [String] = []) throws -> (Server, port: Int) {
        let program = try house.server(
            exactly: ["127.0.0.1", "-p", "0", "--json", "--password-file", house.passwordFile, "--metrics", "0"],
            launcher: launcher)
        let port = try #require(UInt16(exactly: try program.event("listening").number("port") ?? 0))
        let line = program.errors.wait(until: Date(timeIntervalSinceNow: RunningProgram.patience)) { lines in
            lines.first { $0.contains("/metrics") }
        }
        let place = try #require(try line?.firstMatch(of: Regex(#"127\.0\.0\.1:(\d+)/metrics"#))?.output[1].substring)
        return (Server(program: program, address: "127.0.0.1", port: port), try #require(Int(place)))
    }

    /// Every figure of a page by its name and labels.
    private func figures(_ port: Int) throws -> [String: Double] {
        let page = try #require(WebPage.get("/metrics", port: port))
        #expect(page.status == 200)
        let lines = page.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return try lines.reduce(into: [:]) { figures, line in
            let blank = try #require(line.lastIndex(of: " "))
            let value: Double = try #require(Double(line[line.index(after: blank)...]))
            figures[String(line[..<blank])] = value
        }
    }

    /// Asks until a figure is what it should be: what people confirm comes a moment later.
    private func wait(for name: String, _ port: Int, _ isRight: (Double) -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
        var last: Double?
        while Date() < deadline {
            last = try figures(port)[name]
            if let last, isRight(last) { return }
        }
        throw Failure("\(name) is \(last.map { "\($0)" } ?? "not there")")
    }

    @Test("tell of the room what happened in it, and nobody's name")
    func room() throws {
        let house = try House()
        let (server, port) = try start(house)
        let health = try #require(WebPage.get("/healthz", port: port))
        #expect(health.status == 200 && health.text == "ok\n")
        let (ana, bob) = (try house.member("ana", at: server), try house.member("bob", at: server))
        for count in 1...20 { try ana.say("line \(count)") }
        ana.send(":pm bob a secret")
        try ana.event("sent") { $0["to"] == "bob" }
        let wrong = try house.write("a-mistyped-password\n", to: "wrong")
        #expect(try house.client("eve", at: server, passwordFile: wrong).exit() == 77)
        try bob.leave()
        // Twenty lines and the joins went to two people.
        try wait(for: "gaschat_deliveries_total", port) { $0 >= 40 }
        try wait(for: "gaschat_leaves_total{reason=\"quit\"}", port) { $0 == 1 }
        try wait(for: "gaschat_send_queue_messages", port) { $0 == 0 }
        let figures = try figures(port)
        let expected: [String: Double] = [
            "gaschat_members": 1, "gaschat_accounts": 2, "gaschat_messages_total{place=\"room\"}": 20,
            "gaschat_messages_total{place=\"private\"}": 1, "gaschat_joins_total": 2, "gaschat_guesses_total": 1,
            "gaschat_refusals_total{reason=\"wrong-password\"}": 1, "gaschat_handshakes_total{step=\"proved\"}": 2,
            "gaschat_handshakes_total{step=\"settled\"}": 2, "gaschat_store_stalled": 0, "gaschat_healthy": 1,
            "gaschat_socket_drops_total": 0,
        ]
        for (name, value) in expected { #expect(figures[name] == value, "\(name): \(figures[name] ?? -1)") }
        for name in [
            "gaschat_round_trip_seconds_count", "gaschat_store_latency_seconds_count", "gaschat_packets_sent_total",
            "process_resident_memory_bytes", "process_open_fds", "gaschat_datagrams_total{direction=\"out\"}",
            "gaschat_system_calls_total{call=\"sendmmsg\"}", "gaschat_system_calls_total{call=\"recvmmsg\"}",
            "gaschat_system_calls_total{call=\"epoll_wait\"}", "gaschat_system_calls_total{call=\"timerfd_settime\"}",
        ] { #expect(figures[name] ?? 0 > 0, "\(name)") }
        let text = WebPage.get("/metrics", port: port)?.text ?? ""
        for secret in ["ana", "bob", "eve", "line", "secret", house.password] {
            let words = text.split { !$0.isLetter && !$0.isNumber }
            #expect(!words.contains(Substring(secret)), "\(secret)")
        }
    }

    @Test("the dashboard for Grafana asks for figures that there are")
    func dashboard() throws {
        let house = try House()
        let (server, port) = try start(house)
        defer { withExtendedLifetime(server) {} }
        let page = try #require(WebPage.get("/metrics", port: port)?.text)
        let types = page.matches(of: try Regex(#"# TYPE (\S+) (\S+)"#)).map { $0.output.map { $0.substring ?? "" } }
        var names = Set(types.map { String($0[1]) })
        for type in types where type[2] == "histogram" { names.insert("\(type[1])_bucket") }
        #expect(names.count > 30)
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "config/grafana/gaschat.json")
        let dashboard = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        let panels = try #require(dashboard?["panels"] as? [[String: Any]])
        let targets = panels.flatMap { $0["targets"] as? [[String: String]] ?? [] }
        #expect(targets.count >= panels.count && panels.count > 10)
        let word = try Regex(#"\b(?:gaschat|process)_[a-z_]+"#)
        for target in targets {
            for match in (target["expr"] ?? "").matches(of: word) {
                #expect(names.contains(String(match.output[0].substring ?? "")), "\(target)")
            }
        }
    }

    @Test("a datagram that is none of ours is counted as dropped")
    func drops() throws {
        let house = try House()
        let (server, port) = try start(house)
        let before = try figures(port)["gaschat_drops_total{reason=\"foreign\"}"] ?? 0
        let sender = Process()
        sender.executableURL = URL(filePath: "/bin/bash")
        sender.arguments = ["-c", "printf hello >/dev/udp/127.0.0.1/\(server.port)"]
        try sender.run()
        sender.waitUntilExit()
        try wait(for: "gaschat_drops_total{reason=\"foreign\"}", port) { $0 == before + 1 }
    }

    @Test("a port that is taken ends the start with 71, and a place that is none with 64")
    func wrongPlaces() throws {
        let house = try House()
        let (server, port) = try start(house)
        defer { withExtendedLifetime(server) {} }
        let second = try house.server(
            exactly: ["127.0.0.1", "-p", "0", "--metrics", "127.0.0.1:\(port)"], home: "second")
        #expect(try second.exit() == 71 && second.complaints.last?.contains("no figures") == true)
        for place in ["", "localhost", "127.0.0.1", "127.0.0.1:70000", "::1:9180", "[::1]", "127.1:9180"] {
            let wrong = try house.server(exactly: ["127.0.0.1", "-p", "0", "--metrics", place], home: "third")
            #expect(try wrong.exit() == 64, "\(place)")
        }
    }

    @Test("row 49: without a descriptor left the room goes on, and all else when there are some again")
    func noDescriptors() throws {
        let house = try House()
        let (server, port) = try start(house)
        let (ana, bob) = (try house.member("ana", at: server), try house.member("bob", at: server))
        try ana.say("first")
        func limit(_ count: String) throws {
            let prlimit = Process()
            prlimit.executableURL = URL(filePath: "/usr/bin/prlimit")
            prlimit.arguments = ["--pid", "\(server.program.processID)", "--nofile=\(count):"]
            try prlimit.run()
            prlimit.waitUntilExit()
            try #require(prlimit.terminationStatus == 0)
        }
        // No number below this one is free: nothing can be opened any more.
        try limit("3")
        let asker = Process()
        asker.executableURL = URL(filePath: "/bin/bash")
        asker.arguments = [
            "-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3",
        ]
        asker.standardOutput = FileHandle.nullDevice
        try asker.run()
        defer { asker.terminate() }
        for count in 1...50 { try ana.say("without descriptors \(count)") }
        try bob.hear(["first"] + (1...50).map { "without descriptors \($0)" })
        server.program.signal(SIGHUP)
        let told = server.program.errors.wait(until: Date(timeIntervalSinceNow: RunningProgram.patience)) { lines in
            lines.first { $0.contains("warning") && $0.contains("EMFILE") || $0.contains("many open files") }
        }
        #expect(told != nil, "\(server.program.transcript)")
        try limit("1024")
        try wait(for: "gaschat_messages_total{place=\"room\"}", port) { $0 == 51 }
        // Nobody could be served meanwhile, and that cost next to nothing.
        #expect(try figures(port)["gaschat_loop_cpu_seconds_total"] ?? 99 < 20)
        let carol = try house.member("carol", at: server)
        try carol.say("late")
    }

    @Test("row 49: ICMP errors about people who are gone disturb nobody")
    func icmpErrors() throws {
        let house = try House()
        let (server, _) = try start(house)
        let (ana, bob) = (try house.member("ana", at: server), try house.member("bob", at: server))
        let gone = try (1...5).map { try house.member("gone\($0)", at: server) }
        for person in gone {
            person.signal(SIGKILL)
            _ = try person.exit()
        }
        // Each line goes to five closed ports, which the kernel answers by ICMP.
        for count in 1...30 { try ana.say("line \(count)") }
        try bob.hear((1...30).map { "line \($0)" })
        #expect(server.program.complaints.allSatisfy { $0.contains("/metrics") })
    }
}
