import ChatProtocol

/// The client's arguments, questions and ends. What comes from elsewhere is made harmless here.
package protocol ClientSentences: Sendable {
    // MARK: Help

    /// What stands behind the program's name.
    var helpOperands: String { get }
    /// What the program does; lines of at most 80 columns.
    var helpBegin: String { get }
    /// What else there is to know.
    var helpEnd: String { get }
    /// The help of `--name`.
    var helpName: String { get }
    /// The help of `--password-file`.
    var helpPasswordFile: String { get }
    /// The help of `--json`.
    var helpJSON: String { get }
    /// The help of `--history`.
    func helpHistory(usual: Int) -> String
    /// The help of `--reconnect`.
    var helpReconnect: String { get }
    /// The help of `--send`.
    var helpSend: String { get }
    /// The help of `--follow`.
    var helpFollow: String { get }
    /// The help of `--no-color`.
    var helpNoColour: String { get }
    /// The help of `--typing`.
    var helpTyping: String { get }
    /// The help of `--no-bell`.
    var helpNoBell: String { get }
    /// The help of `--timestamps`.
    var helpTimestamps: String { get }

    // MARK: Usage

    /// What an option takes.
    var expectsText: String { get }
    /// What `--history` takes.
    var expectsHistory: String { get }
    /// What `--reconnect` takes.
    var expectsSeconds: String { get }
    /// What `--timestamps` takes.
    var expectsTimestamps: String { get }
    /// Two options contradict each other.
    var sendAndFollow: String { get }
    /// The server's address is an empty text.
    var emptyServer: String { get }
    /// What has to be given.
    var needsPositions: String { get }
    /// Nobody can be asked for the name.
    var needsName: String { get }
    /// Nobody can be asked for the password.
    var needsPassword: String { get }
    /// The questions were left.
    var noAnswer: String { get }
    /// Too many or too few arguments.
    func wrongPositionCount(_ count: Int) -> String
    /// Too many or too few arguments, the first one an invite.
    func wrongCountWithInvite(_ count: Int) -> String
    /// An invite can't be used; `reason` is one of the three below.
    func badInvite(_ text: String, _ reason: String) -> String
    /// What is wrong with an invite.
    var inviteAddress: String { get }
    /// What is wrong with an invite.
    var invitePort: String { get }
    /// What is wrong with an invite.
    var inviteFingerprint: String { get }
    /// No port of a server.
    func wrongServerPort(_ value: String) -> String
    /// No port of a client.
    func wrongClientPort(_ value: String) -> String

    // MARK: Questions

    /// Asks for the server.
    var askServer: String { get }
    /// Asks for the server's port.
    var askServerPort: String { get }
    /// Asks for this machine's port.
    var askClientPort: String { get }
    /// Asks for the name.
    var askName: String { get }
    /// Asks for the room password.
    var askPassword: String { get }
    /// The room password was wrong, and is asked for again.
    var tryPasswordAgain: String { get }
    /// Asks for the personal password.
    func askPersonalPassword(_ name: String) -> String
    /// Asks for a new personal password.
    var choosePassword: String { get }
    /// Asks for it once more.
    var choosePasswordAgain: String { get }
    /// Two different ones were typed.
    var passwordsDiffer: String { get }
    /// No personal password was typed.
    var notRegistered: String { get }
    /// This machine's own addresses.
    func thisMachine(_ addresses: [String]) -> String

    // MARK: Ends and failures

    /// Nothing tells where files may lie.
    var noDataFolder: String { get }
    /// Standard output fails.
    var outputFailed: String { get }
    /// The program ends early.
    var leftUnconfirmed: String { get }
    /// The program ends before its input does.
    var restNotRead: String { get }
    /// `--send` failed.
    var notStored: String { get }
    /// A name that can't be used.
    func badName(_ name: String, _ reason: String) -> String
    /// A file makes no sense.
    func damaged(_ path: String) -> String
    /// The port is taken; another one is free, or none.
    func portInUse(_ port: UInt16, free: UInt16?) -> String
    /// No port of the usual ones is free.
    var noPortFree: String { get }
    /// Where the pinned key lies.
    func removePin(_ path: String) -> String
    /// A line without a receipt at the end.
    func notConfirmed(_ line: String) -> String
    /// The server's name leads nowhere.
    func noServer(_ reason: String) -> String
    /// What was kept could not be read.
    func damagedState(_ path: String) -> String
    /// What is typed can't be kept.
    func stateNotKept(_ reason: String) -> String
}
