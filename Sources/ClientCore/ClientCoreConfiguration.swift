package import Basics
package import ChatClient
package import Crypto
package import Sentences
package import Transport

/// What a client is told when it begins.
package struct ClientCoreConfiguration: Sendable {
    /// The name as typed.
    package var name: String
    /// How many earlier messages to show on joining.
    package var history: Int
    /// How long to keep trying while the server is away; zero: one attempt.
    package var reconnect: Duration
    /// The server's key as pinned at first contact; nil when there was none.
    package var pinnedServerKey: [UInt8]?
    /// What an invitation says of the server's key; nil when there was none.
    package var invitedKey: KeyFingerprint?
    /// What an earlier run of the same name on this device left; nil when there was none.
    package var former: StoredClient?
    /// Whether others are told that the person is writing, and the person that they are.
    package var sharesTyping: Bool
    /// Whether somebody can be asked for a personal password.
    package var canAskPassword = false
    /// What the client says to the person is said in this language.
    package var language = Language.english

    /// What packets may be sealed with, as far as this machine has it.
    package var suites: CipherSuites

    package init(
        name: String, history: Int, reconnect: Duration, pinnedServerKey: [UInt8]?, invitedKey: KeyFingerprint? = nil,
        former: StoredClient? = nil, sharesTyping: Bool = false, suites: CipherSuites = .supported
    ) {
        self.name = name
        self.history = history
        self.reconnect = reconnect
        self.pinnedServerKey = pinnedServerKey
        self.invitedKey = invitedKey
        self.former = former
        self.sharesTyping = sharesTyping
        self.suites = suites
    }
}

/// Who the client is: what it proves at the login.
package struct ClientIdentity: Sendable {
    package var device: SigningKey
    /// Nil when there is a ticket only.
    package var password: RoomPassword?
    /// What the client was given when it was last there; nil when there is none.
    package var ticket: ResumptionTicket?
    /// The personal password of the name; nil when it is not known.
    package var personalPassword: PersonalPassword?
    /// Drawn at random once per process; an earlier run's goes on where one was kept.
    package var incarnation: UInt64

    package init(
        device: SigningKey, password: RoomPassword?, ticket: ResumptionTicket? = nil,
        personalPassword: PersonalPassword? = nil, incarnation: UInt64
    ) {
        self.device = device
        self.password = password
        self.ticket = ticket
        self.personalPassword = personalPassword
        self.incarnation = incarnation
    }
}

/// What is to be done about the ticket that is kept.
package enum TicketChange: Sendable {
    /// Kept in place of the one before.
    case keep(ResumptionTicket)
    /// The server does not want it any more.
    case erase
}

/// How a client ended.
package struct ClientFinish: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The person left, and everything was confirmed.
        case quit
        /// The server was not reached within the time, or lines were not confirmed by then.
        case unreachable
        /// The server did not let the client in, or put it out.
        case refused
        /// The server's key is not the pinned one, or not the one of the invitation.
        case keyChanged
    }

    package let reason: Reason
    /// One sentence for the person; empty where there is nothing to explain.
    package let text: String
    /// The lines that were typed and not confirmed.
    package let unconfirmed: [String]
    /// Whether the personal password of the name would let the client in.
    package let wantsPersonalPassword: Bool
}

/// The link as a status line shows it.
package struct LinkStatus: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        case connecting
        case online
        case leaving
        case finished
    }

    package let phase: Phase
    /// Smoothed round trip; nil before anything was measured.
    package let roundTrip: Duration?
    /// Lost packets in thousandths of the sent ones; nil before any was lost.
    package let lossPerMille: Int?
    /// When something was last heard.
    package let lastHeard: Instant?
    /// Lines without a receipt.
    package let unsent: Int
    /// Until when the server hears no password, while it is waited for.
    package let mutedUntil: Instant?
    /// When it is tried no more, while the server is away.
    package let givesUpAt: Instant?
}
