package import Basics
package import ChatClient
package import ChatProtocol
import Sentences
package import Transport

/// What a client keeps, and what it answers about itself.
extension ClientCore {
    /// What of the state is not kept yet.
    package var unsaved: Unsaved { state.unsaved }

    /// What is to be kept for the next run. To be called when everything shown so far has reached the person, and
    /// before datagrams are taken: a line is kept before it leaves for the first time.
    package mutating func takeStored() -> StoredClient {
        state.takeStored()
    }

    /// The name as the server has it.
    package var ownName: String { state.ownName }

    /// The logs that are followed, and how far each was shown.
    package var followed: [FollowedPosition] { state.followed }

    /// Who is here as far as was shown.
    package var members: [String] { state.members }

    /// The groups that one belongs to.
    package var groupNames: [String] { state.groupNames }

    /// The lines without a receipt, only the last ones, so many.
    package func pendingLines(last limit: Int) -> [PendingLine] { state.pendingLines(last: limit) }

    /// Where a line would go as far as it is typed; nil where it would go to nobody.
    package func destination(of line: String) -> Place? { state.destination(of: line) }

    /// Whether a typed line is one for others to read; such a line is shown by its receipt.
    package func isMessage(_ line: String) -> Bool { state.isMessage(line) }

    /// How far the last line of one's own has got, as it was asked last.
    package var delivery: Delivery? { state.delivery }

    /// Asks how far the last line of one's own has got.
    ///
    /// - Returns: whether it was asked.
    package mutating func askDelivery(at now: Instant) -> Bool {
        defer { pushToServer(at: now) }
        return state.askDelivery()
    }

    /// How many requests of this run were done.
    package var confirmedCount: Int { state.confirmedCount }

    /// Typed lines that wait for their turn, and are not kept for the next run.
    package var held: [String] { state.held }

    /// What waits is given up: no later run says it.
    package mutating func forgetWaiting() {
        state.forgetWaiting()
    }

    /// The person is writing a line.
    package mutating func isTyping(at now: Instant) {
        state.isTyping(at: now)
        pushToServer(at: now)
    }

    /// The client's state is an older copy of what the server knows: it goes on as somebody new.
    mutating func loginAnew(at now: Instant, using random: inout some RandomNumberGenerator) {
        state.beginAnew(incarnation: random.next())
        endpoint.abandon()
        phase = .trying(TryPacing(limit: configuration.reconnect, at: now), next: now)
    }

    /// The link is made anew at once, to learn from the welcome what became of lines whose receipts can't be seen.
    mutating func comeAgain(at now: Instant) {
        endpoint.abandon()
        state.disconnected(reason: "resync")
        phase = .trying(TryPacing(limit: configuration.reconnect, at: now), next: now)
    }

    /// The loss on the path as it was measured.
    var lossPerMille: Int? {
        guard let loss = endpoint.connection?.redundancy.loss, loss.hasLoss else { return nil }
        return min(1_000, max(0, Int(loss.rate * 1_000)))
    }

    /// Answers what only the link's owner knows.
    mutating func answerOwnerQuestions(at now: Instant) {
        while let question = state.pollOwnerQuestion() {
            switch question {
            case .stats: state.note(statsLine(status, at: now))
            case .register: beginRegistration(at: now)
            }
        }
    }
}

/// What is said to the person.
extension ClientCore {
    /// In the person's language.
    var words: any LinkSentences { configuration.language.link }

    /// The server's refusal ends the client.
    mutating func fail(_ refusal: Refusal) {
        fail(
            .refused, refusal.code, configuration.language.text(ofServer: refusal.text),
            wantsPersonalPassword: refusal.challenge != nil)
    }

    /// The answer to `:stats`.
    private func statsLine(_ status: LinkStatus, at now: Instant) -> String {
        var parts: [String] = []
        switch status.phase {
        case .connecting: parts.append(words.connecting)
        case .online: parts.append(words.connected)
        case .leaving, .finished: parts.append(words.leaving)
        }
        if let roundTrip = status.roundTrip {
            parts.append(words.roundTrip(tenths: roundTrip.wholeNanoseconds / 100_000))
        }
        if let loss = status.lossPerMille { parts.append(words.loss(perMille: loss)) }
        if let heard = status.lastHeard { parts.append(words.lastHeard(seconds: (now - heard).components.seconds)) }
        parts.append(words.notConfirmed(status.unsent))
        return words.stats(parts)
    }
}

/// The outbox is where the connection reads the client's lines.
extension Outbox: MessageStore {
    package func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
        request(after: number).map { StoredMessage(number: $0.number, bytes: $0.bytes) }
    }
}
