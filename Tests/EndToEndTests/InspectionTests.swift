import Testing

/// What other programs on the machine can find out about the running programs.
@Suite("inspection", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct InspectionTests {
    @Test("row 51: a crash of the server leaves no core dump with its keys")
    func coreDumps() throws {
        let house = try House()
        let server = try house.server()
        let limits = server.program.read(fromProc: "limits").split(separator: "\n")
        let core = limits.first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").suffix(3) == ["0", "0", "bytes"])
    }

    @Test("row 50: a password of the environment is not to be seen there once the program runs")
    func environment() throws {
        let house = try House()
        let secret = ["GAS_PASSWORD": house.password]
        let server = try house.server(exactly: ["127.0.0.1", "-p", "0", "--json"], environment: secret)
        let port = try server.event("listening").number("port") ?? 0
        let client = try house.client(
            exactly: ["127.0.0.1", "\(port)", "0", "--name", "ana", "--json"], environment: secret)
        try client.event("connected")
        #expect(!server.read(fromProc: "environ").contains(house.password))
        let environment = client.read(fromProc: "environ")
        #expect(environment.contains("HOME=") && !environment.contains(house.password))
    }
}
