import CSodium

/// The key of one direction of a connection: it seals and opens packets by their number, and hides the numbers.
///
/// All comes from one traffic secret of 64 bytes, so that an update of the key can derive the next one. What a packet needs
/// stands in one cache line, so that a packet to each of many people waits for one line of memory and not for four:
///
///     key 32 | IV 12 | header key 16 | algorithm 1 | 3 unused   ||   traffic secret 64
///
/// Key, IV and header key are one block of HKDF-SHA512. The header key stays that of the first traffic secret when the key
/// is updated (RFC 9001, section 5.4): a packet's number must be known before it can be told which key sealed it.
///
/// `@safe`: the line lies in the slot that `owner` holds, nothing is written to it once it is filled, and each call keeps the owner
/// alive. Each pointer into a packet is made of checked counts and lives for one call.
/// `@unchecked Sendable`: nobody writes to the line any more.
@safe
package struct PacketKey: @unchecked Sendable {
    /// What `seal` adds to a packet, in bytes.
    package static let tagBytes = AEAD.tagBytes

    /// How much ciphertext the mask of a packet number is made of, in bytes.
    package static let sampleBytes = 16

    /// Memory of one key, in bytes.
    package static let recordBytes = Place.end

    /// Where the parts stand, in bytes.
    private enum Place {
        static let iv = AEAD.keyBytes
        static let headerKey = iv + AEAD.nonceBytes
        static let algorithm = headerKey + headerKeyBytes
        static let trafficSecret = SecretSlab.slotBytes
        static let end = trafficSecret + Digest.sha512Bytes
    }

    private static let headerKeyBytes = Int(crypto_shorthash_siphash24_KEYBYTES)
    private static let tagRoom = [UInt8](repeating: 0, count: tagBytes)

    private let line: UnsafePointer<UInt8>
    private let owner: SecretBox

    /// Derives the keys.
    ///
    /// - Parameters:
    ///   - trafficSecret: 64 bytes, known to both sides.
    ///   - algorithm: one that is available.
    package init(trafficSecret: borrowing SecretBytes, algorithm: AEAD = .chaCha20Poly1305) {
        self.init(trafficSecret, algorithm, successorOf: nil)
    }

    private init(_ trafficSecret: borrowing SecretBytes, _ algorithm: AEAD, successorOf former: PacketKey?) {
        precondition(trafficSecret.count == Digest.sha512Bytes, "a traffic secret has 64 bytes")
        precondition(algorithm.isAvailable, "an algorithm is chosen where it is available")
        let derived = HKDF.expand(trafficSecret, info: Label.packet, count: Place.algorithm)
        var record = SecretBytes(zeros: Place.end)
        record.withMutableBytes { record in
            derived.withBytes { derived in unsafe record.update(from: derived, count: Place.algorithm) }
            if let former {
                unsafe (record + Place.headerKey).update(
                    from: former.line + Place.headerKey, count: Self.headerKeyBytes)
            }
            unsafe record[Place.algorithm] = algorithm == .aes256GCM ? 1 : 0
            trafficSecret.withBytes { secret in
                unsafe (record + Place.trafficSecret).update(from: secret, count: Digest.sha512Bytes)
            }
        }
        owner = SecretBox(record)
        unsafe line = owner.bytes.withBytes { unsafe $0 }
    }

    /// The algorithm that seals.
    package var algorithm: AEAD {
        defer { extendLifetime(owner) }
        return unsafe line[Place.algorithm] == 1 ? .aes256GCM : .chaCha20Poly1305
    }

    /// The key that follows this one. It can be found from this one, but not this one from it.
    package func successor() -> PacketKey {
        let secret = owner.bytes.part(Place.trafficSecret..<Place.end)
        let next = HKDF.expand(secret, info: Label.keyUpdate, count: Digest.sha512Bytes)
        return PacketKey(next, algorithm, successorOf: self)
    }

    /// Encrypts a packet in place, and writes its tag into its last `tagBytes`.
    ///
    /// - Parameters:
    ///   - packet: header, plaintext and room for the tag; then header, ciphertext and tag.
    ///   - headerCount: how many bytes in front are the header, 0...`packet.count - tagBytes`: authenticated, not
    ///     encrypted.
    ///   - numberCount: how many bytes at the header's end are left out of the associated data, since they change on the
    ///     wire: the packet number, which is authenticated as a part of the nonce. 0...`headerCount`.
    ///   - packetNumber: never used before with this key.
    package func seal(
        _ packet: inout MutableSpan<UInt8>, headerCount: Int, numberCount: Int = 0, packetNumber: UInt64
    ) {
        let count = packet.count - Self.tagBytes - headerCount
        precondition(headerCount >= 0 && count >= 0, "the header and the tag are parts of the packet")
        precondition(numberCount >= 0 && numberCount <= headerCount, "the number is a part of the header")
        unsafe packet.withUnsafeMutableBufferPointer { packet in
            guard let header = packet.baseAddress else { return }
            unsafe withNonce(packetNumber) { nonce in
                unsafe algorithm.encrypt(
                    header + headerCount, count: count, header: header, headerCount: headerCount - numberCount,
                    nonce: nonce, key: line)
            }
        }
    }

    /// Encrypts a packet in place and appends its tag. Nothing is allocated when the buffer has room for it.
    ///
    /// - Parameters:
    ///   - buffer: header and plaintext, then header, ciphertext and tag.
    ///   - headerCount: as above, 0...`buffer.count`.
    ///   - numberCount: as above.
    ///   - packetNumber: never used before with this key.
    package func seal(_ buffer: inout [UInt8], headerCount: Int, numberCount: Int = 0, packetNumber: UInt64) {
        buffer.append(contentsOf: Self.tagRoom)
        var packet = buffer.mutableSpan
        seal(&packet, headerCount: headerCount, numberCount: numberCount, packetNumber: packetNumber)
    }

    /// Checks a packet and decrypts it.
    ///
    /// Nothing is allocated when the capacity of `plaintext` suffices.
    ///
    /// - Parameters:
    ///   - datagram: header, ciphertext and tag as they came, unchecked.
    ///   - headerCount: how many bytes in front are the header.
    ///   - numberCount: as it was sealed.
    ///   - packetNumber: the number that the packet was sealed with.
    ///   - plaintext: its content is replaced; empty when the packet is refused.
    /// - Returns: false when the packet is too short or anything differs from what was sealed.
    package func open(
        _ datagram: Span<UInt8>, headerCount: Int, numberCount: Int = 0, packetNumber: UInt64,
        into plaintext: inout [UInt8]
    ) -> Bool {
        plaintext.removeAll(keepingCapacity: true)
        guard numberCount >= 0, headerCount >= numberCount, datagram.count - Self.tagBytes >= headerCount else {
            return false
        }
        let count = datagram.count - Self.tagBytes - headerCount
        var isAuthentic = false
        plaintext.append(addingCapacity: count) { output in
            unsafe output.withUnsafeMutableBufferPointer { target, initialized in
                unsafe datagram.withUnsafeBufferPointer { datagram in
                    guard let header = datagram.baseAddress else { return }
                    isAuthentic = unsafe withNonce(packetNumber) { nonce in
                        unsafe algorithm.decrypt(
                            header + headerCount, count: count, header: header,
                            headerCount: headerCount - numberCount, nonce: nonce, key: line, into: target.baseAddress)
                    }
                }
                initialized = isAuthentic ? count : 0
            }
        }
        return isAuthentic
    }

    /// What the packet number is exclusive-or'ed with on the wire: an observer who sees two addresses could otherwise tell by
    /// numbers that follow each other that they are one person.
    ///
    /// As RFC 9001, section 5.4, has it, a pseudo-random function of a sample of the ciphertext, under a key of its own. The
    /// function is SipHash-2-4 (Aumasson and Bernstein, 2012), made for short inputs: 16 ns where a block of ChaCha20
    /// takes 150.
    ///
    /// - Parameter ciphertext: what follows the header.
    /// - Returns: nil when there are fewer than `sampleBytes`, which no packet has.
    package func mask(for ciphertext: Span<UInt8>) -> UInt32? {
        guard ciphertext.count >= Self.sampleBytes else { return nil }
        var output: UInt64 = 0
        unsafe ciphertext.withUnsafeBufferPointer { sample in
            unsafe withUnsafeMutablePointer(to: &output) { output in
                let output = unsafe UnsafeMutableRawPointer(output).assumingMemoryBound(to: UInt8.self)
                _ = unsafe crypto_shorthash_siphash24(
                    output, sample.baseAddress, UInt64(Self.sampleBytes), line + Place.headerKey)
            }
        }
        extendLifetime(owner)
        // The output is a number in little-endian order, of which the first four bytes count.
        return UInt32(truncatingIfNeeded: UInt64(littleEndian: output)).byteSwapped
    }

    /// Lends the IV with the packet number, big-endian, exclusive-or its end (as RFC 9001, section 5.3).
    @unsafe
    private func withNonce<Result>(_ packetNumber: UInt64, _ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        defer { extendLifetime(owner) }
        let iv = unsafe UnsafeRawPointer(line + Place.iv)
        let nonce: [3 of UInt32] = unsafe [
            iv.load(as: UInt32.self),
            iv.load(fromByteOffset: 4, as: UInt32.self)
                ^ UInt32(truncatingIfNeeded: packetNumber >> 32).bigEndian,
            iv.load(fromByteOffset: 8, as: UInt32.self) ^ UInt32(truncatingIfNeeded: packetNumber).bigEndian,
        ]
        return unsafe withUnsafePointer(to: nonce) { nonce in
            unsafe body(UnsafeRawPointer(nonce).assumingMemoryBound(to: UInt8.self))
        }
    }
}
