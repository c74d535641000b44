import Basics
import ChatProtocol

/// An append-only, numbered log: the room's, a group's, or an account's inbox.
///
///     ... in the store only ... | coversAfter  kept entries  visible | appended, not stored yet  end
///
/// The newest entries stand here once, encoded; everybody is fed from these bytes. Older ones are fetched from the store
/// in pages. Nothing is shown to anybody before it is stored.
struct ChatLog: Sendable {
    /// One entry as it is kept.
    struct Kept: Sendable {
        let number: EntryNumber
        let bytes: [UInt8]
        /// How many messages the kept part has seen up to and including this entry: history is found by bisection.
        let messagesThrough: UInt64
        /// What became of the line since; nil when it stands as it was said. The bytes never change: they may be under
        /// way to somebody.
        var revision: Revision?
    }

    let id: LogID
    let kind: LogKind
    let epoch: LogEpoch
    /// The number given last; 0 before the first.
    private(set) var end: EntryNumber
    /// Up to here everything is stored, and may be shown.
    private(set) var visible: EntryNumber
    /// Everything after this number is kept here.
    private(set) var coversAfter: EntryNumber
    /// Nothing older than `coversAfter` exists anywhere.
    private(set) var isWhole: Bool
    /// Retention has removed everything up to here from the store.
    private(set) var trimmedThrough: EntryNumber = 0
    /// The newest entry that the store had when the log was loaded, and the number that it said was given last.
    private var loaded: (last: EntryNumber, end: EntryNumber) = (0, 0)
    /// How many bytes the kept entries have.
    private(set) var keptBytes = 0

    /// Whether a store has what is dropped here; otherwise it is gone.
    private let isStored: Bool
    private let entryLimit: Int
    private let byteLimit: Int
    private var slots: [Kept?] = []
    /// Slots before it are empty; they are dropped in bulk, so that removing the oldest is O(1) amortised.
    private var head = 0
    private var messages: UInt64 = 0

    /// A log that begins now.
    init(id: LogID, kind: LogKind, epoch: LogEpoch, bounds: TailBounds, isStored: Bool = true) {
        self.isStored = isStored
        self.id = id
        self.kind = kind
        self.epoch = epoch
        end = 0
        visible = 0
        coversAfter = 0
        isWhole = true
        entryLimit = max(1, bounds.entries)
        byteLimit = bounds.bytes
    }

    /// A log as the store holds it.
    init(_ loaded: LoadedLog, kind: LogKind, bounds: TailBounds) {
        self.init(id: loaded.log.id, kind: kind, epoch: loaded.log.epoch, bounds: bounds)
        isWhole = loaded.isWhole
        coversAfter = loaded.isWhole ? loaded.trimmedThrough : (loaded.tail.first?.number ?? loaded.end + 1) - 1
        for item in loaded.tail {
            let entry = try? LogEntry(decoding: item.bytes.span)
            keep(item.bytes, number: item.number, isMessage: entry?.body.isMessage ?? false)
            slots[slots.count - 1]?.revision = entry.flatMap { item.revision(of: $0) }
        }
        end = max(loaded.end, loaded.tail.last?.number ?? 0)
        trimmedThrough = loaded.trimmedThrough
        // Numbers that were skipped after an unclean end have no entries: nobody may wait for them.
        visible = loaded.tail.last?.number ?? (loaded.isWhole ? loaded.trimmedThrough : end)
        self.loaded = (visible, end)
    }

    /// Whether who has seen an entry of that number has seen what the store no longer had when it was opened: a power cut
    /// took it, or the file is older than the one that was there. A log may also be fed from its last skipped number.
    func hasLost(_ number: EntryNumber) -> Bool { number > loaded.last && number < loaded.end }

    /// How many entries are kept.
    var keptCount: Int { slots.count - head }

    /// Appends an entry and drops the oldest stored ones beyond the bounds. O(1) amortised.
    ///
    /// - Returns: the entry's number. It is not visible before `store(through:)`.
    mutating func append(_ bytes: [UInt8], isMessage: Bool) -> EntryNumber {
        end += 1
        keep(bytes, number: end, isMessage: isMessage)
        return end
    }

    /// Everything up to a number is stored.
    mutating func store(through number: EntryNumber) {
        visible = min(max(visible, number), end)
        dropSurplus()
    }

    /// Retention has removed everything up to a number.
    mutating func trim(through number: EntryNumber) {
        trimmedThrough = max(trimmedThrough, number)
    }

