import CSodium

/// A key made ready for many packets: AES-256-GCM is slow with a key that it has to expand each time.
///
/// `@safe`: the slot holds 32 bytes or the C library's state, as `algorithm` says; a slot is aligned to more than the
/// state needs. Each pointer into a packet is made of checked counts and lives for one call.
@safe
struct AEADKey: ~Copyable, Sendable {
    private static let tagRoom = [UInt8](repeating: 0, count: AEAD.tagBytes)

    private let algorithm: AEAD
    private let material: SecretBytes

    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - algorithm: one that is available.
    init(_ key: borrowing SecretBytes, for algorithm: AEAD) {
        precondition(key.count == AEAD.keyBytes, "an AEAD key has 32 bytes")
        precondition(algorithm.isAvailable, "an algorithm is chosen where it is available")
        self.algorithm = algorithm
        switch algorithm {
        case .chaCha20Poly1305: material = key.duplicate()
        case .aes256GCM: material = Self.expanded(key)
        }
    }

    /// Encrypts what follows the header, in place, and appends the tag.
    ///
    /// - Parameters:
    ///   - headerCount: 0...`packet.count`.
    ///   - associatedCount: how much of the header is authenticated, 0...`headerCount`; nil: all of it.
    func seal(_ packet: inout [UInt8], headerCount: Int, associatedCount: Int? = nil, nonce: [12 of UInt8]) {
        precondition(headerCount >= 0 && headerCount <= packet.count, "the header is a part of the packet")
        let associatedCount = associatedCount ?? headerCount
        precondition(associatedCount >= 0 && associatedCount <= headerCount, "associated data is a part of the header")
        let count = packet.count - headerCount
        packet.append(contentsOf: Self.tagRoom)
        unsafe packet.withUnsafeMutableBufferPointer { packet in
            guard let header = packet.baseAddress else { return }
            unsafe encrypt(
                header + headerCount, count: count, header: header, headerCount: associatedCount, nonce: nonce)
        }
    }

    /// Checks a packet and decrypts what follows the header into `plaintext`, whose content is replaced.
    ///
    /// - Returns: false when the packet is too short or anything differs from what was sealed; `plaintext` is empty then.
    func open(
        _ packet: Span<UInt8>, headerCount: Int, associatedCount: Int? = nil, nonce: [12 of UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool {
        plaintext.removeAll(keepingCapacity: true)
        let associatedCount = associatedCount ?? headerCount
        guard associatedCount >= 0, headerCount >= associatedCount, packet.count - AEAD.tagBytes >= headerCount else {
            return false
        }
        let count = packet.count - AEAD.tagBytes - headerCount
        var isAuthentic = false
        plaintext.append(addingCapacity: count) { output in
            unsafe output.withUnsafeMutableBufferPointer { target, initialized in
                unsafe packet.withUnsafeBufferPointer { packet in
                    guard let header = packet.baseAddress else { return }
                    isAuthentic = unsafe decrypt(
                        header + headerCount, count: count, header: header, headerCount: associatedCount, nonce: nonce,
                        into: target.baseAddress)
                }
                initialized = isAuthentic ? count : 0
            }
        }
        return isAuthentic
    }

    /// Encrypts `count` bytes at `text` in place and writes the tag behind them.
    private func encrypt(
        _ text: UnsafeMutablePointer<UInt8>, count: Int, header: UnsafePointer<UInt8>, headerCount: Int,
        nonce: [12 of UInt8]
    ) {
        let tag = unsafe text + count
        let (textCount, headerCount) = (UInt64(count), UInt64(headerCount))
        material.withBytes { key in
            unsafe nonce.span.withUnsafeBufferPointer { nonce in
                guard let nonce = nonce.baseAddress else { return }
                switch algorithm {
                case .chaCha20Poly1305:
                    unsafe crypto_aead_chacha20poly1305_ietf_encrypt_detached(
                        text, tag, nil, text, textCount, header, headerCount, nil, nonce, key)
                case .aes256GCM:
                    unsafe crypto_aead_aes256gcm_encrypt_detached_afternm(
                        text, tag, nil, text, textCount, header, headerCount, nil, nonce, Self.state(key))
                }
            }
        }
    }

    /// Checks the tag behind the `count` bytes at `text` and decrypts them.
    ///
    /// - Parameter target: room for `count` bytes; may be nil for none.
    private func decrypt(
        _ text: UnsafePointer<UInt8>, count: Int, header: UnsafePointer<UInt8>, headerCount: Int,
        nonce: [12 of UInt8], into target: UnsafeMutablePointer<UInt8>?
    ) -> Bool {
        let tag = unsafe text + count
        let (textCount, headerCount) = (UInt64(count), UInt64(headerCount))
        return material.withBytes { key in
            unsafe nonce.span.withUnsafeBufferPointer { nonce in
                guard let nonce = nonce.baseAddress else { return false }
                let status =
                    switch algorithm {
                    case .chaCha20Poly1305:
                        unsafe crypto_aead_chacha20poly1305_ietf_decrypt_detached(
                            target, nil, text, textCount, tag, header, headerCount, nonce, key)
                    case .aes256GCM:
                        unsafe crypto_aead_aes256gcm_decrypt_detached_afternm(
                            target, nil, text, textCount, tag, header, headerCount, nonce, Self.state(key))
                    }
                return status == 0
            }
        }
    }

    private static func expanded(_ key: borrowing SecretBytes) -> SecretBytes {
        var state = SecretBytes(zeros: MemoryLayout<crypto_aead_aes256gcm_state>.size)
        key.withBytes { key in
            state.withMutableBytes { bytes in
                let raw = UnsafeMutableRawPointer(bytes)
                let state = unsafe raw.bindMemory(to: crypto_aead_aes256gcm_state.self, capacity: 1)
                _ = unsafe crypto_aead_aes256gcm_beforenm(state, key)
            }
        }
        return state
    }

    private static func state(_ bytes: UnsafePointer<UInt8>) -> UnsafePointer<crypto_aead_aes256gcm_state> {
        unsafe UnsafeRawPointer(bytes).assumingMemoryBound(to: crypto_aead_aes256gcm_state.self)
    }
}
