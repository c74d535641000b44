import CSodium

/// Bytes that nobody else may see: one owner, a slot of locked memory, wiped at the end of life.
///
/// `@safe`: the slot is at least `count` bytes long and is released once, in `deinit`; pointers to it exist only inside
/// the closures of the internal accessors.
@safe
package struct SecretBytes: ~Copyable, Sendable {
    private let slab: SecretSlab
    private let slot: SecretSlab.Slot

    /// The number of bytes, 0...`SecretSlab.chunkBytes`. It is no secret.
    package private(set) var count: Int

    /// Zeros, to be filled through `withMutableBytes`.
    init(zeros count: Int, in slab: SecretSlab = .shared) {
        self.slab = slab
        self.count = count
        slot = slab.take(count)
    }

    /// Copies the bytes of a span, whose owner stays responsible for it.
    package init(copying bytes: Span<UInt8>, in slab: SecretSlab = .shared) {
        self.init(zeros: bytes.count, in: slab)
        withMutableBytes { target in
            for index in bytes.indices { unsafe target[index] = bytes[index] }
        }
    }

    /// Copies an array and wipes it: it has the same count then, all zeros.
    ///
    /// The array must be the only reference to its storage; else another copy of the bytes lives on.
    package init(moving bytes: inout [UInt8], in slab: SecretSlab = .shared) {
        self.init(copying: bytes.span, in: slab)
        bytes.wipe()
    }

    /// Random bytes, the same that `RandomNumberGenerator.bytes` gives.
    package init(count: Int, using random: inout some RandomNumberGenerator, in slab: SecretSlab = .shared) {
        self.init(zeros: count, in: slab)
        withMutableBytes { target in
            var word: UInt64 = 0
            for index in 0..<count {
                word = index % 8 == 0 ? random.next() : word >> 8
                unsafe target[index] = UInt8(truncatingIfNeeded: word)
            }
        }
    }

    deinit {
        slab.release(slot)
    }

    /// A second owner of the same bytes, in a slot of its own.
    package func duplicate() -> SecretBytes {
        var copy = SecretBytes(zeros: count, in: slab)
        let count = count
        withBytes { source in
            copy.withMutableBytes { target in unsafe target.update(from: source, count: count) }
        }
        return copy
    }

    /// A part of the bytes, in a slot of its own.
    ///
    /// - Parameter range: inside 0..<`count`.
    package func part(_ range: Range<Int>) -> SecretBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a part lies inside")
        var copy = SecretBytes(zeros: range.count, in: slab)
        withBytes { source in
            copy.withMutableBytes { target in
                unsafe target.update(from: source + range.lowerBound, count: range.count)
            }
        }
        return copy
    }

    /// Whether both hold the same bytes, in a time that depends on the counts alone.
    package func matches(_ other: borrowing SecretBytes) -> Bool {
        guard count == other.count else { return false }
        let count = count
        return withBytes { left in
            other.withBytes { right in unsafe sodium_memcmp(left, right, count) == 0 }
        }
    }

    /// The bytes in ordinary memory: for key files, test vectors and values that are about to be sent.
    package func revealed() -> [UInt8] {
        let count = count
        return withBytes { source in
            unsafe [UInt8](UnsafeBufferPointer(start: source, count: count))
        }
    }

    /// Lends the bytes to C. The pointer is valid inside `body` only, is never nil, and is aligned to 64 bytes.
    ///
    /// `@safe`: what `body` does with the pointer is marked there.
    @safe
    func withBytes<Result: ~Copyable>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        unsafe body(UnsafePointer(slot.base.assumingMemoryBound(to: UInt8.self)))
    }

    /// Lends the bytes to C for writing, as `withBytes` does.
    @safe
    mutating func withMutableBytes<Result: ~Copyable>(_ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
        unsafe body(slot.base.assumingMemoryBound(to: UInt8.self))
    }

    /// Keeps the first bytes and wipes the others.
    mutating func truncate(to newCount: Int) {
        precondition(newCount >= 0 && newCount <= count, "truncating never grows")
        let surplus = count - newCount
        withMutableBytes { bytes in unsafe sodium_memzero(bytes + newCount, surplus) }
        count = newCount
    }
}

/// A secret that has several owners.
package final class SecretBox: Sendable {
    /// The secret itself.
    package let bytes: SecretBytes

    /// Takes the secret over.
    package init(_ bytes: consuming SecretBytes) {
        self.bytes = bytes
    }
}

extension [UInt8] {
    /// Overwrites every byte with zero, in a way that the compiler can't leave out.
    ///
    /// The array must be the only reference to its storage; else another copy of the bytes lives on.
    package mutating func wipe() {
        unsafe withUnsafeMutableBytes { bytes in
            if let base = bytes.baseAddress { unsafe sodium_memzero(base, bytes.count) }
        }
    }
}
