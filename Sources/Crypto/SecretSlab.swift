import CSodium
import Synchronization

/// The memory in which secrets live: chunks that are locked against swapping and left out of core dumps, cut into slots.
///
/// Locking works by page and the system limits how much a process may lock, so secrets of 32 to 64 bytes share pages
/// instead of taking one each. A slot is `slotBytes` times a power of two. A released slot is wiped and goes to the free
/// list of its size; so a slot that is handed out holds zeros, and memory is bounded by the most that lived at once.
///
/// `@safe`: the pointers stay inside; a slot has one owner, and only `SecretBytes` turns it into bytes.
@safe
package final class SecretSlab: Sendable {
    /// The slab of the process.
    package static let shared = SecretSlab()

    /// The smallest slot, in bytes: a cache line, and one SHA-512 output.
    package static let slotBytes = 64

    /// The size and the alignment of a chunk, and the largest slot, in bytes: whole pages at each page size in use
    /// (4, 16 and 64 KiB), since the system marks and locks pages.
    package static let chunkBytes = 64 * 1024

    /// A piece of a chunk that has one owner.
    ///
    /// `@unchecked Sendable`: the owner alone reads or writes the memory, whichever thread it is on.
    @safe
    struct Slot: @unchecked Sendable {
        let base: UnsafeMutableRawPointer
        let byteCount: Int
    }

    @safe
    private struct State {
        var chunks: [UnsafeMutableRawPointer] = unsafe []
        var lockedChunks = 0
        /// Free slots by size: at index i those of `slotBytes << i` bytes.
        var free: [[Slot]] = Array(repeating: [], count: (chunkBytes / slotBytes).trailingZeroBitCount + 1)
        /// How much of the newest chunk was never handed out.
        var untouched = 0
        var slotsInUse = 0
    }

    private let state = Mutex(State())

    /// A slab without memory: chunks come with the first slots.
    package init() {
        CryptoLibrary.start()
    }

    deinit {
        state.withLock { state in
            for index in unsafe state.chunks.indices {
                let chunk = unsafe state.chunks[index]
                unsafe sodium_munlock(chunk, Self.chunkBytes)  // Wipes too.
                unsafe chunk.deallocate()
            }
        }
    }

    /// How many slots have an owner now.
    package var slotsInUse: Int { state.withLock { $0.slotsInUse } }

    /// The memory held, in bytes.
    package var reservedBytes: Int { state.withLock { unsafe $0.chunks.count * Self.chunkBytes } }

    /// Whether the system let us lock every chunk. When it did not (`RLIMIT_MEMLOCK`), secrets may reach swap, but are
    /// still kept out of core dumps and wiped after use.
    package var isLocked: Bool { state.withLock { unsafe $0.lockedChunks == $0.chunks.count } }

    /// Whether a run of bytes occurs anywhere in the slab: how tests see that a released secret left nothing behind.
    package func holds(_ pattern: [UInt8]) -> Bool {
        state.withLock { state in
            unsafe state.chunks.contains { chunk in
                let bytes = unsafe UnsafeRawBufferPointer(start: chunk, count: Self.chunkBytes)
                return (0...(Self.chunkBytes - pattern.count)).contains { start in
                    unsafe bytes[start..<start + pattern.count].elementsEqual(pattern)
                }
            }
        }
    }

    /// Hands out a slot of zeros for at least `count` bytes; `release` must take it back.
    ///
    /// - Parameter count: 0...`chunkBytes`.
    func take(_ count: Int) -> Slot {
        precondition(count >= 0 && count <= Self.chunkBytes, "a secret has at most \(Self.chunkBytes) bytes")
        let index = Self.sizeIndex(count)
        return state.withLock { state in
            state.slotsInUse += 1
            if let slot = state.free[index].popLast() { return slot }
            let byteCount = Self.slotBytes << index
            if state.untouched < byteCount { Self.addChunk(to: &state) }
            return Self.cut(byteCount, from: &state)
        }
    }

    /// Wipes a slot and takes it back.
    func release(_ slot: Slot) {
        unsafe sodium_memzero(slot.base, slot.byteCount)
        state.withLock { state in
            state.slotsInUse -= 1
            state.free[Self.sizeIndex(slot.byteCount)].append(slot)
        }
    }

    /// The index of the smallest size that holds `count` bytes.
    private static func sizeIndex(_ count: Int) -> Int {
        let slots = max(1, (count + slotBytes - 1) / slotBytes)
        return Int.bitWidth - (slots - 1).leadingZeroBitCount
    }

    /// Appends a chunk; what the former one has left becomes free slots of the smallest size, the commonest.
    private static func addChunk(to state: inout State) {
        while state.untouched > 0 {
            state.free[0].append(cut(slotBytes, from: &state))
        }
        let chunk = UnsafeMutableRawPointer.allocate(byteCount: chunkBytes, alignment: chunkBytes)
        unsafe chunk.initializeMemory(as: UInt8.self, repeating: 0, count: chunkBytes)
        // Marks the pages MADV_DONTDUMP first and locks them then, so a refused lock still keeps them out of dumps.
        if unsafe sodium_mlock(chunk, chunkBytes) == 0 { state.lockedChunks += 1 }
        unsafe state.chunks.append(chunk)
        state.untouched = chunkBytes
    }

    /// Cuts the next bytes off the newest chunk, which must have as many left.
    private static func cut(_ byteCount: Int, from state: inout State) -> Slot {
        let chunk = unsafe state.chunks[state.chunks.count - 1]
        let slot = unsafe Slot(base: chunk + (chunkBytes - state.untouched), byteCount: byteCount)
        state.untouched -= byteCount
        return slot
    }
}
