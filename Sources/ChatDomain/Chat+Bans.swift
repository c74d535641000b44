import Basics
import ChatProtocol

/// Keeping people and addresses out.
extension Chat {
    /// A person is banned by name and devices, never by address: whole classes share one. Addresses are banned by naming
    /// them.
    mutating func ban(_ name: String, reason: String, for asker: Asker) throws(RequestRefusal) {
        if let range = addressRange(name) { return try ban(range, reason: reason, for: asker) }
        guard let prepared = configuration.prepareName(name) else {
            throw RequestRefusal(.nameInvalid, .nameInvalid(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        guard prepared.key != configuration.operatorName.key else { throw RequestRefusal(.notAllowed, .notTheConsole) }
        let known = try? person(named: name)
        guard known?.0 != asker.session.account else { throw RequestRefusal(.notAllowed, .notYourself) }
        let devices = devices(of: known?.0, named: prepared.key).filter { $0 != asker.session.device }
        let ban = Ban(
            subject: .person(nameKey: prepared.key, devices: devices), shown: known?.shown ?? prepared.display,
            reason: reason)
        try insert(ban)
        note(.ban, name: ban.shown, text: reason, for: asker)
        expel(whom: ban, for: asker)
        if let kept = reservations.remove(prepared.key) {
            store(kept, isPresent: false)
            forgo(kept, wall: asker.wall)
        }
    }

    private mutating func ban(_ range: AddressRange, reason: String, for asker: Asker) throws(RequestRefusal) {
        guard asker.id == .server || !range.contains(asker.session.address) else {
            throw RequestRefusal(.notAllowed, .notYourself)
        }
        let ban = Ban(subject: .addresses(range), shown: "\(range)", reason: reason)
        try insert(ban)
        note(.ban, name: ban.shown, text: reason, for: asker)
        expel(whom: ban, for: asker)
    }

    /// Whoever could not come in now, does not stay either.
    private mutating func expel(whom ban: Ban, for asker: Asker) {
        for session in names.all
        where ban.keepsOut(session.device, nameKey: session.name.key, address: session.address) {
            expel(session, .banned, for: asker)
        }
    }

    /// The devices that a ban of a person keeps out: those of the account, or those that an earlier ban of the name
    /// keeps out, or those of who had the name last.
    private func devices(of account: AccountID?, named nameKey: String) -> [DeviceID] {
        if let devices = account.flatMap({ accounts[$0]?.devices }) { return devices }
        let banned = rules.devices(bannedWith: nameKey)
        guard banned.isEmpty, let last = memory.latest(named: nameKey) else { return banned }
        return accounts[last.account]?.devices ?? [last.device]
    }

    private mutating func insert(_ ban: Ban) throws(RequestRefusal) {
        guard rules.insert(ban) else { throw RequestRefusal(.tooMany, .tooManyBans) }
        storing.note(.put(ban.record))
    }

    mutating func unban(_ name: String, for asker: Asker) throws(RequestRefusal) {
        let keys = [
            addressRange(name).map { Ban(subject: .addresses($0), shown: "", reason: "").key },
            configuration.prepareName(name).map { Ban.key(ofPerson: $0.key) },
        ]
        for key in keys.compactMap({ $0 }) {
            guard let ban = rules.removeBan(key) else { continue }
            storing.note(.delete(collection: Collection.bans, key: Array(key.utf8)))
            return note(.unban, name: ban.shown, for: asker)
        }
        throw RequestRefusal(.notAllowed, .notBanned(name.cut(toBytes: ChatLimits.nameBytes)))
    }

    /// `192.0.2.7` or `192.0.2.0/24`; nil for everything else, a block of all addresses among it.
    private func addressRange(_ text: String) -> AddressRange? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = configuration.readAddress(String(first)) else { return nil }
        let range = AddressRange(address, bits: nil)
        guard parts.count == 2 else { return range }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
            (1...range.bits).contains(bits)
        else { return nil }
        return AddressRange(address, bits: bits)
    }
}
