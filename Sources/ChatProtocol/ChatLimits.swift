package import Basics

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

    /// The longest topic.
    package static let topicBytes = 512
    /// The longest word about being away.
    package static let awayBytes = 128
    /// The longest sign of a reaction: one emoji with its modifiers, or a short word.
    package static let reactionBytes = 32
    /// The longest text to search for.
    package static let searchBytes = 256
    /// The longest name, address or block that an operator can name.
    package static let targetBytes = 256
    /// The longest step of registering or signing in.
    package static let accountStepBytes = 1_024
    /// The longest sentence that explains a refusal.
    package static let explanationBytes = 512

    /// The longest ticket.
    package static let ticketBytes = 512

    /// The longest word of an `ErrorCode`.
    package static let codeBytes = 32

    /// The largest encoded `members` event; longer lists are cut into several.
    package static let memberListBytes = 8 * 1_024

    // MARK: Answers

    /// The most entries that `history` or `search` answers with.
    package static let entriesPerAnswer = 1_000
    /// The most names of people who miss an entry that are told.
    package static let namesInSeen = 100
    /// A member's typing is told at most so often.
    package static let typingInterval: Duration = .seconds(3)

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

    /// The most logs that one account follows: the room, the inbox and its groups.
    package static let logsPerAccount = 66
    /// The most groups that one account belongs to.
    package static let groupsPerAccount = logsPerAccount - 2
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

    /// How many entries of the room stay in memory; older ones are fetched from the store.
    package static let roomTailEntries = 16_384
    /// How many bytes of encoded entries of the room stay in memory.
    package static let roomTailBytes = 4 * 1_024 * 1_024
    /// The same of a group.
    package static let groupTailEntries = 512
    package static let groupTailBytes = 256 * 1_024
    /// The same of an inbox.
    package static let inboxTailEntries = 64
    package static let inboxTailBytes = 64 * 1_024
    /// Pages of older entries that are kept for those who catch up, in bytes of entries and in number.
    package static let pageCacheBytes = 2 * 1_024 * 1_024
    package static let cachedPages = 64
    /// How much of a log is fetched at once, in bytes of entries.
    package static let pageBytes = 128 * 1_024
    /// How long those who were present when the server ended may stay away before anybody is told that they are gone.
    package static let returning: Duration = .seconds(30)
    /// How many questions may wait for the store at once.
    package static let openQuestions = 256
    /// How many bans are kept.
    package static let bans = 4_096
    /// How many people are kept muted at once.
    package static let mutes = 4_096
    /// How many acts of operators are kept for `:audit`.
    package static let auditEntries = 1_000
    /// The longest time that can be named for a mute or for slow mode, in seconds: a year.
    package static let longestSeconds: UInt32 = 366 * 24 * 3_600
    /// Changes that wait for the store; beyond that nothing new is accepted. It is never reached where those who speak are
    /// held at `crowdedChanges`: then what was under way comes still, at most one window of each.
    package static let waitingChanges = 262_144
    /// Changes that wait for the store; beyond that whoever speaks is held for a moment.
    package static let crowdedChanges = 4_096
    /// How many members one group has at most. A group with all its members and invitations fits one record.
    package static let groupMembers = 2_048
    /// How many people may be invited to one group and not have come yet.
    package static let groupInvitations = 1_024
    /// How many groups there may be.
    package static let groups = 4_096
    /// How many accounts are kept.
    package static let accounts = 65_536
    /// How many devices one account has at most.
    package static let devicesPerAccount = 16
    /// How many earlier messages a login may ask for.
    package static let historyOnLogin = 1_000

    /// The most effects that one input to the chat causes; they are drained after each input.
    package static let effectsPerInput = 8 + membersAtMost * (nameBytes + 1) / (memberListBytes - 128)

    // MARK: The client's tables

    /// How many lines may wait for their receipt; beyond that the client stops reading.
    package static let outboxEntries = 1_024

    /// How many bytes of typed lines may wait for their receipt; beyond that the client stops reading. The outbox is
    /// written to disk as a whole.
    package static let outboxBytes = 256 * 1_024

    /// How many questions may wait for their answers at once; beyond that the client stops reading.
    package static let pendingQuestions = 16

    /// How many typed lines may wait for their turn behind one that asks about what was typed before it.
    package static let heldLines = 256

    /// How far back a line can be meant by its place: `-200` is the farthest.
    package static let shownLines = 200

    /// How many people a client can ignore.
    package static let ignoredNames = 256

    /// How many entries may wait for the login's member list; beyond that it is taken as it is.
    package static let waitingEntries = 1_024

    /// Under how many earlier member numbers a client still recognises its own lines.
    package static let ownIdentities = 16
}
