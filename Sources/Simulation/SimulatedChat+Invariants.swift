package import Basics
import ChatClient
import ChatDomain
import ChatProtocol
package import ClientCore
import ServerCore
import Transport

/// What must hold after every step, and what must hold once everything is quiet.
extension SimulatedChat {
    /// The server says that something happened in the room: what was said is stored by then.
    mutating func admit(_ observation: RoomObservation) throws(Breach) {
        if case .left(let name, .timeout) = observation, let index = onlyRun(of: name), mustBeHeard(index) {
            throw Breach("\(name) was taken for lost, and is there")
        }
        guard case .message(let id, let from, let text, _) = observation else { return }
        guard let entry = models.room?.entry(id), entry.name == from, entry.line?.text == text else {
            throw Breach("entry \(id), \"\(text)\", was shown at the server and is not stored")
        }
    }

    /// The run of a client that has been in under that name, if there is only one. Of two at a time each takes the place of
    /// the other: it may be the other that the server lost, and whose place this one does not have. Who goes by another name
    /// meanwhile is not meant.
    private func onlyRun(of name: String) -> Int? {
        let runs = clients.indices.filter {
            clients[$0].witness.name == name && clients[$0].core?.hasBeenOnline == true
                && clients[$0].core?.ownName == name
        }
        return runs.count == 1 ? runs.first : nil
    }

    func checkServerBounds() throws(Breach) {
        guard let load = server?.load else { return }
        guard load.handshakes <= Limits.rememberedHandshakes, load.answers <= Limits.halfOpen,
            load.peers <= ChatLimits.members + Limits.halfOpen, load.deadlines <= load.peers,
            load.provisional <= Limits.provisional
        else { throw Breach("holds too much: \(load)") }
    }

    mutating func checkClient(_ index: Int, showed events: [ClientEvent]) throws(Breach) {
        let followed = clients[index].core?.followed ?? []
        try clients[index].witness.observe(events, followed: followed, models: models)
        let unsent = clients[index].core?.unsentCount ?? 0
        guard unsent <= ChatLimits.outboxEntries else { throw Breach("its outbox holds \(unsent) lines") }
    }

    // MARK: Quiet

    /// Whether nothing is left to happen but signs of life: everybody who runs is in, has everything and is confirmed,
    /// and nobody else is listed.
    package var isQuiet: Bool {
        guard let server, stallEnd == nil, let room = models.room, !server.awaitsStore,
            !server.awaitsReturn,
            storeWork.store.waitingGroups == 0
        else { return false }
        var present: [String] = []
        for client in clients {
            guard let core = client.core else { continue }
            guard core.isCaughtUp, core.unsentCount == 0, !core.awaitsAnswer, core.cursor?.epoch == room.epoch,
                core.followed.allSatisfy({ $0.cursor.number >= models[$0.log]?.end ?? 0 }),
                Set(core.followed.map(\.log)) == Set(server.logs(of: core.ownName))
            else { return false }
            present.append(core.ownName)
        }
        return present.sorted() == server.members.map(\.name).sorted()
    }

    /// Runs until it is quiet, and checks then that nobody misses anything.
    ///
    /// - Returns: whether it became quiet in time and nothing was wrong.
    @discardableResult
    package mutating func runUntilQuiet(within duration: Duration = .seconds(60)) -> Bool {
        guard run(within: duration, until: { $0.isQuiet }) else { return false }
        let present = clients.compactMap { $0.core?.ownName }
        for client in clients {
            guard let core = client.core else { continue }
            check(by: client.label) { chat throws(Breach) in
                try client.witness.checkSettled(
                    followed: core.followed, expected: Set(chat.server?.logs(of: core.ownName) ?? []),
                    members: core.members, present: present, models: chat.models)
            }
        }
        return violation == nil
    }

    /// It should have become quiet and did not: says who is not.
    package mutating func reportUnrest() {
        var restless: [String] = []
        for client in clients {
            guard let core = client.core else { continue }
            let behind = core.followed.filter { $0.cursor.number < models[$0.log]?.end ?? 0 }
            guard core.isCaughtUp, core.unsentCount == 0, !core.awaitsAnswer, behind.isEmpty else {
                let logs = behind.map { "\($0.log.rawValue) at \($0.cursor.number) of \(models[$0.log]?.end ?? 0)" }
                restless.append(
                    "\(client.label) is \(core.status.phase), behind in \(logs), \(core.unsentCount) lines unsent")
                continue
            }
        }
        let present = present
        check(by: "the world") { chat throws(Breach) in
            throw Breach(
                "does not settle: \(restless); the server lists \(present), "
                    + "\(chat.storeWork.store.waitingGroups) groups wait")
        }
    }

    /// Runs on until closed connections and finished handshakes should be forgotten, and checks that they are.
    package mutating func checkNothingLeaks() {
        run(for: .seconds(17))
        check(by: "the server") { chat throws(Breach) in
            guard let server = chat.server else { return }
            let load = server.load
            let members = server.members.count
            guard load.peers == members, load.handshakes == 0, load.deadlines == members, load.answers == 0,
                load.provisional == 0
            else {
                throw Breach("with \(members) members at rest it holds \(load)")
            }
        }
    }

    // MARK: Questions

    /// The newest run of that person's client, if it is running.
    func running(_ label: String) -> Int? {
        guard let index = people[label]?.runs.last, clients[index].core != nil else { return nil }
        return index
    }

    /// The same, unless its machine sleeps.
    func awake(_ label: String) -> Int? {
        running(label).flatMap { clients[$0].sleepEnd == nil ? $0 : nil }
    }

    /// Whether the person's client is running.
    package func isRunning(_ label: String) -> Bool { running(label) != nil }

    /// Whether the person is in the room as far as their client knows.
    package func isOnline(_ label: String) -> Bool {
        running(label).flatMap { clients[$0].core?.isCaughtUp } ?? false
    }

    /// Everybody of whom something was started, in the order of names.
    package var labels: [String] { people.keys.sorted() }

    /// The lines of others that the person's newest client has shown.
    package func heard(by label: String) -> [String] {
        people[label]?.runs.last.map { clients[$0].witness.heard } ?? []
    }

    /// How many lines of the newest client were receipted.
    package func receipts(of label: String) -> Int {
        people[label]?.runs.last.map { clients[$0].witness.receipts } ?? 0
    }

    /// What the person's newest client has shown.
    package func events(of label: String) -> [ShownEvent] {
        people[label]?.runs.last.map { clients[$0].shown } ?? []
    }

    /// How the person's newest client ended by itself; nil when it did not.
    package func finish(of label: String) -> ClientFinish? {
        people[label]?.runs.last.flatMap { clients[$0].finish }
    }

    /// Where the person's newest client is.
    package func address(of label: String) -> SocketAddress? {
        people[label]?.runs.last.map { clients[$0].address }
    }

    /// Where the server believes the member of that name to be.
    package func serverAddress(of name: String) -> SocketAddress? {
        server?.members.first { $0.name == name }?.address
    }

    /// Who is present, by what the server says.
    package var present: [String] { server?.members.map(\.name).sorted() ?? [] }

    /// How many messages the server's logs have, all its lives together.
    package var messageCount: Int { models.messageCount }
}
