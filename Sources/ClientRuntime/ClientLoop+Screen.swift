import Basics
import ChatClient
import ChatProtocol
import ClientCore
import LineEditing

/// What stands around the line being typed.
extension ClientLoop {
    /// How often what changes all the time is looked at.
    private static let statusPace: Duration = .seconds(1)
    /// How long after a line of one's own was stored it is asked who has it; each further time it waits twice as long.
    private static let deliveryPause: Duration = .milliseconds(400)
    private static let deliveryQuestionsAtMost = 8

    /// What Tab can complete now.
    var completionWords: CompletionWords {
        guard screen.editsLines else { return CompletionWords() }
        let own = core.ownName
        return CompletionWords(people: core.members.filter { $0 != own }, groups: core.groupNames)
    }

    /// Takes a line that was entered.
    mutating func enter(_ line: String, at now: Instant) {
        if screen.editsLines, !core.isMessage(line) { screen.echo(line) }
        core.enter(line, at: now)
    }

    /// Shows prompt and status as they are now.
    mutating func showStatus(at now: Instant) {
        guard screen.editsLines else { return }
        let link = core.status
        if statusDue <= now || link.phase != status.phase {
            status.sample(link, at: now)
            statusDue = now + Self.statusPace
        }
        if let deliveryDue, deliveryDue <= now { askOnceForDelivery(at: now) }
        status.unsent = link.unsent
        status.memberCount = core.members.count
        status.delivery = core.delivery
        screen.noteAwaited(core.pendingLines(last: OwnLines.limit))
        screen.setStatus(status, to: core.destination(of: screen.typed), isLeaving: core.isQuitting)
    }

    /// A line of one's own was stored: from now on it is asked who has it.
    mutating func askForDelivery(at now: Instant) {
        guard screen.editsLines else { return }
        deliveryQuestions = 0
        deliveryDue = now + Self.deliveryPause
    }

    private mutating func askOnceForDelivery(at now: Instant) {
        deliveryDue = nil
        // The answer to the question before may tell that nothing is left to ask.
        if deliveryQuestions > 0, core.delivery?.isComplete ?? true { return }
        guard deliveryQuestions < Self.deliveryQuestionsAtMost else { return }
        deliveryQuestions += 1
        _ = core.askDelivery(at: now)
        deliveryDue = now + Self.deliveryPause * (1 << deliveryQuestions)
    }
}
