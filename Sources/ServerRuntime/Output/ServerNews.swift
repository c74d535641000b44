package import Basics
package import ChatDomain

/// In which form the server tells what happens.
package enum OutputFormat: String, CaseIterable, Hashable, Sendable {
    /// For people.
    case text
    /// NDJSON, for programs.
    case json
}

/// What the server says on standard output.
package enum ServerNews: Hashable, Sendable {
    /// The first one.
    case listening(Listening)
    /// Something happened in the room.
    case room(RoomObservation)
    /// The answer to a line of the operator.
    case notice(command: String, text: String)
    /// The server stops.
    case stopping
}

/// How the server can be reached and recognised.
package struct Listening: Hashable, Sendable {
    package var address: SocketAddress
    /// Addresses that clients can use, where the one it is bound to is none.
    package var reachable: [SocketAddress]
    package var server: String
    package var room: String
    package var fingerprint: String
    /// What to pass on to people, see `Invite`.
    package var invite: String
    /// Where history and accounts lie; nil where nothing is kept.
    package var data: String?
}
