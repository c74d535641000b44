import Basics

/// What comes in of all logs of a connection, by alias. A server has two or three of a client, a client up to
/// `Limits.logsPerConnection` and the control channel; the bound is whoever adds them to see to.
struct IncomingLogs: Sendable {
    private var logs: [IncomingMessages] = [IncomingMessages(after: 0)]

    var count: Int { logs.count }

    func contains(_ alias: UInt64) -> Bool { place(of: alias) != nil }

    /// The log with that alias, changed in its place; setting one that is not there adds it.
    subscript(alias: UInt64) -> IncomingMessages? {
        get { place(of: alias).map { logs[$0] } }
        set {
            guard let newValue else { return }
            if let place = place(of: alias) {
                logs[place] = newValue
            } else {
                logs.insert(newValue, at: logs.partitioningIndex { $0.alias >= alias })
            }
        }
    }

    /// Changes a log in its place.
    ///
    /// - Returns: nil when there is none with that alias.
    mutating func change<Result, Failure>(
        _ alias: UInt64, _ body: (inout IncomingMessages) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let place = place(of: alias) else { return nil }
        return try body(&logs[place])
    }

    private func place(of alias: UInt64) -> Int? {
        let place = logs.partitioningIndex { $0.alias >= alias }
        return place < logs.count && logs[place].alias == alias ? place : nil
    }
}
