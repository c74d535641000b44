import Basics
import ChatProtocol

/// Who a person is, whatever the name at the moment: the devices that sign in as this person, and what belongs to them.
struct Account: Hashable, Sendable {
    let id: AccountID
    /// At most `ChatLimits.devicesPerAccount`.
    var devices: [DeviceID]
    /// The name that the person had last.
    var name: PreparedName
    /// The name that only this account may have.
    var registered: PreparedName?
    /// What a personal password is checked against; belongs to the surroundings.
    var verifier: [UInt8] = []
    /// The log that only this account follows; made when the first entry comes.
    var inbox: LogID?
    /// How far some device of the account has the inbox.
    var inboxRead: EntryNumber = 0
    /// The logs of the groups that the account belongs to, in the order of joining.
    var groups: [LogID] = []
    var isOperator = false
    /// What the person said on going away; empty when there.
    var away = ""
    /// Whether there is a mute for the account: it stands beside the account, but must find it again.
    var isMuted = false
    /// How often the person was put out: what was promised to any of their connections before counts no more.
    var expulsions = 0
    /// When the person said the last line in the room, for slow mode; whoever comes in again still waits.
    var lastLine: Instant?

    /// Whether there is something to remember: an account of a guest who left no trace is made anew each time.
    var isWorthStoring: Bool { registered != nil || inbox != nil || !groups.isEmpty || isOperator || isMuted }

    /// Whether nothing but private lines would be lost with the account.
    var isGuest: Bool { registered == nil && groups.isEmpty && !isOperator && !isMuted }
}

/// The number of an account at the server. 0 is the server itself.
package struct AccountID: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let server = AccountID(rawValue: 0)

    package static func < (left: AccountID, right: AccountID) -> Bool { left.rawValue < right.rawValue }
}

/// All accounts, by number, by device and by registered name. Bound: `ChatConfiguration.accountLimit`, checked by the
/// caller before a new one is inserted.
struct AccountTable: Sendable {
    private var accounts: [AccountID: Account] = [:]
    private var byDevice: [DeviceID: AccountID] = [:]
    private var byName: [String: AccountID] = [:]
    private(set) var last = AccountID.server

    var count: Int { accounts.count }

    /// The account made first among those of which `condition` holds. O(accounts).
    func oldest(where condition: (Account) -> Bool) -> Account? {
        accounts.values.filter(condition).min { $0.id < $1.id }
    }

    subscript(id: AccountID) -> Account? { accounts[id] }

    func account(of device: DeviceID) -> Account? {
        byDevice[device].flatMap { accounts[$0] }
    }

    func account(registering nameKey: String) -> Account? {
        byName[nameKey].flatMap { accounts[$0] }
    }

    /// A number that was never given.
    mutating func makeID() -> AccountID {
        last = AccountID(rawValue: last.rawValue &+ 1)
        return last
    }

    /// Never again gives a number up to this one.
    mutating func reserve(through id: UInt32) {
        if id > last.rawValue { last = AccountID(rawValue: id) }
    }

    /// Adds an account, or puts a newer state of it in its place.
    mutating func insert(_ account: Account) {
        if let old = accounts[account.id] { unlink(old) }
        accounts[account.id] = account
        for device in account.devices { byDevice[device] = account.id }
        if let name = account.registered { byName[name.key] = account.id }
    }

    mutating func remove(_ id: AccountID) {
        guard let account = accounts.removeValue(forKey: id) else { return }
        unlink(account)
    }

    private mutating func unlink(_ account: Account) {
        for device in account.devices where byDevice[device] == account.id { byDevice[device] = nil }
        if let name = account.registered, byName[name.key] == account.id { byName[name.key] = nil }
    }
}
