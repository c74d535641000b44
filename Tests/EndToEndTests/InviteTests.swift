import Foundation
import Testing

/// The first contact by invitation: the server's key is known before it says anything.
@Suite("invites", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct InviteTests {
    private func client(_ house: House, invite: String, home: String = "ana") throws -> RunningProgram {
        try house.client(
            exactly: [invite, "0", "--name", "ana", "--password-file", house.passwordFile, "--json"], home: home)
    }

    private func invite(of server: Server) throws -> String {
        try #require(server.program.events("listening").first?["invite"])
    }

    /// The same address with a fingerprint that is nobody's.
    private func foreign(_ invite: String) throws -> String {
        let address = try #require(invite.split(separator: "#").first)
        return "\(address)#AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"
    }

    @Test("a client gets in by what the server printed, and remembers the key", arguments: ["127.0.0.1", "0.0.0.0"])
    func invited(address: String) throws {
        let house = try House()
        let server = try house.server(address: address)
        let invite = try invite(of: server)
        let ana = try client(house, invite: invite)
        try ana.event("connected")
        try ana.leave()
        let again = try client(house, invite: invite)
        try again.event("connected")
        try again.leave()
    }

    @Test("row 32: a server that is not the invited one is told nothing, and the client ends with 76")
    func notInvited() throws {
        let house = try House()
        let server = try house.server()
        let ana = try client(house, invite: try foreign(invite(of: server)))
        #expect(try ana.exit() == 76, "\(ana.transcript)")
        #expect(ana.events("error").map { $0["code"] } == ["key-changed"])
        #expect(ana.complaints.count == 1 && ana.complaints.first?.contains("invitation") == true)
        #expect(server.program.events("joined") == [] && server.program.events("refused") == [])
    }

    @Test("row 32: an invite that contradicts the remembered key ends the client with 76, and names the file")
    func contradiction() throws {
        let house = try House()
        let server = try house.server()
        let invite = try invite(of: server)
        let ana = try client(house, invite: invite)
        try ana.event("connected")
        try ana.leave()
        let again = try client(house, invite: try foreign(invite))
        #expect(try again.exit() == 76, "\(again.transcript)")
        #expect(again.complaints.count == 1 && again.complaints.first?.contains("server.key") == true)
    }
}
