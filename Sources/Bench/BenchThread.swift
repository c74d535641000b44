import Basics
import Dispatch
import Foundation
import SocketIO
import Synchronization

/// A thread of its own that comes to one value.
final class BenchThread<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, SystemError>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws(SystemError) -> Value) {
        let thread = Thread { [self] in
            let value = Result { () throws(SystemError) -> Value in try body() }
            result.withLock { $0 = value }
            isDone.signal()
        }
        thread.start()
    }

    /// Waits for the end; called once.
    func value() throws(SystemError) -> Value {
        isDone.wait()
        guard let result = result.withLock({ $0 }) else { throw SystemError(call: "thread", code: 0) }
        return try result.get()
    }
}

/// What one thread asks another to do, and hears when it was done.
final class Signpost: Sendable {
    private let wanted = Atomic<Int>(0)
    private let reached = Atomic<Int>(0)

    /// How often something was asked for.
    var step: Int { wanted.load(ordering: .acquiring) }

    /// Asks for the next step.
    func ask() {
        wanted.add(1, ordering: .acquiringAndReleasing)
    }

    /// Asks for the next step and waits until the other thread has taken it, for at most a second.
    func askAndWait() {
        ask()
        let end = MonotonicClock.now + .seconds(1)
        while reached.load(ordering: .acquiring) < step, MonotonicClock.now < end {
            Thread.sleep(forTimeInterval: 0.001)
        }
    }

    /// Says that a step was taken.
    func reach(_ step: Int) {
        reached.store(step, ordering: .releasing)
    }
}
