package import Basics

extension OutgoingMessages.InFlight {
    /// When the next copy is due, if no other packet takes it along before.
    func copyDue(_ plan: CopyPlan) -> Instant? {
        plan.offset(afterCopies: Int(copies)).map { max(firstSent + $0, lastSent + plan.patience) }
    }
}

extension OutgoingMessages {
    /// When the next copy of a small message under way is due; nil when there is none to come.
    package func nextCopyDue(_ plan: CopyPlan) -> Instant? {
        var due: Instant?
        for message in inFlight where message.mayBeCopied {
            guard let moment = message.copyDue(plan) else { continue }
            due = min(due ?? moment, moment)
        }
        return due
    }

    /// Writes copies of small messages under way, oldest first, as far as they fit into a packet that leaves now.
    ///
    /// - Parameters:
    ///   - plan: how many copies are wanted.
    ///   - datagram: what they are appended to.
    ///   - limit: the most bytes that the datagram may have then.
    ///   - frames: what was written is added here.
    package mutating func emitCopies(
        _ plan: CopyPlan, into datagram: inout [UInt8], limit: Int, frames: inout SentFrames,
        from store: some MessageStore, at now: Instant
    ) {
        for place in inFlight.indices where isCopyWanted(place, plan, at: now) {
            let message = inFlight[place]
            let piece = MessagePiece(
                alias: alias, number: message.number, distance: message.number - message.previous,
                total: message.total, index: 0)
            guard datagram.count + piece.frameBytes <= limit else { continue }
            guard let stored = store.message(after: message.number - 1, in: log), stored.number == message.number else {
                // It was cut from the log, or must be fetched first. Whoever is to send it again will notice.
                inFlight[place].copies = .max
                continue
            }
            inFlight[place].noteSent(at: now)
            Frame.emit(piece, of: stored.bytes, into: &datagram)
            frames.append(alias: alias, number: piece.number, index: 0, distance: piece.distance)
        }
    }

    private func isCopyWanted(_ place: Int, _ plan: CopyPlan, at now: Instant) -> Bool {
        let message = inFlight[place]
        guard message.mayBeCopied, Int(message.copies) < plan.wanted else { return false }
        if message.lastSent + Limits.copySpacing <= now { return true }
        return message.copyDue(plan).map { $0 <= now } ?? false
    }

    /// From when on the silence about the oldest message under way counts: its first sending, however often it was
    /// sent since; for what is part of a backlog or comes in pieces, the last.
    package var silentSince: Instant? {
        guard let oldest = inFlight.first(where: { $0.sent != 0 && !$0.isDone }) else { return nil }
        return oldest.isSmall ? oldest.firstSent : oldest.lastSent
    }

    /// Queues what was sent and not acknowledged, oldest first, as far as one packet takes it.
    ///
    /// - Parameter room: bytes left in the packet.
    package mutating func queueUnacknowledged(room: inout Int) {
        for place in inFlight.indices where room > 0 {
            let message = inFlight[place]
            for index in 0..<MessageFragment.count(total: message.total) {
                let bit: UInt16 = 1 << UInt16(index)
                guard message.sent & ~message.acknowledged & bit != 0 else { continue }
                let length = MessageFragment.range(index: index, total: message.total).count
                room -= Frame.messageBytes(
                    alias: alias, number: message.number, distance: message.number - message.previous, length: length)
                guard room >= 0 else { return }
                change(place) { $0.pending |= bit }
            }
        }
    }
}
