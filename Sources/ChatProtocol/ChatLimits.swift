/// Every bound of the chat itself: what a text, a table or a queue may hold at most.
///
/// The transport carries messages of at most 16 KiB; the sizes here leave room for the fields around a text.
package enum ChatLimits {
    // MARK: Texts, in bytes of UTF-8

    /// The largest message that the transport carries, in bytes.
    package static let messageBytes = 16 * 1_024

    /// The longest text of one line: an entry with all its fields still fits `messageBytes`.
    package static let textBytes = 15 * 1_024

    /// The longest name of a member (rule 37 of the name rules).
    package static let nameBytes = 64

    /// The longest name that a login may ask for: longer than a valid one, so that the answer can be `name-invalid`.
    package static let requestedNameBytes = 256

    /// The longest name of a room.
    package static let roomNameBytes = 64

    /// The longest name of a server; a host's name has at most 64 bytes.
    package static let serverNameBytes = 128

    /// The longest sentence that explains a refusal.
    package static let explanationBytes = 512

    /// The longest ticket.
    package static let ticketBytes = 512

    /// The longest word of an `ErrorCode`.
    package static let codeBytes = 32

    /// The largest encoded `members` event; longer lists are cut into several.
    package static let memberListBytes = 8 * 1_024

    // MARK: How fast a member is heard, see `MemberLimits`

    /// Lines a second that are taken from one member: more than anybody types or reads. At a thousand members these are
    /// 100,000 deliveries a second, a fraction of what one core gives.
    package static let linesPerSecond = 100

    /// Lines of one member that are taken at once: a pasted text of 1,000 lines passes without a wait, and another after
    /// it; ten seconds of silence earn room for 1,000 more.
    package static let linesAtOnce = 2_000

    /// Requests a second that are answered to one member. One costs up to `effectsPerInput` control messages.
    package static let requestsPerSecond = 10

    /// Requests of one member that are answered at once.
    package static let requestsAtOnce = 50

    // MARK: The server's tables

    /// How many members a room holds unless it is told otherwise.
    package static let members = 1_024

    /// The most members that a room can be told to hold.
    package static let membersAtMost = 16_384

    /// How many names may be reserved for absent members at once; beyond that the oldest reservation ends early.
    package static let reservations = 4_096

    /// How many sessions are remembered after their reservation ended, so that a very late resume is still exact.
    package static let rememberedSessions = 8_192

    /// How long a name stays reserved after its member was lost (protocol: "Names and absence").
    package static let reservation: Duration = .seconds(120)

    /// How many entries of a room stay in memory.
    package static let logEntries = 65_536

    /// How many bytes of encoded entries of a room stay in memory.
    package static let logBytes = 16 * 1_024 * 1_024

    /// How many earlier messages a login may ask for.
    package static let historyOnLogin = 1_000

    /// The most effects that one input to the chat causes; they are drained after each input.
    package static let effectsPerInput = 8 + membersAtMost * (nameBytes + 1) / (memberListBytes - 128)

    // MARK: The client's tables

    /// How many lines may wait for their receipt; beyond that the client stops reading.
    package static let outboxEntries = 1_024

    /// How many member lists may be asked for at once; beyond that the client stops reading.
    package static let pendingMemberLists = 16

    /// How many entries may wait for the login's member list; beyond that it is taken as it is.
    package static let waitingEntries = 1_024

    /// Under how many earlier member numbers a client still recognises its own lines.
    package static let ownIdentities = 16
}
