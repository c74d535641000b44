import CSodium

/// Hides the packet number of one direction's packets, as RFC 9001, section 5.4.4 does: an observer who sees two
/// addresses could otherwise tell by numbers that follow each other that they are one person.
///
/// It stays the same when the packet keys are updated.
///
/// `@safe`: the only pointers are of buffers whose length is checked first, and live for one call.
@safe
package final class HeaderKey: Sendable {
    /// How much ciphertext a mask is made of, in bytes.
    package static let sampleBytes = 16

    private static let nonceStart = 4
    private let key: SecretBytes

    init(trafficSecret: borrowing SecretBytes) {
        key = HKDF.expand(trafficSecret, info: Label.headerKey, count: AEAD.keyBytes)
    }

    /// What the packet number is exclusive-or'ed with on the wire.
    ///
    /// - Parameter ciphertext: what follows the header.
    /// - Returns: nil when there are fewer than `sampleBytes`, which no packet has.
    package func mask(for ciphertext: Span<UInt8>) -> UInt32? {
        guard ciphertext.count >= Self.sampleBytes else { return nil }
        var counter: UInt32 = 0
        for index in 0..<Self.nonceStart { counter |= UInt32(ciphertext[index]) << UInt32(8 * index) }
        let nonce = [12 of UInt8] { ciphertext[Self.nonceStart + $0] }
        let zeros: [4 of UInt8] = [0, 0, 0, 0]
        var stream: [4 of UInt8] = [0, 0, 0, 0]
        key.withBytes { key in
            unsafe nonce.span.withUnsafeBufferPointer { nonce in
                unsafe zeros.span.withUnsafeBufferPointer { zeros in
                    var output = stream.mutableSpan
                    unsafe output.withUnsafeMutableBufferPointer { stream in
                        guard let target = stream.baseAddress, let source = zeros.baseAddress,
                            let nonce = nonce.baseAddress
                        else { return }
                        _ = unsafe crypto_stream_chacha20_ietf_xor_ic(
                            target, source, UInt64(stream.count), nonce, counter, key)
                    }
                }
            }
        }
        return (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(stream[$1]) }
    }
}
