/// Builds a secret out of parts without it ever being in ordinary memory.
package struct SecretWriter: ~Copyable {
    private var storage: SecretBytes
    private var filled = 0

    /// - Parameter capacity: the most bytes that will be written, 0...`SecretSlab.chunkBytes`; it may be too large.
    package init(capacity: Int) {
        storage = SecretBytes(zeros: capacity)
    }

    /// Appends public bytes.
    package mutating func append(_ bytes: [UInt8]) {
        let start = advance(by: bytes.count)
        storage.withMutableBytes { target in
            for index in bytes.indices { unsafe target[start + index] = bytes[index] }
        }
    }

    /// Appends a secret.
    package mutating func append(_ secret: borrowing SecretBytes) {
        append(secret, first: secret.count)
    }

    /// Appends the first bytes of a secret.
    ///
    /// - Parameter length: 0...`secret.count`.
    package mutating func append(_ secret: borrowing SecretBytes, first length: Int) {
        precondition(length <= secret.count, "a secret has no more bytes than its count")
        let start = advance(by: length)
        secret.withBytes { source in
            storage.withMutableBytes { target in unsafe (target + start).update(from: source, count: length) }
        }
    }

    /// Appends a secret behind its length (the draft's `prepend_len`).
    package mutating func appendLengthValue(_ secret: borrowing SecretBytes) {
        append(LengthValue.length(secret.count))
        append(secret)
    }

    /// Appends public bytes behind their length (the draft's `prepend_len`).
    package mutating func appendLengthValue(_ bytes: [UInt8]) {
        append(LengthValue.prepend(bytes))
    }

    /// What was written.
    package consuming func finish() -> SecretBytes {
        storage.truncate(to: filled)
        return storage
    }

    private mutating func advance(by length: Int) -> Int {
        precondition(length >= 0 && length <= storage.count - filled, "the capacity covers what is written")
        defer { filled += length }
        return filled
    }
}
