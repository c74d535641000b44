package import Basics
import ChatProtocol

/// Somebody who may not come in: a name, a device, or addresses.
struct Ban: Hashable, Sendable {
    /// What is banned.
    enum Subject: Hashable, Sendable {
        /// A person: the name, and the devices that the account had then.
        case person(nameKey: String, devices: [DeviceID])
        case addresses(AddressRange)
    }

    let subject: Subject
    /// As the operator named it.
    let shown: String
    let reason: String
}

/// How long somebody may not write.
struct Mute: Hashable, Sendable {
    let account: AccountID
    /// As the operator named the person.
    let shown: String
    /// The wall clock's time at which it ends; nil: not by itself. Kept so for the store; while the server runs `ends`
    /// decides, which no step of the clock moves.
    let until: WallTime?
    /// How long it was to last; 0: not by itself. Longer than that none lasts after a restart, whatever the clock was set to.
    let seconds: UInt32
    /// When it ends; nil: not by itself.
    var ends: Instant?
}

/// What an operator did.
package struct AuditEntry: Hashable, Sendable {
    package let number: UInt64
    package let time: WallTime
    /// Who did it.
    package let actor: String
    /// What, as a sentence.
    package let text: String
}

/// What holds for everybody: topic, slow mode, who may not write or come in, and what operators did.
struct RoomRules: Sendable {
    var topic = ""
    var slowSeconds: UInt32 = 0
    private(set) var bans: [String: Ban] = [:]
    private(set) var mutes: [AccountID: Mute] = [:]
    /// When the first mute ends by itself.
    private(set) var nextMuteEnd: Instant?
    private(set) var audit: [AuditEntry] = []

    // MARK: Bans

    /// - Returns: false when there are too many.
    mutating func insert(_ ban: Ban) -> Bool {
        guard bans[ban.key] != nil || bans.count < ChatLimits.bans else { return false }
        bans[ban.key] = ban
        return true
    }

    /// - Returns: the ban that an operator would name so.
    mutating func removeBan(_ key: String) -> Ban? { bans.removeValue(forKey: key) }

    func isBanned(nameKey: String) -> Bool { ban(ofPerson: nameKey) != nil }

    /// The devices that the ban of a name keeps out.
    func devices(bannedWith nameKey: String) -> [DeviceID] {
        guard case .person(_, let devices)? = bans[Ban.key(ofPerson: nameKey)]?.subject else { return [] }
        return devices
    }

    /// The ban of a person by that name.
    func ban(ofPerson nameKey: String) -> Ban? { bans[Ban.key(ofPerson: nameKey)] }

    /// Why somebody may not come in. O(bans).
    func ban(of device: DeviceID, nameKey: String, address: SocketAddress) -> Ban? {
        bans.values.first { $0.keepsOut(device, nameKey: nameKey, address: address) }
    }

    // MARK: Mutes

    mutating func insert(_ mute: Mute) -> Bool {
        guard mutes[mute.account] != nil || mutes.count < ChatLimits.mutes else { return false }
        let former = mutes.updateValue(mute, forKey: mute.account)
        if let former, former.ends != nil {
            nextMuteEnd = mutes.values.compactMap(\.ends).min()
        } else if let ends = mute.ends {
            nextMuteEnd = nextMuteEnd.map { min($0, ends) } ?? ends
        }
        return true
    }

    mutating func removeMute(_ account: AccountID) {
        guard mutes.removeValue(forKey: account)?.ends != nil else { return }
        nextMuteEnd = mutes.values.compactMap(\.ends).min()
    }

    /// One mute whose time is over.
    func endedMute(at now: Instant) -> Mute? {
        guard let nextMuteEnd, nextMuteEnd <= now else { return nil }
        return mutes.values.first { $0.ends == nextMuteEnd }
    }

    // MARK: Audit

    /// - Returns: the entry that had to go because there are too many.
    mutating func note(_ entry: AuditEntry) -> AuditEntry? {
        audit.append(entry)
        return audit.count > ChatLimits.auditEntries ? audit.removeFirst() : nil
    }

    /// Puts what was restored into the order in which it happened.
    mutating func sortAudit() { audit.sort { $0.number < $1.number } }

    var lastAudit: UInt64 { audit.last?.number ?? 0 }
}

extension Ban {
    /// Under which a ban is kept and taken back.
    var key: String {
        switch subject {
        case .person(let nameKey, _): Self.key(ofPerson: nameKey)
        case .addresses(let range): "address \(range)"
        }
    }

    static func key(ofPerson nameKey: String) -> String { "person \(nameKey)" }

    func keepsOut(_ device: DeviceID, nameKey: String, address: SocketAddress) -> Bool {
        switch subject {
        case .person(let key, let devices): key == nameKey || devices.contains(device)
        case .addresses(let range): range.contains(address)
        }
    }
}
