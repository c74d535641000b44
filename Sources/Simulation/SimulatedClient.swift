package import Basics
package import ChatClient
import ClientCore
import Crypto
import Transport

/// Somebody who uses a client, over all of its runs.
struct Person: Sendable {
    /// The name to come in under.
    let name: String
    /// Where the device keeps what it is known by.
    let device: SigningKey
    let password: RoomPassword
    let options: ClientOptions
    /// What the device keeps to come back with.
    var ticket: ResumptionTicket?
    /// What the client keeps from one run to the next.
    var state: StoredClient?
    /// The runs of the client, by index; the last one is the newest.
    var runs: [Int]
}

/// How a client is told to behave.
package struct ClientOptions: Hashable, Sendable {
    /// How many earlier messages to show on joining.
    package var history: Int
    /// How long to try while the server is away; zero: one attempt.
    package var reconnect: Duration
    /// Whether the password is the right one.
    package var knowsPassword: Bool
    /// Whether the first run alone knows the password.
    package var forgetsPassword = false
    /// Whether the device keeps tickets from one run to the next.
    package var keepsTickets: Bool
    /// Whether the client keeps cursors and outbox from one run to the next.
    package var keepsState = true

    package init(
        history: Int = 20, reconnect: Duration = .seconds(3_600), knowsPassword: Bool = true,
        keepsTickets: Bool = true
    ) {
        self.keepsTickets = keepsTickets
        self.history = history
        self.reconnect = reconnect
        self.knowsPassword = knowsPassword
    }
}

/// One run of a client's program.
struct SimulatedClient: Sendable {
    let label: String
    /// Where it is, as the server sees it.
    var address: SocketAddress
    /// Nil when the program has ended.
    var core: ClientCore?
    var random: SeededGenerator
    var witness: ClientWitness
    /// What it waits for; kept, so that nobody has to ask again.
    var deadline: Instant?
    /// Whether what it keeps is its own: of two runs at a time only the first has the lock.
    var keepsState = true
    var lastKept: Instant = .origin
    /// When its state is kept next; nil when that is not needed.
    var keepAt: Instant?
    /// Until when the machine sleeps; nil while it is awake.
    var sleepEnd: Instant?
    /// What came in while it slept, as far as the system keeps it.
    var inbox: [[UInt8]] = []
    /// From when on nothing is an excuse any more for not being heard.
    var excusedUntil: Instant
    /// How it ended by itself.
    var finish: ClientFinish?
    /// What it has shown, where that is recorded.
    var shown: [ShownEvent] = []

    /// At most so often a client keeps what can wait.
    static let keepingPause: Duration = .milliseconds(200)

    /// When it has something to do next.
    var nextMoment: Instant? {
        guard let deadline, let keepAt else { return deadline ?? keepAt }
        return min(deadline, keepAt)
    }

    /// Datagrams that a system keeps for a program that does not read.
    private static let inboxLimit = 64

    /// Takes a datagram while the machine sleeps.
    mutating func keep(_ bytes: [UInt8]) {
        if inbox.count < Self.inboxLimit { inbox.append(bytes) }
    }

    mutating func receive(_ bytes: [UInt8], at now: Instant) {
        core?.receive(bytes.span, at: now, using: &random)
    }

    mutating func addressChanged(at now: Instant) {
        core?.addressChanged(at: now, using: &random)
    }

    mutating func handleTimeouts(at now: Instant) {
        core?.handleTimeouts(at: now, using: &random)
    }
}

/// Something that a client showed, and when.
package struct ShownEvent: Hashable, Sendable {
    /// Since the world began.
    package let time: Duration
    package let event: ClientEvent
}

/// A datagram as it was sent, and when.
package struct RecordedDatagram: Hashable, Sendable {
    /// Since the world began.
    package let time: Duration
    package let datagram: SimulatedDatagram
}
