import Basics
import Crypto
import Testing

@testable import ProgramFrame

@Suite("keys that people compare")
struct FingerprintTests {
    @Test("a fingerprint is the Base32 of RFC 4648, in groups")
    func fingerprint() {
        #expect(String(decoding: Fingerprint.base32(Array("fooba".utf8)), as: UTF8.self) == "MZXW6YTB")
        let text = Fingerprint.text(of: [UInt8](repeating: 7, count: 32))
        #expect(text.split(separator: "-").map(\.count) == [4, 4, 4, 4, 4, 4])
        #expect(text != Fingerprint.text(of: [UInt8](repeating: 8, count: 32)))
    }

    @Test("what was written is read again, in small letters and without hyphens too")
    func fingerprintIsRead() {
        for seed in 0...UInt8.max {
            let fingerprint = KeyFingerprint(of: [UInt8](repeating: seed, count: 32))
            let text = Fingerprint.text(of: fingerprint)
            for variant in [text, text.lowercased(), text.filter { $0 != "-" }] {
                #expect(Fingerprint.read(variant[...]) == fingerprint)
            }
        }
    }

    @Test(
        "what is no fingerprint is not read",
        arguments: [
            "", "-", "AAAA", "AAAA-AAAA-AAAA-AAAA-AAAA-AAA", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAAA",
            "AAAA-AAAA-AAAA-AAAA-AAAA-AAA1", "AAAA-AAAA-AAAA-AAAA-AAAA-AAA=", "AAAA AAAA AAAA AAAA AAAA AAAA",
            "АAAA-AAAA-AAAA-AAAA-AAAA-AAAA", String(repeating: "A", count: 100_000),
        ])
    func wrongFingerprints(text: String) {
        #expect(Fingerprint.read(text[...]) == nil)
    }
}

@Suite("invites")
struct InviteTests {
    private static let key = [UInt8](repeating: 7, count: 32)
    private static let letters = Fingerprint.text(of: key)

    @Test("an invite is read as it was written, for every kind of address")
    func roundTrip() throws {
        let hosts: [SocketAddress.Host] = [
            .v4(0xc000_0207), .v6(high: 0, low: 1, scope: 0), .v6(high: 0xfe80 << 48, low: 9, scope: 2),
        ]
        for host in hosts {
            let invite = Invite(address: SocketAddress(host: host, port: 8080), publicKey: Self.key)
            #expect(try Invite(reading: invite.description) == invite)
        }
        let name = try Invite(reading: "chat.example:1#\(Self.letters)")
        #expect(name.host == "chat.example" && name.port == 1 && name.key == KeyFingerprint(of: Self.key))
    }

    @Test("IPv6 addresses stand in brackets")
    func brackets() {
        let address = SocketAddress(host: .v6(high: 0, low: 1, scope: 0), port: 8080)
        #expect(Invite(address: address, publicKey: Self.key).description == "[::1]:8080#\(Self.letters)")
    }

    @Test(
        "what is wrong with an invite is told apart",
        arguments: [
            ("", Invite.Fault.fingerprint), ("h:1", .fingerprint), ("h:1#", .fingerprint), ("h:1#AAAA", .fingerprint),
            ("h:1#\(letters)#", .fingerprint), ("h#\(letters)", .address), ("#\(letters)", .address),
            (":1#\(letters)", .address), ("::1:1#\(letters)", .address), ("[]:1#\(letters)", .address),
            ("[::1:1#\(letters)", .address), ("[::1]#\(letters)", .address), ("h:0#\(letters)", .port),
            ("h:65536#\(letters)", .port), ("h:+1#\(letters)", .port), ("h:#\(letters)", .port),
        ])
    func wrongInvites(text: String, fault: Invite.Fault) {
        #expect(throws: fault) { try Invite(reading: text) }
    }
}
