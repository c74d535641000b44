import Foundation

/// What went wrong in a test, with the facts that help.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Collects what a program writes, on a thread of its own, so that no pipe ever fills up; lets a test wait for it.
final class Collector: @unchecked Sendable {
    // Everything below is touched with `condition` locked only.
    private let condition = NSCondition()
    private var storedBytes: [UInt8] = []
    private var storedLines: [String] = []
    private var lineStart = 0
    private var hasEnded = false
    private var isLast = false

    /// - Parameter atEnd: called when nothing is read any more. It owns the descriptor.
    init(reading descriptor: Int32, atEnd: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            while append(Descriptors.readSome(descriptor)) {}
            atEnd()
        }
        thread.start()
    }

    /// Stops reading after what comes next, as a reader that goes away.
    func stopAfterNext() {
        condition.withLock { isLast = true }
    }

    /// Everything so far.
    var bytes: [UInt8] { condition.withLock { storedBytes } }

    /// The whole lines so far, and after the end also the last one where it has no line end.
    var lines: [String] { condition.withLock { storedLines } }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Waits until the question about the lines has an answer.
    ///
    /// - Returns: nil when the deadline passed, or the stream ended, without one.
    func wait<Found>(until deadline: Date, for question: ([String]) -> Found?) -> Found? {
        waitUnlocked(until: deadline) { question(self.storedLines) }
    }

    /// Waits until the question about the bytes has an answer.
    func waitForBytes<Found>(until deadline: Date, for question: ([UInt8]) -> Found?) -> Found? {
        waitUnlocked(until: deadline) { question(self.storedBytes) }
    }

    /// Waits for the end of the stream.
    func waitForEnd(until deadline: Date) -> Bool {
        waitUnlocked(until: deadline) { self.hasEnded ? true : nil } ?? false
    }

    private func waitUnlocked<Found>(until deadline: Date, for question: () -> Found?) -> Found? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let found = question() { return found }
            guard !hasEnded, condition.wait(until: deadline) else { return question() }
        }
    }

    /// - Returns: whether to read on.
    private func append(_ bytes: [UInt8]) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        storedBytes += bytes
        while let end = storedBytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) {
            storedLines.append(String(decoding: storedBytes[lineStart..<end], as: UTF8.self))
            lineStart = end + 1
        }
        if bytes.isEmpty || isLast {
            hasEnded = true
            if lineStart < storedBytes.count {
                storedLines.append(String(decoding: storedBytes[lineStart...], as: UTF8.self))
            }
        }
        condition.broadcast()
        return !hasEnded
    }
}
