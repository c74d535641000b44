import Crypto
import Foundation
import Sentences
import Testing

@testable import ProgramFrame

@Suite("where the password comes from")
struct PasswordSourceTests {
    private func source(file: String? = nil, variable: String? = nil) -> PasswordSource {
        var environment = Environment()
        environment.password = variable.map { SecretBox(SecretBytes(copying: Array($0.utf8).span)) }
        return PasswordSource(file: file, environment: environment) ?? .builtIn
    }

    /// Makes a file, which the test removes.
    private func passwordFile(_ content: String, mode: Int = 0o600) throws -> String {
        let path = NSTemporaryDirectory() + "/gaschat-password-" + UUID().uuidString
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func expected(_ password: String) -> [UInt8] {
        RoomPassword(prepared: SecretBytes(copying: Array(password.utf8).span)).prs.revealed()
    }

    @Test("the flag's file goes before the environment, and that before the built-in password")
    func precedence() throws {
        let file = try passwordFile("from file\r\nsecond line")
        defer { try? FileManager.default.removeItem(atPath: file) }
        #expect(try source(file: file, variable: "from variable").load().prs.revealed() == expected("from file"))
        #expect(try source(variable: "from variable").load().prs.revealed() == expected("from variable"))
        #expect(try source().load().prs.revealed() == expected("GAS1"))
        #expect(source().isBuiltIn && !source(variable: "x").isBuiltIn)
    }

    @Test("the password is prepared: composed and with plain spaces")
    func prepared() throws {
        #expect(try source(variable: "cafe\u{301}\u{a0}1").load().prs.revealed() == expected("caf\u{e9} 1"))
    }

    @Test("row 48: a password file that others can read is refused with 78 and a way out", arguments: [0o604, 0o640])
    func exposed(mode: Int) throws {
        let file = try passwordFile("secret\n", mode: mode)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let failure = #expect(throws: ProgramFailure.self) { try source(file: file).load() }
        #expect(failure?.status == .configuration)
        #expect(failure?.text(in: .english).contains("chmod 600") == true)
    }

    @Test(
        "an unfit password is refused with 78 and never shown",
        arguments: ["\nx", "tab\there\n", String(repeating: "hunter2", count: 200)])
    func unfit(content: String) throws {
        let file = try passwordFile(content)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let failure = #expect(throws: ProgramFailure.self) { try source(file: file).load() }
        #expect(failure?.status == .configuration)
        #expect(
            failure?.text(in: .english).contains("hunter2") == false
                && failure?.text(in: .english).contains("here") == false)
    }

    @Test("a file that is not there and an empty variable are refused with 78")
    func missing() {
        #expect(throws: ProgramFailure.self) { try source(file: "/nonexistent/password").load() }
        let failure = #expect(throws: ProgramFailure.self) { try source(variable: "").load() }
        #expect(failure?.status == .configuration)
    }
}
