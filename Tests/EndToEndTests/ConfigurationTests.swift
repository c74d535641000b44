import Foundation
import Testing

/// Configuration files at the real programs.
@Suite("configuration", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct ConfigurationTests {
    private func configure(_ house: House, _ name: String, _ text: String, home: String) throws {
        let folder = "home-\(home)/config/gaschat"
        try FileManager.default.createDirectory(
            at: house.folder.appending(path: folder), withIntermediateDirectories: true)
        try house.write(text, to: "\(folder)/\(name)")
    }

    @Test("a server and a client that are told everything by their files")
    func everythingInFiles() throws {
        let house = try House()
        try configure(
            house, "server.json5",
            """
            { address: '127.0.0.1', port: 0, json: true, name: 'lab', password_file: '\(house.passwordFile)',
              data: ':memory:' }
            """, home: "server")
        let server = try house.server(exactly: [])
        let port = try #require(try server.event("listening").number("port"))
        try configure(
            house, "client.json5",
            """
            // Ana's own.
            { server: '127.0.0.1', server_port: \(port), client_port: 0, name: 'ana', json: true,
              password_file: 'room.txt', }
            """, home: "ana")
        try house.write(house.password + "\n", to: "home-ana/config/gaschat/room.txt")
        let ana = try house.client(exactly: [], home: "ana")
        let connected = try ana.event("connected")
        #expect(connected["name"] == "ana" && connected["server"] == "lab")
        try ana.say("hello")
        try ana.leave()
        // What arguments say counts before the file; the rest of the file stays.
        let bea = try house.client(exactly: ["127.0.0.1", "\(port)", "0", "--name", "bea"], home: "ana")
        #expect(try bea.event("connected")["name"] == "bea")
        try bea.leave()
    }

    @Test("row 47: wrong types, unknown keys, broken and huge files: 78, one line with file, line and key")
    func wrongFiles() throws {
        let house = try House()
        let wrong: [(text: String, fault: String)] = [
            ("{\n json: true,\n name: 7,\n}", ":3: name takes a text in quotes"),
            ("{\n json: true,\n nmae: 'x',\n}", ":3: there is no key nmae; did you mean name?"),
            ("{\n json: true\n name: 'x',\n}", ":3: a comma or the closing brace is missing before this"),
            ("{\n json: 'yes' }", ":2: json takes true or false"),
            ("{ a: '\u{1b}[2J", ":1: a text in quotes is not closed"),
            ("{\n lang: 'fr' }", ":2: lang takes id or en, not 'fr'"),
            (String(repeating: "/", count: 70_000), ": longer than 65536 bytes"),
        ]
        for (text, fault) in wrong {
            let file = try house.write(text, to: "wrong.json5")
            for program in [
                try house.server(exactly: ["127.0.0.1", "-p", "0", "--config", file]),
                try house.client(exactly: ["127.0.0.1", "9", "0", "--config=\(file)"]),
            ] {
                #expect(try program.exit() == 78, "\(program) \(program.transcript)")
                #expect(program.complaints.count == 1 && program.output.text.isEmpty)
                #expect(program.complaints.first?.contains(file + fault) == true, "\(program.transcript)")
            }
        }
        for (text, fault) in [
            ("{\n durability: 'disk' }", ":2: durability: it is process or power"),
            ("{\n\n keep: '90x' }", ":3: keep: limits are days (90d), entries (5000) and MiB (200M),"),
        ] {
            let file = try house.write(text, to: "wrong.json5")
            let program = try house.server(exactly: ["127.0.0.1", "-p", "0", "--config", file])
            #expect(try program.exit() == 78)
            #expect(program.complaints.first?.contains(file + fault) == true, "\(program.transcript)")
        }
        let missing = try house.client(exactly: ["--config", "/nowhere.json5", "127.0.0.1", "9", "0"])
        #expect(try missing.exit() == 78 && missing.complaints.first?.contains("/nowhere.json5") == true)
    }

    @Test("lang, durability and keep of a file do what their options do")
    func languageAndHistory() throws {
        let house = try House()
        let file = try house.write(
            "{ lang: 'id', durability: 'power', keep: '90d,5000,200M', name: 'lab', console: true }", to: "s.json5")
        let server = try house.server(
            exactly: ["127.0.0.1", "-p", "0", "--password-file", house.passwordFile, "--config", file])
        let line = try server.line(matching: #"Server siap di 127\.0\.0\.1:\d+"#)
        let port = try #require(line.split(separator: ":").last)
        let own = try house.write("{ lang: 'id', timestamps: 'off' }", to: "c.json5")
        let ana = try house.client(
            exactly: [
                "127.0.0.1", "\(port)", "0", "--name", "ana", "--password-file", house.passwordFile, "--config", own,
            ])
        try ana.line(matching: "Terkoneksi dengan Server!")
        ana.send("QUIT")
        #expect(try ana.exit() == 0)
        server.send(":shutdown")
        #expect(try server.exit() == 0)
    }

    @Test("the password's sources: the flag, then GAS_PASSWORD, then the configuration")
    func password() throws {
        let house = try House()
        let wrong = try house.write("not-this-one\n", to: "wrong")
        let server = try house.server()
        let place = ["127.0.0.1", "\(server.port)", "0", "--name", "ana", "--json"]
        let right = try house.write("{ password_file: '\(house.passwordFile)' }", to: "right.json5")
        let bad = try house.write("{ password_file: '\(wrong)' }", to: "bad.json5")
        func status(_ arguments: [String], environment: String? = nil) throws -> Int32 {
            let home = "home\(arguments.count)\(environment ?? "")\(arguments.contains(bad))"
            let client = try house.client(
                exactly: place + arguments + ["--send", "x"], home: home,
                environment: environment.map { ["GAS_PASSWORD": $0] } ?? [:])
            return try client.exit()
        }
        #expect(try status(["--config", right]) == 0)
        #expect(try status(["--config", bad], environment: house.password) == 0)
        #expect(try status(["--config", bad, "--password-file", house.passwordFile], environment: "wrong") == 0)
        #expect(try status(["--config", right], environment: "wrong") == 77)
    }

    @Test("row 47: read again, what can change does, nobody leaves, and a broken file changes nothing")
    func reload() throws {
        let house = try House()
        func write(_ more: String) throws {
            try house.write("{\n password_file: 'password',\n \(more)\n}", to: "server.json5")
        }
        try write("name: 'one', members: 2")
        let program = try house.server(
            exactly: [
                "127.0.0.1", "-p", "0", "--json", "--console", "--config",
                house.folder.appending(path: "server.json5").path,
            ])
        let port = try #require(try program.event("listening").number("port").flatMap { UInt16(exactly: $0) })
        let server = Server(program: program, address: "127.0.0.1", port: port)
        let ana = try house.member("ana", at: server)

        try write("name: 'two', members: 1, log_level: 'debug', operator: 'BOSS', port: 1")
        #expect(
            try server.answer(":reload")
                == "the configuration and the password file were read again; changed: name, members, log_level;"
                + " only after a restart: operator")
        let bob = try house.client("bob", at: server)
        #expect(try bob.event("error")["code"] == "room-full")
        #expect(try bob.exit() == 77)

        try write("name: 'three', guests: 'no'")
        let refusal = try server.answer(":reload")
        #expect(refusal.hasPrefix("the configuration stays as it was: ") && refusal.contains(":3: guests takes"))
        try write("name: 'four', guests: false")
        program.signal(SIGHUP)
        let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
        let logged = program.errors.wait(until: deadline) { lines in
            lines.first { $0.contains("were read again; changed: name, guests, members, log_level") }
        }
        #expect(logged != nil, "\(program.transcript)")
        let carl = try house.client("carl", at: server)
        #expect(try carl.event("error")["code"] == "not-allowed")
        #expect(try carl.exit() == 77)
        // The console has what came of it too, and Ana never left.
        #expect(try server.answer(":reload").hasPrefix("the configuration and the password file were read again"))
        try ana.say("still here")
    }
}
