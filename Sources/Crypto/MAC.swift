import CSodium

/// Message authentication.
package enum MAC {
    /// HMAC-SHA512 (RFC 2104, FIPS 198-1).
    ///
    /// - Parameter key: any length.
    /// - Returns: 64 bytes; compare them with `ConstantTime`.
    package static func hmacSHA512(key: borrowing SecretBytes, _ bytes: [UInt8]) -> [UInt8] {
        var mac = HMACState(key: key)
        mac.update(bytes)
        return mac.finish().revealed()
    }
}

/// A running HMAC-SHA512. The C library's state is as good as the key, so it lives in the slab.
///
/// `@safe`: the slot is as large as the state and aligned for it, and is initialised before it is used.
@safe
struct HMACState: ~Copyable, Sendable {
    private var storage: SecretBytes

    private init(_ storage: consuming SecretBytes) {
        self.storage = storage
    }

    init(key: borrowing SecretBytes) {
        self.init(SecretBytes(zeros: MemoryLayout<crypto_auth_hmacsha512_state>.size))
        let count = key.count
        key.withBytes { bytes in
            withState { state in _ = unsafe crypto_auth_hmacsha512_init(state, bytes, count) }
        }
    }

    init(publicKey key: [UInt8]) {
        self.init(SecretBytes(zeros: MemoryLayout<crypto_auth_hmacsha512_state>.size))
        withState { state in _ = unsafe crypto_auth_hmacsha512_init(state, key, key.count) }
    }

    /// Another one that goes on from the same place.
    func duplicate() -> HMACState { HMACState(storage.duplicate()) }

    mutating func update(_ bytes: [UInt8]) {
        withState { state in _ = unsafe crypto_auth_hmacsha512_update(state, bytes, UInt64(bytes.count)) }
    }

    mutating func update(_ secret: borrowing SecretBytes) {
        let count = UInt64(secret.count)
        secret.withBytes { bytes in
            withState { state in _ = unsafe crypto_auth_hmacsha512_update(state, bytes, count) }
        }
    }

    consuming func finish() -> SecretBytes {
        var output = SecretBytes(zeros: Digest.sha512Bytes)
        output.withMutableBytes { target in
            withState { state in _ = unsafe crypto_auth_hmacsha512_final(state, target) }
        }
        return output
    }

    @safe
    private mutating func withState(_ body: (UnsafeMutablePointer<crypto_auth_hmacsha512_state>) -> Void) {
        storage.withMutableBytes { bytes in
            let raw = UnsafeMutableRawPointer(bytes)
            unsafe body(raw.bindMemory(to: crypto_auth_hmacsha512_state.self, capacity: 1))
        }
    }
}
