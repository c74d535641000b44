import Foundation

/// What may be set from outside for a longer run.
enum TestParameters {
    /// Messages in each case of the latency table.
    static let latencyMessages = ProcessInfo.processInfo.environment["GASCHAT_LATENCY_MESSAGES"].flatMap { Int($0) }
}