    /// The line of a kept entry was edited or taken back. What was taken back stays so.
    mutating func revise(_ number: EntryNumber, _ revision: Revision) {
        let index = firstIndex { $0.number >= number }
        guard index < slots.count, let slot = slots[index], slot.number == number, slot.revision != .takenBack else {
            return
        }
        slots[index]?.revision = revision
    }

    /// The first entry after `number` that may be shown; nil when there is none, or when it is not kept here (see
    /// `mustFetch`). O(log entries).
    func entry(after number: EntryNumber) -> Kept? {
        place(after: number).flatMap { slots[$0] }
    }

    /// The same without what became of it since: what everybody is fed with.
    func bytes(after number: EntryNumber) -> (number: EntryNumber, bytes: [UInt8])? {
        guard let place = place(after: number), let slot = slots[place] else { return nil }
        return (slot.number, slot.bytes)
    }

    private func place(after number: EntryNumber) -> Int? {
        guard number >= coversAfter, number < visible else { return nil }
        // Numbers follow each other nearly always, and who is fed mostly reads the last ones.
        let guess = slots.count - Int(clamping: end - number)
        if guess >= head, let slot = slots[guess], slot.number == number + 1 { return guess }
        let index = firstIndex { $0.number > number }
        guard index < slots.count, let slot = slots[index], slot.number <= visible else { return nil }
        return index
    }

    /// The entry with that number, if it is kept and may be shown.
    func entry(at number: EntryNumber) -> Kept? {
        guard number > 0, let kept = entry(after: number - 1), kept.number == number else { return nil }
        return kept
    }

    /// Whether entries after `number` exist that only the store has.
    func mustFetch(after number: EntryNumber) -> Bool {
        number < coversAfter && !isWhole
    }

    /// Where a reader of `number` goes on here: what lies before the kept part of a whole log is gone for good.
    func clamped(_ number: EntryNumber) -> EntryNumber {
        isWhole ? max(number, coversAfter) : number
    }

    /// The cursor after which exactly `count` visible messages follow, or all that are kept if there are fewer.
    /// O(log entries).
    func cursor(beforeLast count: Int) -> EntryNumber {
        let last = firstIndex { $0.number > visible } - 1
        guard last >= head, let newest = slots[last] else { return visible }
        let skipped = newest.messagesThrough - min(newest.messagesThrough, UInt64(max(0, count)))
        let index = firstIndex { $0.messagesThrough > skipped }
        guard index <= last, let first = slots[index] else { return visible }
        return index == head ? max(coversAfter, min(first.number - 1, visible)) : first.number - 1
    }

    /// The newest visible kept entries with a number below `before` (0: all), oldest first, of which `isWanted` holds;
    /// as they read now.
    func newest(_ count: Int, before: EntryNumber, where isWanted: ([UInt8]) -> Bool) -> [NumberedEntry] {
        var found: [NumberedEntry] = []
        var index = slots.count - 1
        while index >= head, found.count < count {
            if let slot = slots[index], slot.number <= visible, before == 0 || slot.number < before,
                isWanted(slot.bytes), let bytes = slot.bytesNow
            {
                found.append(NumberedEntry(number: slot.number, bytes: bytes))
            }
            index -= 1
        }
        return found.reversed()
    }

    private mutating func keep(_ bytes: [UInt8], number: EntryNumber, isMessage: Bool) {
        if isMessage { messages += 1 }
        slots.append(Kept(number: number, bytes: bytes, messagesThrough: messages))
        keptBytes += bytes.count
    }

    /// What is not stored yet is never dropped: the store's own bound limits it.
    private mutating func dropSurplus() {
        while keptCount > 1, keptCount > entryLimit || keptBytes > byteLimit {
            guard let oldest = slots[head], oldest.number <= visible else { return }
            coversAfter = oldest.number
            if isStored { isWhole = false }
            keptBytes -= oldest.bytes.count
            slots[head] = nil
            head += 1
        }
        if head > 64, head * 2 > slots.count {
            slots.removeFirst(head)
            head = 0
        }
    }

    /// Bisects the kept entries for the first that satisfies a condition which stays true once it is.
    private func firstIndex(where condition: (Kept) -> Bool) -> Int {
        slots[head...].partitioningIndex { $0.map(condition) ?? false }
    }
}

/// How much of a log is kept in memory.
package struct TailBounds: Hashable, Sendable {
    /// At least 1.
    package var entries: Int
    /// Of encoded entries; the newest entry is kept in any case.
    package var bytes: Int

    package init(entries: Int, bytes: Int) {
        self.entries = entries
        self.bytes = bytes
    }
}
