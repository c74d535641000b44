import ProgramFrame
import SocketIO

/// The operator's lines on their way in. A terminal or pipe is waited for; a file is just read.
struct OperatorInput: ~Copyable {
    enum State {
        case closed
        case waitedFor
        /// A regular file, which is always ready.
        case file
    }

    let descriptor: Int32
    private(set) var state = State.closed
    private var splitter = LineSplitter()

    /// - Parameter descriptor: nil reads nothing.
    init(descriptor: Int32?, token: UInt32, poller: inout Poller) {
        self.descriptor = descriptor ?? -1
        guard let descriptor else { return }
        do throws(SystemError) {
            try poller.add(descriptor, token: token)
            state = .waitedFor
        } catch {
            // What can't be waited for is a file; what can't be read either ends at the first attempt.
            state = .file
        }
    }

    /// Reads one chunk. To be called when the descriptor is ready, or is a file.
    mutating func readLines(poller: inout Poller) -> [LineSplitter.Line] {
        switch StandardStream.read(descriptor) {
        case .nothing: return []
        case .bytes(let bytes): return splitter.take(bytes)
        case .end:
            if case .waitedFor = state { try? poller.remove(descriptor) }
            state = .closed
            return splitter.finish().map { [$0] } ?? []
        }
    }
}
