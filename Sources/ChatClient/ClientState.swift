package import ChatProtocol

/// What one client knows: where it stands in the room's log, what it has typed that is not confirmed, and who is here.
///
/// A value without I/O. Inputs are calls; events to show come out of `pollEvent`, control requests out of
/// `pollRequest`, lines out of `outbox`. All three are drained after each input.
///
///     away --connected--> arriving --member list complete--> present
///      ^                      |                                 |
///      +-----disconnected-----+-----------disconnected----------+
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
        var entries: [(number: EntryNumber, entry: LogEntry)] = []
    }

    private let name: String
    private let incarnation: UInt64
    private let history: Int

    var link = Link.away
    /// Nil until the first join was shown: before that the client has nothing to go on from.
    var timeline: Timeline?
    var identities = OwnIdentities()
    var lists = MemberLists()

    /// The lines without a receipt.
    package internal(set) var outbox = Outbox()
    /// Who is in the room as far as was shown, the client included; for completion of names.
    package internal(set) var members: [String] = []
    /// Whether the person asked to leave; what is typed after that is ignored.
    package private(set) var wantsToQuit = false

    private var events: [ClientEvent] = []
    private var nextEvent = 0

    /// - Parameters:
    ///   - name: as typed.
    ///   - incarnation: drawn at random once per process.
    ///   - history: how many earlier messages to show on joining.
    package init(name: String, incarnation: UInt64, history: Int) {
        self.name = name
        self.incarnation = incarnation
        self.history = history
    }

    // MARK: What can be asked at any time

    /// What to log in with now.
    package var login: LoginRequest {
        LoginRequest(name: name, incarnation: incarnation, history: history, cursor: timeline?.cursor)
    }

    /// How many lines wait for their receipt.
    package var unsentCount: Int { outbox.count }

    /// Whether another line can be entered; while false, stop reading.
    package var canAccept: Bool { !outbox.isFull && !lists.isFull && !wantsToQuit }

    // MARK: What the person does

    /// Takes one typed line: a text for the room, a command, or `QUIT`.
    package mutating func enter(_ line: String) {
        guard !wantsToQuit else { return }
        switch ClientIntent(line: line) {
        case .nothing: break
        case .say(let text): if !outbox.append(text) { emitError(.outboxFull, .outboxFull) }
        case .quit: wantsToQuit = true
        case .command(let command, let arguments): run(command, arguments)
        case .refused(let code, let sentence): emitError(code, sentence)
        }
    }

    private mutating func run(_ command: Command, _ arguments: String) {
        switch command.action {
        case .quit: wantsToQuit = true
        case .help: help(arguments)
        case .list:
            guard arguments.isEmpty else { return emitError(.usage, .noArgument(command.name)) }
            if !lists.ask() { emitError(.outboxFull, .tooManyLists) }
        }
    }

    /// Explains all commands, or the one that is named, with or without its sign.
    private mutating func help(_ arguments: String) {
        let word = String(arguments.split(whereSeparator: \.isWhitespace).first ?? "")
        if word.isEmpty {
            for line in CommandTable.helpLines { emit(.notice(text: line)) }
            return
        }
        let bare = word.hasPrefix(":") || word.hasPrefix("/") ? String(word.dropFirst()) : word
        guard let command = CommandTable.command(named: bare) else {
            return emitError(.unknownCommand, .unknownCommand(word.cut(toBytes: ChatLimits.nameBytes)))
        }
        emit(.notice(text: command.helpLine))
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
        switch link {
        case .away: nil
        case .arriving, .present: lists.pollRequest()
        }
    }

    mutating func emit(_ event: ClientEvent) {
        events.append(event)
    }

    mutating func emitError(_ code: ErrorCode, _ sentence: Sentence) {
        emit(.error(code: code, text: sentence.english))
    }
}
