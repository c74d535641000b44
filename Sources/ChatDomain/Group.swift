import Basics
import ChatProtocol

/// A group: its own log, and who belongs to it.
struct Group: Hashable, Sendable {
    let log: LogID
    let name: PreparedName
    var owner: AccountID
    /// In the order of joining; the owner is among them.
    var members: [AccountID]
    /// Who may join though it is private.
    var invited: [AccountID] = []
    var isPrivate = false
    var topic = ""
}

/// All groups, by log and by name. Bound: `ChatLimits.groups`.
struct GroupTable: Sendable {
    private var groups: [LogID: Group] = [:]
    private var byName: [String: LogID] = [:]

    var count: Int { groups.count }

    subscript(log: LogID) -> Group? { groups[log] }

    func group(named nameKey: String) -> Group? {
        byName[nameKey].flatMap { groups[$0] }
    }

    /// In the order in which they were made.
    var all: [Group] { groups.values.sorted { $0.log.rawValue < $1.log.rawValue } }

    mutating func insert(_ group: Group) {
        groups[group.log] = group
        byName[group.name.key] = group.log
    }

    mutating func remove(_ log: LogID) {
        guard let group = groups.removeValue(forKey: log) else { return }
        byName[group.name.key] = nil
    }
}
