import CSodium

/// What one try of a password costs whoever tries it.
package struct PasswordCost: Hashable, Sendable {
    /// Passes over the memory.
    package let passes: UInt32
    /// Memory in KiB.
    package let kibibytes: UInt32

    package init(passes: UInt32, kibibytes: UInt32) {
        self.passes = passes
        self.kibibytes = kibibytes
    }

    /// For people who wait: 64 MiB, two passes (libsodium's `crypto_pwhash_*_INTERACTIVE`; RFC 9106, section 4, asks for
    /// 64 MiB where memory is short). About 60 ms on one core.
    package static let interactive = PasswordCost(passes: 2, kibibytes: 65_536)

    /// Whether a client pays that for a server that asks for it: at most 10 passes over 256 MiB.
    package var isBearable: Bool { (1...10).contains(passes) && (8...262_144).contains(kibibytes) }
}

/// Hashing of passwords that people choose, slow on purpose.
package enum PasswordHash {
    /// The length of a salt in bytes.
    package static let saltBytes = 16
    /// The length of an output in bytes.
    package static let outputBytes = 32

    /// Argon2id, version 1.3, one lane (RFC 9106).
    ///
    /// - Parameters:
    ///   - salt: `saltBytes` bytes.
    ///   - cost: a bearable one.
    /// - Returns: `outputBytes` bytes; nil when the machine has not the memory, or the salt or the cost is not allowed.
    package static func argon2id(
        _ password: borrowing SecretBytes, salt: [UInt8], cost: PasswordCost
    ) -> SecretBytes? {
        CryptoLibrary.start()
        guard salt.count == saltBytes, cost.isBearable else { return nil }
        var output = SecretBytes(zeros: outputBytes)
        let count = UInt64(password.count)
        var status: Int32 = -1
        password.withBytes { input in
            output.withMutableBytes { target in
                status = unsafe crypto_pwhash(
                    target, UInt64(outputBytes), UnsafeRawPointer(input).assumingMemoryBound(to: CChar.self), count,
                    salt, UInt64(cost.passes), Int(cost.kibibytes) * 1_024, crypto_pwhash_ALG_ARGON2ID13)
            }
        }
        guard status == 0 else { return nil }
        return output
    }
}
