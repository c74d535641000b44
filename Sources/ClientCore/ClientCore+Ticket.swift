import Basics
import Crypto
import Transport

/// What the server gave to come back with: it is tried first, and the password is for where there is none.
extension ClientCore {
    var pinnedServerKey: [UInt8]? { serverKey ?? configuration.pinnedServerKey }

    /// The ticket, when it is the next try's turn. It is shown to no server but the one that gave it.
    var usableTicket: ResumptionTicket? {
        guard let ticket = identity.ticket, ticket.serverKey == pinnedServerKey,
            configuration.invitedKey.map({ $0 == KeyFingerprint(of: ticket.serverKey) }) ?? true
        else { return nil }
        return wasTicketIgnored && identity.password != nil ? nil : ticket
    }

    mutating func keep(_ ticket: ResumptionTicket) {
        identity.ticket = ticket
        ticketChange = .keep(ticket)
    }

    /// The ticket is worth nothing any more. The password does as well, and nobody need know of it.
    mutating func goOnWithoutTicket(at now: Instant) {
        identity.ticket = nil
        ticketChange = .erase
        guard case .trying(let pacing, _) = phase else { return }
        phase = .trying(pacing, next: now)
    }

    /// What is to be done about the ticket that is kept for the next run.
    package mutating func pollTicketChange() -> TicketChange? {
        defer { ticketChange = nil }
        return ticketChange
    }
}
