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
}
