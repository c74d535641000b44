import Foundation

/// What may be set from outside for a longer run.
enum TestParameters {
    /// Messages in each case of the latency table.
    static let latencyMessages = ProcessInfo.processInfo.environment["GASCHAT_LATENCY_MESSAGES"].flatMap { Int($0) }
    /// Virtual seconds of each case of the bulk table.
    static let bulkSeconds = ProcessInfo.processInfo.environment["GASCHAT_BULK_SECONDS"].flatMap { Int($0) }
}
