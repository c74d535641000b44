import Basics
import ProgramFrame
import Testing

@testable import ServerRuntime

@Suite("options for a service")
struct ServiceOptionTests {
    private func options(_ arguments: String...) throws(ProgramFailure) -> ServerOptions {
        guard case .serve(let options, _) = try Invocation(arguments: ["a"] + arguments) else { return ServerOptions() }
        return options
    }

    @Test("figures are at an address and a port, or at a port of this machine alone")
    func metrics() throws {
        #expect(try options("--metrics", "9180").metrics == .loopback(port: 9180))
        #expect(try options("--metrics=0.0.0.0:1").metrics == SocketAddress(host: .v4(0), port: 1))
        #expect(
            try options("--metrics", "[::1]:0").metrics == SocketAddress(host: .v6(high: 0, low: 1, scope: 0), port: 0))
        #expect(try options().metrics == nil)
    }

    @Test("the log's form, the file of bans, and asking again are told by options")
    func others() throws {
        let options = try options("--log-format", "json", "--bans", "b.txt", "--ask-again")
        #expect(options.logFormat == .json && options.bansFile == "b.txt" && options.asksAgain)
        #expect(throws: ProgramFailure.self) { _ = try self.options("--log-format", "xml") }
        #expect(throws: ProgramFailure.self) { _ = try self.options("--bans", "") }
    }

    @Test("a file of bans is read whatever stands in it")
    func bans() {
        let text = "# nobody\n\neve  spoils it\tall # really\r\n 192.0.2.0/24\n#\nlast"
        #expect(
            BanList.lines(in: Array(text.utf8)) == [
                .init(number: 3, subject: "eve", reason: "spoils it all"),
                .init(number: 4, subject: "192.0.2.0/24", reason: ""), .init(number: 6, subject: "last", reason: ""),
            ])
        #expect(BanList.lines(in: [0xff, 0x0a, 0xc0]).count == 2)
        #expect(BanList.lines(in: []).isEmpty)
        #expect(BanList.lines(in: Array(repeating: 0x61, count: BanList.byteLimit)).count == 1)
    }

    @Test("a new password has 100 bits, is never the same twice, and can be told on the telephone")
    func passwords() {
        var random = SeededGenerator(seed: 5)
        let made = (0..<1_000).map { _ in String(decoding: PasswordCommand.make(using: &random), as: UTF8.self) }
        #expect(Set(made).count == 1_000)
        for password in made.prefix(20) {
            #expect(password.split(separator: "-").map(\.count) == [5, 5, 5, 5])
        }
        let letters = Set(made.joined()).subtracting(["-"])
        #expect(letters.count == 32 && Set(PasswordCommand.alphabet).count == 32)
        #expect(letters.isDisjoint(with: ["l", "o", "0", "1"]))
    }
}
