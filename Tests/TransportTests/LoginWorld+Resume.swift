import Basics
import Crypto
import Testing

@testable import Transport

/// Somebody who was there and comes back.
extension LoginWorld {
    /// Logs in by the password.
    ///
    /// - Returns: the ticket that it brought.
    mutating func ticketOfLogin() throws -> ResumptionTicket {
        var client = try initiator()
        converse(&client, from: LoginWorld.address)
        return try #require(client.ticket)
    }

    mutating func resumer(_ ticket: ResumptionTicket, suites: CipherSuites = .supported) -> Resumer {
        Resumer(ticket: ticket, login: Array("ana again".utf8), suites: suites, at: now, using: &random)
    }

    /// Gives a client the server's answers, and says something under the new keys.
    ///
    /// - Returns: nil when the server does not confirm it.
    mutating func connect(
        _ client: inout Resumer, _ answers: [[UInt8]], from address: SocketAddress
    ) throws -> Connection? {
        for answer in answers { client.receive(answer.span, at: now) }
        let (keys, _) = try #require(client.session)
        var connection = Connection(role: .client, keys: keys, at: now)
        connection.confirmKeys()
        var datagram: [UInt8] = []
        var scratch: [UInt8] = []
        var isConfirmed = false
        while connection.pollTransmit(into: &datagram, from: TestLog(), at: now) {
            for answer in ask(datagram, from: address) where connection.receive(answer.span, scratch: &scratch, at: now)
            {
                isConfirmed = !connection.isClosed
            }
        }
        for answer in pass(Limits.acknowledgementDelay)
        where connection.receive(answer.span, scratch: &scratch, at: now) { isConfirmed = true }
        return isConfirmed ? connection : nil
    }

    mutating func resume(_ ticket: ResumptionTicket, from address: SocketAddress) throws -> Connection? {
        var client = resumer(ticket)
        return try connect(&client, ask(try client.message(at: now), from: address), from: address)
    }
}

extension Resumer {
    /// The message that is due; a failure when none is.
    mutating func message(at now: Instant) throws -> [UInt8] {
        let message = pollTransmit(at: now)
        return try #require(message)
    }

    /// The session and the next ticket, once the server answered.
    var session: (keys: SessionKeys, ticket: [UInt8]?)? {
        if case .accepted(let keys, _, let ticket) = outcome { return (keys, ticket) }
        return nil
    }
}

extension Initiator {
    /// The ticket that the login brought.
    var ticket: ResumptionTicket? {
        guard case .accepted(let keys, let serverKey, _, let ticket) = outcome else { return nil }
        return ticket.flatMap {
            ResumptionTicket(sealed: $0, secret: keys.secrets.resumption, serverKey: serverKey)
        }
    }
}
