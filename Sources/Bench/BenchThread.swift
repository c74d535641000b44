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
