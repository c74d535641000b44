package import Basics

/// A channel whose messages had to wait once because they came too fast.
struct HeldChannel: Sendable {
    let alias: UInt64
    /// When the next message that waits may be taken; nil when none waits.
    var resumption: Instant?
    /// Pieces taken since the peer was told how far.
    var untold = 0
}

/// Slowing down a peer that sends too much, and nobody else: what is over the rate stays with the peer.
///
/// Messages over the rate wait in `IncomingMessages`, whole and in order. They are acknowledged, since nothing is lost,
/// but with every acknowledgement the peer hears how far they were taken, and its window begins there. So it begins no
/// more than the window beyond that, and no more is ever held here.
extension Connection {
    /// Takes the messages under an alias no faster than this from now on; nil: as they come. The alias must be open.
    package mutating func pace(alias: UInt64, at rate: MessageRate?) {
        _ = incoming.change(alias) { $0.pace = rate.map { MessagePace($0) } }
    }

    /// Takes no message under an alias before a moment. The alias must be open.
    package mutating func hold(alias: UInt64, until moment: Instant) {
        _ = incoming.change(alias) { log in
            if log.pace == nil { log.pace = MessagePace(.unlimited) }
            log.pace?.hold(until: moment)
        }
    }

    /// When a message that waits may be taken; nil when none waits.
    var resumption: Instant? {
        var next: Instant?
        for channel in held {
            if let moment = channel.resumption { next = min(next ?? moment, moment) }
        }
        return next
    }

    /// Gives out what has come in order, as far as the pace allows.
    mutating func deliver(_ alias: UInt64, at now: Instant) {
        var pieces = 0
        while let message = incoming.change(alias, { $0.next(at: now) }) ?? nil {
            pieces += MessageFragment.count(total: message.bytes.count)
            events.append(.message(alias: alias, message))
        }
        guard incoming[alias]?.isHeld == true else { return }
        if !held.contains(where: { $0.alias == alias }) { held.append(HeldChannel(alias: alias)) }
        for place in held.indices where held[place].alias == alias {
            held[place].resumption = incoming[alias]?.resumption
            held[place].untold += pieces
        }
    }

    /// Takes what has waited long enough. The peer may have nothing under way that would be acknowledged: it is told in
    /// a packet of its own, now and then and at the end.
    mutating func takeHeld(at now: Instant) {
        for place in held.indices {
            guard let moment = held[place].resumption, moment <= now else { continue }
            deliver(held[place].alias, at: now)
            if held[place].untold >= Limits.untoldPieces || held[place].resumption == nil { tellsTaken = true }
        }
    }

    /// The most bytes of what `emitTaken` writes.
    var takenBytes: Int { held.count * Frame.takenBytes }

    /// Says how far held channels were taken. It stands before the acknowledgement, so that nobody who hears that a
    /// message has arrived believes for a moment that it was taken.
    mutating func emitTaken(into datagram: inout [UInt8]) {
        for place in held.indices {
            guard let number = incoming[held[place].alias]?.delivered else { continue }
            Frame.taken(alias: held[place].alias, through: number).emit(into: &datagram)
            held[place].untold = 0
        }
    }
}
