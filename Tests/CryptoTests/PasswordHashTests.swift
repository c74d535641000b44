import Basics
import Crypto
import Testing

/// Argon2id behind our own interface.
struct PasswordHashTests {
    private static func hash(_ password: String, salt: [UInt8], _ cost: PasswordCost) -> [UInt8]? {
        let password = SecretBytes(copying: Array(password.utf8).span)
        guard let output = PasswordHash.argon2id(password, salt: salt, cost: cost) else { return nil }
        return output.revealed()
    }

    private static let salt = Array("somesaltsomesalt".utf8)

    @Test("the output depends on password, salt, passes and memory")
    func inputs() throws {
        let cost = PasswordCost(passes: 2, kibibytes: 64)
        let outputs = [
            Self.hash("password", salt: Self.salt, cost), Self.hash("passwore", salt: Self.salt, cost),
            Self.hash("password", salt: Self.salt.reversed(), cost),
            Self.hash("password", salt: Self.salt, PasswordCost(passes: 3, kibibytes: 64)),
            Self.hash("password", salt: Self.salt, PasswordCost(passes: 2, kibibytes: 128)),
        ]
        #expect(Set(outputs.compactMap { $0 }).count == 5)
        #expect(outputs[0] == Self.hash("password", salt: Self.salt, cost))
    }

    /// Made with the reference implementation of Argon2 (phc-winner-argon2, `argon2 -id -t 2 -k 64 -p 1 -l 32 -v 13`).
    @Test("the output is that of the reference implementation")
    func reference() {
        let expected: [UInt8] = [
            0x1a, 0x98, 0xfb, 0xa8, 0xe6, 0x39, 0x44, 0x25, 0xc9, 0xbd, 0xc3, 0x33, 0xa9, 0xc7, 0x50, 0xaa,
            0xf8, 0x11, 0xdf, 0x07, 0x0f, 0x5f, 0xb4, 0xa5, 0x78, 0x8e, 0x1c, 0xf4, 0xdb, 0x57, 0x93, 0xa1,
        ]
        #expect(Self.hash("password", salt: Self.salt, PasswordCost(passes: 2, kibibytes: 64)) == expected)
    }

    @Test("a salt of another length, and a cost that no client pays, give nothing")
    func refused() {
        let cost = PasswordCost(passes: 2, kibibytes: 64)
        #expect(Self.hash("p", salt: Array(Self.salt.dropLast()), cost) == nil)
        for cost in [
            PasswordCost(passes: 0, kibibytes: 64), PasswordCost(passes: 11, kibibytes: 64),
            PasswordCost(passes: 1, kibibytes: 7), PasswordCost(passes: 1, kibibytes: .max),
        ] {
            #expect(!cost.isBearable && Self.hash("p", salt: Self.salt, cost) == nil)
        }
        #expect(PasswordCost.interactive.isBearable)
    }
}
