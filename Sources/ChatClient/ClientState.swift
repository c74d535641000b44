import Basics
package import ChatProtocol
package import Sentences

/// What one client knows: where it stands in its logs, what it has typed that is not confirmed, and who is here.
///
/// A value without I/O. Inputs are calls; events to show come out of `pollEvent`, control requests out of
/// `pollRequest`, numbered ones out of `outbox`. All three are drained after each input.
///
///     away --connected--> arriving --member list complete--> present --all logs at their ends--> caught up
///      ^                      |                                 |                                   |
///      +-----disconnected-----+-----------disconnected----------+-----------disconnected------------+
package struct ClientState: Sendable {
    /// Where the client stands towards the server.
    enum Link: Sendable {
        case away
        case arriving(Arriving)
        case present(Welcome)
    }

    /// The time between the welcome and the end of the member list: entries wait.
    struct Arriving: Sendable {
        let welcome: Welcome
        var names: [String] = []
        var entries: [(alias: UInt64, number: EntryNumber, entry: LogEntry)] = []
    }

    /// What to say when every log has reached the end that it had at the login; nil once it was said.
    enum Arrival: Sendable {
        /// A first join: nothing.
        case joining
        /// A join of a later run: what was missed, if something was.
        case rejoining
        /// A return of the same run.
        case returning
    }

    /// What only the owner of the link can answer.
    package enum OwnerQuestion: Hashable, Sendable {
        /// How the link is.
        case stats
        /// Setting a personal password for the name.
        case register
    }

    /// The name to log in with: as typed, then as the server has it.
    var name: String
    private(set) var incarnation: UInt64
    private let history: Int
    /// What it says to the person is said in this language.
    let language: Language
    /// Whether others are told that the person is writing, and the person that they are.
    package var sharesTyping = false

    var link = Link.away
    var arrival: Arrival?
    /// Whether the server has announced all logs since the login.
    var hasFollowed = false
    private var owesFollow = false
    var logs: FollowedLogs
    var identities: OwnIdentities
    var questions = Questions()
    var facts: RoomFacts?
    var ignored: [String]
    /// With whom the latest private line was exchanged.
    var partner: String?
    /// The same, when only what was really said counts.
    var confirmedPartner: String?
    var isAway = false
    /// Typed lines that wait for their turn, oldest first. Bound: `ChatLimits.heldLines`.
    package private(set) var held: [String] = []
    /// Counts the lines that were shown, over all logs.
    var turn: UInt64 = 0
    /// When something was told to be written last, and where it is to be told next.
    var lastTyping: Instant?
    var typingPlace: Place?
    var ownerQuestions: [OwnerQuestion] = []
    /// The last number that an earlier run gave.
    let formerNumber: OutboxNumber
    /// How many requests of this run were done.
    package internal(set) var confirmedCount = 0

    /// What has no receipt.
    package internal(set) var outbox: Outbox
    /// Who is in the room as far as was shown, the client included; for completion of names.
    package internal(set) var members: [String] = []
    /// Whether the person asked to leave; what is typed after that is ignored.
    package private(set) var wantsToQuit = false
    /// While the outbox is held: the last number that the log may have already, and whether entries that would tell are
    /// gone.
    var heldThrough: OutboxNumber = 0
    var isCutWhileHeld = false
    /// Entries of the inbox were removed, or read by another device, that this client did not see.
    var inboxIsCut = false
    /// How far the last line of one's own has got, as it was asked last.
    package internal(set) var delivery: Delivery?
    /// A log is not followed any more that has receipts of ours: a new login tells which requests are done.
    var mustReturn = false
    /// What of the state is not kept yet.
    package internal(set) var unsaved = Unsaved.nothing

    private var events: [ClientEvent] = []
    private var nextEvent = 0

    /// - Parameters:
    ///   - name: as typed.
    ///   - incarnation: drawn at random; an earlier run's counts instead, where there is one.
    ///   - history: how many earlier messages to show on joining.
    ///   - former: what an earlier run of the same name left.
    ///   - language: what it says to the person is said in.
    package init(
        name: String, incarnation: UInt64, history: Int, former: StoredClient? = nil, language: Language = .english
    ) {
        self.name = name
        self.incarnation = former?.incarnation ?? incarnation
        self.history = history
        self.language = language
        logs = FollowedLogs(former: former?.positions ?? [])
        identities = OwnIdentities(known: former?.identities ?? [])
        ignored = former?.ignored ?? []
        outbox = former?.outbox ?? Outbox()
        formerNumber = former?.isOfThisRun == true ? 0 : outbox.lastNumber
        for text in outbox.items.filter({ $0.number <= formerNumber }).map(\.typed) {
            emit(.notice(text: language.chat.sentFromLastTime(text)))
        }
    }

    // MARK: What can be asked at any time

    /// What to log in with now.
    package var login: LoginRequest {
        LoginRequest(
            name: name, incarnation: incarnation, history: history, cursor: logs.roomCursor,
            wantsHistoryAgain: logs.room == nil)
    }

    /// How many requests wait for their receipt, and lines for their turn.
    package var unsentCount: Int { outbox.count + held.count }

    /// Whether another line can be entered; while false, stop reading.
    package var canAccept: Bool {
        !outbox.isFull && !questions.isFull && held.count < ChatLimits.heldLines && !wantsToQuit
    }

    /// What is to be kept for the next run.
    var stored: StoredClient {
        StoredClient(
            incarnation: incarnation, outbox: outbox, identities: identities.known, positions: logs.positions,
            ignored: ignored)
    }

    /// The same, and from here on it counts as kept.
    package mutating func takeStored() -> StoredClient {
        unsaved = .nothing
        return stored
    }

    // MARK: What the person does

    /// Takes one typed line: a text for the room, a command, or `QUIT`.
    ///
    /// What asks about earlier lines, or means one by its place, waits until they are settled, and what follows it waits
    /// with it: a script need not.
    package mutating func enter(_ line: String) {
        guard !wantsToQuit else { return }
        let intent = ClientIntent(line: line)
        if case .quit = intent { return quit() }
        if case .command(let command, _) = intent, command.name == "quit" { return quit() }
        guard held.isEmpty, canRun(intent) else {
            guard held.count < ChatLimits.heldLines else {
                return emitError(.outboxFull, Phrase { $0.chat.outboxFull })
            }
            return held.append(line)
        }
        run(intent, line)
    }

    /// Runs what waited for its turn.
    mutating func runHeld() {
        while let line = held.first {
            let intent = ClientIntent(line: line)
            guard canRun(intent) else { return }
            held.removeFirst()
            run(intent, line)
        }
    }

    private func canRun(_ intent: ClientIntent) -> Bool {
        guard case .command(let command, let arguments) = intent, command.waits(arguments) else { return true }
        return isCaughtUp && outbox.count == 0
    }

    private mutating func run(_ intent: ClientIntent, _ line: String) {
        do throws(CommandFault) {
            switch intent {
            case .nothing: break
            case .say(let text): try send(.say(text), typed: line)
            case .quit: quit()
            case .command(let command, let arguments): try run(command, arguments, line)
            case .refused(let code, let sentence): throw .refused(code, sentence)
            }
        } catch {
            switch error {
            case .refused(let code, let sentence): emitError(code, sentence)
            case .usage: break
            }
        }
    }

    private mutating func run(_ command: Command, _ arguments: String, _ line: String) throws(CommandFault) {
        typedLine = line
        do throws(CommandFault) {
            try command.handler(&self, arguments)
        } catch {
            if case .usage = error {
                throw .refused(.usage, Phrase { $0.chat.usage(command.usage, example: command.example) })
            }
            throw error
        }
    }

    /// The line that is being obeyed.
    private var typedLine = ""

    /// Gives a request its number; it goes out as soon as it can.
    mutating func send(_ request: ClientRequest, typed: String? = nil) throws(CommandFault) {
        guard outbox.append(request, typed: typed ?? typedLine) else {
            throw .refused(.outboxFull, Phrase { $0.chat.outboxFull })
        }
        unsaved = .beforeSending
    }

    mutating func quit() {
        wantsToQuit = true
    }

    /// What waits is given up: no later run says it.
    package mutating func forgetWaiting() {
        _ = outbox.retire(through: outbox.lastNumber)
        held.removeAll()
        unsaved = max(unsaved, .soon)
    }

    /// The stored outbox at the server is beyond what this one ever numbered: the client's state is an old copy. What
    /// waits here was said by the newer one. Everything goes on under a new incarnation.
    package mutating func beginAnew(incarnation: UInt64) {
        for item in outbox.retire(through: outbox.lastNumber) { tell(item, nil) }
        outbox = Outbox()
        identities = OwnIdentities()
        self.incarnation = incarnation
        link = .away
        unsaved = .beforeSending
    }

    // MARK: Output

    /// The next event to show; nil when nothing is left.
    package mutating func pollEvent() -> ClientEvent? {
        guard nextEvent < events.count else {
            events.removeAll(keepingCapacity: events.count <= ChatLimits.waitingEntries)
            nextEvent = 0
            return nil
        }
        defer { nextEvent += 1 }
        return events[nextEvent]
    }

    /// The next control request to send; nil when nothing is left, or while the server is away.
    package mutating func pollRequest() -> ClientRequest? {
        if case .away = link { return nil }
        if owesFollow {
            owesFollow = false
            return .follow(logs.positions.filter { $0.log != .room })
        }
        if let place = typingPlace {
            typingPlace = nil
            return .typing(in: place)
        }
        return questions.pollRequest()
    }

    /// A new connection: the server is to be told how far the client has its logs.
    mutating func oweFollow() {
        owesFollow = true
    }

    /// Whether the link is to be made anew; asked once for each time.
    package mutating func takeMustReturn() -> Bool {
        defer { mustReturn = false }
        return mustReturn
    }

    /// The next question that the owner of the link has to answer.
    package mutating func pollOwnerQuestion() -> OwnerQuestion? {
        ownerQuestions.isEmpty ? nil : ownerQuestions.removeFirst()
    }

    mutating func emit(_ event: ClientEvent) {
        events.append(event)
    }

    mutating func emitError(_ code: ErrorCode, _ phrase: Phrase) {
        emit(.error(code: code, text: phrase.text(in: language)))
    }
}
