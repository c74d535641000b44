import Basics
import ChatProtocol

/// Groups: who makes one owns it; who belongs to it follows its log.
extension Chat {
    /// A group that the asker belongs to.
    func ownGroup(named name: String, for asker: Asker) throws(RequestRefusal) -> Group {
        let group = try visibleGroup(named: name, to: asker.session.account)
        guard group.members.contains(asker.session.account) else {
            throw RequestRefusal(.notAMember, .notAMember(group.name.display))
        }
        return group
    }

    /// A group that an account may know of.
    func visibleGroup(named name: String, to account: AccountID) throws(RequestRefusal) -> Group {
        guard let key = configuration.prepareName(name)?.key, let group = groups.group(named: key),
            !group.isPrivate || group.members.contains(account) || group.invited.contains(account)
        else { throw RequestRefusal(.noSuchGroup, .noSuchGroup(name.cut(toBytes: ChatLimits.nameBytes))) }
        return group
    }

    mutating func act(
        _ action: GroupAction, on name: String, person: String, for asker: Asker
    ) throws(RequestRefusal) {
        switch action {
        case .create: try createGroup(name, for: asker)
        case .join: try joinGroup(name, for: asker)
        case .leave: try leaveGroup(name, for: asker)
        case .invite, .remove, .handOver, .makePrivate, .makePublic:
            var group = try ownGroup(named: name, for: asker)
            guard group.owner == asker.session.account else { throw RequestRefusal(.notAllowed, .ownerOnly) }
            try rule(&group, action, person: person, for: asker)
        }
    }

    private mutating func createGroup(_ name: String, for asker: Asker) throws(RequestRefusal) {
        guard let prepared = configuration.prepareName(name) else {
            throw RequestRefusal(.nameInvalid, .nameInvalid(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        guard groups.group(named: prepared.key) == nil else {
            throw RequestRefusal(.groupTaken, .groupTaken(prepared.display))
        }
        try expectVoice(for: asker)
        try expectRoomForGroup(of: asker)
        guard groups.count < ChatLimits.groups else { throw RequestRefusal(.tooMany, .tooManyGroups) }
        let log = makeLog(.group, key: Array("group \(prepared.key)#\(logs.last.rawValue)".utf8))
        update(Group(log: log, name: prepared, owner: asker.session.account, members: []))
        enter(log, asker.session.account)
        append(.group(.create, name: ""), to: log, for: asker)
    }

    private mutating func joinGroup(_ name: String, for asker: Asker) throws(RequestRefusal) {
        let account = asker.session.account
        let group = try visibleGroup(named: name, to: account)
        guard !group.members.contains(account) else {
            return settle(asker, code: nil, text: ServerSentence.alreadyMember(group.name.display).wireText)
        }
        guard !group.isPrivate || group.invited.contains(account) else {
            throw RequestRefusal(.notAllowed, .invitedOnly(group.name.display))
        }
        try expectRoomForGroup(of: asker)
        guard group.members.count < ChatLimits.groupMembers else {
            throw RequestRefusal(.tooMany, .groupIsFull(group.name.display))
        }
        enter(group.log, account)
        append(.group(.join, name: ""), to: group.log, for: asker)
    }

    private func expectRoomForGroup(of asker: Asker) throws(RequestRefusal) {
        guard (accounts[asker.session.account]?.groups.count ?? 0) < ChatLimits.groupsPerAccount else {
            throw RequestRefusal(.tooMany, .tooManyOwnGroups)
        }
    }

    /// An account belongs to a group from here on, and follows its log.
    private mutating func enter(_ log: LogID, _ id: AccountID) {
        guard var group = groups[log], var account = accounts[id], let known = logs[log] else { return }
        group.members.append(id)
        group.invited.removeAll { $0 == id }
        update(group)
        account.groups.append(log)
        update(account)
        for session in sessions(of: id) {
            startFeeding(log, to: session, after: known.cursor(beforeLast: session.history), isContinued: false)
        }
    }

    private mutating func leaveGroup(_ name: String, for asker: Asker) throws(RequestRefusal) {
        let group = try ownGroup(named: name, for: asker)
        append(.group(.leave, name: ""), to: group.log, of: asker.id, named: asker.name, wall: asker.wall)
        drop(asker.session.account, from: group)
        settle(asker, code: nil, text: ServerSentence.leftGroup(group.name.display).wireText)
    }

    /// An account no longer belongs to a group. The oldest member inherits it; with the last member it ends.
    private mutating func drop(_ id: AccountID, from former: Group) {
        var group = former
        group.members.removeAll { $0 == id }
        if var account = accounts[id] {
            account.groups.removeAll { $0 == group.log }
            update(account)
        }
        for session in sessions(of: id) { stopFeeding(group.log, to: session) }
        guard let heir = group.members.first else {
            groups.remove(group.log)
            logs.remove(group.log)
            storing.note(.delete(collection: Collection.groups, key: Group.key(group.log)))
            storing.note(.drop(group.log))
            return
        }
        if group.owner == id { group.owner = heir }
        update(group)
    }

    /// A member of a group beside its owner. One who is absent goes by the name that they had last, though others may
    /// have it by now: who is here goes first.
    private func member(named name: String, of group: Group) throws(RequestRefusal) -> (AccountID, shown: String) {
        let present = try? person(named: name)
        let key = configuration.prepareName(name)?.key
        let found =
            present.map(\.0).flatMap { group.members.contains($0) ? $0 : nil }
            ?? group.members.first { accounts[$0]?.name.key == key }
        guard let found, let account = accounts[found] else {
            throw RequestRefusal(.noSuchUser, .notInGroup(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        guard found != group.owner else { throw RequestRefusal(.notAllowed, .notYourself) }
        return (found, account.name.display)
    }

    /// What only the owner does.
    private mutating func rule(
        _ group: inout Group, _ action: GroupAction, person: String, for asker: Asker
    ) throws(RequestRefusal) {
        var shown = ""
        switch action {
        case .invite:
            let (other, name) = try self.person(named: person)
            guard !group.members.contains(other) else {
                return settle(asker, code: nil, text: ServerSentence.isMember(name).wireText)
            }
            try expectVoice(for: asker)
            if !group.invited.contains(other) {
                guard group.invited.count < ChatLimits.groupInvitations else {
                    throw RequestRefusal(.tooMany, .tooManyInvited(group.name.display))
                }
                group.invited.append(other)
            }
            shown = name
            tell(other, .invited(asker.name, group.name.display))
        case .remove:
            let (other, name) = try member(named: person, of: group)
            append(.group(.remove, name: name), to: group.log, for: asker)
            for session in sessions(of: other) {
                emit(.send(.notice(ServerSentence.removed(asker.name, group.name.display).wireText), to: session.id))
            }
            return drop(other, from: group)
        case .handOver:
            let (other, name) = try member(named: person, of: group)
            group.owner = other
            shown = name
        case .makePrivate: group.isPrivate = true
        case .makePublic: group.isPrivate = false
        case .create, .join, .leave: return
        }
        update(group)
        append(.group(action, name: shown), to: group.log, for: asker)
    }
}
