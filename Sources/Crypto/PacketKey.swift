/// The key of one direction of a connection: it seals and opens packets by their number.
///
/// All comes from one traffic secret of 64 bytes, so that an update of the key can derive the next one.
package final class PacketKey: Sendable {
    /// What `seal` adds to a packet, in bytes.
    package static let tagBytes = AEAD.tagBytes

    /// The algorithm that seals.
    package let algorithm: AEAD

    private let trafficSecret: SecretBytes
    private let key: AEADKey
    private let iv: SecretBytes

    /// Derives the key and the IV.
    ///
    /// - Parameters:
    ///   - trafficSecret: 64 bytes, known to both sides.
    ///   - algorithm: one that is available.
    package init(trafficSecret: consuming SecretBytes, algorithm: AEAD = .chaCha20Poly1305) {
        let keyBytes = HKDF.expand(trafficSecret, info: Label.packetKey, count: AEAD.keyBytes)
        key = AEADKey(keyBytes, for: algorithm)
        iv = HKDF.expand(trafficSecret, info: Label.packetIV, count: AEAD.nonceBytes)
        self.algorithm = algorithm
        self.trafficSecret = trafficSecret
    }

    /// The key that follows this one. It can be found from this one, but not this one from it.
    package func successor() -> PacketKey {
        let next = HKDF.expand(trafficSecret, info: Label.keyUpdate, count: Digest.sha512Bytes)
        return PacketKey(trafficSecret: next, algorithm: algorithm)
    }

    /// The key that hides the packet numbers of this key's direction. It belongs to the first key, not to its successors.
    package func headerKey() -> HeaderKey {
        HeaderKey(trafficSecret: trafficSecret)
    }

    /// Encrypts a packet in place and appends its tag.
    ///
    /// Nothing is allocated when the buffer has room for `tagBytes` more.
    ///
    /// - Parameters:
    ///   - buffer: header and plaintext, then header, ciphertext and tag.
    ///   - headerCount: how many bytes in front are the header, 0...`buffer.count`: authenticated, not encrypted.
    ///   - numberCount: how many bytes at the header's end are left out of the associated data, since they change on the
    ///     wire: the packet number, which is authenticated as a part of the nonce. 0...`headerCount`.
    ///   - packetNumber: never used before with this key.
    package func seal(_ buffer: inout [UInt8], headerCount: Int, numberCount: Int = 0, packetNumber: UInt64) {
        key.seal(
            &buffer, headerCount: headerCount, associatedCount: headerCount - numberCount, nonce: nonce(packetNumber))
    }

    /// Checks a packet and decrypts it.
    ///
    /// Nothing is allocated when the capacity of `plaintext` suffices.
    ///
    /// - Parameters:
    ///   - datagram: header, ciphertext and tag as they came, unchecked.
    ///   - headerCount: how many bytes in front are the header; not negative.
    ///   - numberCount: as it was sealed.
    ///   - packetNumber: the number that the packet was sealed with.
    ///   - plaintext: its content is replaced; empty when the packet is refused.
    /// - Returns: false when the packet is too short or anything differs from what was sealed.
    package func open(
        _ datagram: Span<UInt8>, headerCount: Int, numberCount: Int = 0, packetNumber: UInt64,
        into plaintext: inout [UInt8]
    ) -> Bool {
        key.open(
            datagram, headerCount: headerCount, associatedCount: headerCount - numberCount,
            nonce: nonce(packetNumber), into: &plaintext)
    }

    /// The IV with the packet number, big-endian, exclusive-or its end (as RFC 9001, section 5.3).
    private func nonce(_ packetNumber: UInt64) -> [12 of UInt8] {
        iv.withBytes { iv in
            [12 of UInt8] { index in
                let shift = UInt64(AEAD.nonceBytes - 1 - index) * 8
                let part = shift < 64 ? UInt8(truncatingIfNeeded: packetNumber >> shift) : 0
                return unsafe iv[index] ^ part
            }
        }
    }
}
