import SocketIO

/// What a program does first, on its main thread and before another one starts.
package enum ProcessStart {
    /// Makes the standard streams harmless: those that are closed become `/dev/null`, so that no socket gets one of
    /// their numbers, and a reader that is gone is an error of the write instead of the end of the process (SIGPIPE).
    package static func secureStreams() {
        StandardStream.fillGaps()
        SignalSource.ignoreBrokenPipe()
    }
}
