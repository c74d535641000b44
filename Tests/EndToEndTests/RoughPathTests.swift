import Testing

/// The same chat through a path that loses, repeats, delays and damages datagrams in both directions.
@Suite("rough paths", .serialized, .ownThread, .timeLimit(.minutes(10)))
struct RoughPathTests {
    @Test(
        "200 lines through 20 % loss, 5 % repeats, reordering and bit flips: all arrive once and in order, exit 0",
        arguments: [1, 2, 3] as [UInt64])
    func pipe(seed: UInt64) throws {
        let house = try House()
        let server = try house.server()
        let path = try FaultyPath(to: server, .rough, seed: seed)
        let near = try house.member("bob", at: server)
        let far = try house.member("carol", at: server, port: path.port)
        let lines = (1...200).map { "line \($0) of 200" }
        let ana = try house.client("ana", at: server, port: path.port)
        ana.send(lines: lines)
        ana.closeInput()
        #expect(try ana.exit() == 0, "\(ana.transcript)")
        #expect(ana.events("sent").compactMap { $0["text"] } == lines)
        for listener in [near, far] {
            try listener.hear(lines)
            #expect(try listener.event("left")["name"] == "ana")
        }
        #expect(server.program.complaints == [])
    }

    @Test("long lines survive it too, piece by piece")
    func fragments() throws {
        let house = try House()
        let server = try house.server()
        let path = try FaultyPath(to: server, .rough, seed: 11)
        let bob = try house.member("bob", at: server, port: path.port)
        let ana = try house.member("ana", at: server, port: path.port)
        let lines = (1...8).map { line in (1...1_500).map { "\(line).\($0)" }.joined(separator: " ") }
        ana.send(lines: lines)
        try bob.hear(lines)
        try ana.leave()
        #expect(ana.events("sent").count == lines.count)
    }

    @Test("both talk, and both see one order")
    func conversation() throws {
        let house = try House()
        let server = try house.server()
        let path = try FaultyPath(to: server, .rough, seed: 13)
        let people = try ["ana", "bob"].map { try house.member($0, at: server, port: path.port) }
        for turn in 1...10 {
            for (index, person) in people.enumerated() {
                try person.say("\(index) says \(turn)")
                try people[1 - index].event("message") { $0["text"] == "\(index) says \(turn)" }
            }
        }
        for person in people { #expect(person.events("message").count == 10) }
    }
}
