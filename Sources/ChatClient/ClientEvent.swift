package import Basics
package import ChatProtocol

/// Where something was said, as it is shown.
package enum ShownPlace: Hashable, Sendable {
    case room(String)
    case group(String)
    /// Between two people: the one it went to.
    case person(String)
}

/// A line to read, as it is shown.
package struct ShownLine: Hashable, Sendable {
    /// The number of its entry: grows in the order of its log.
    package var id: EntryNumber
    package var from: String
    package var text: String
    package var time: WallTime
    /// Told in the third person.
    package var isAction = false
    /// The line that it answers.
    package var replyTo: EntryNumber?
    /// How that line begins; empty where it is not known.
    package var quote = ""
    /// It names the one who reads it.
    package var isMention = false
    /// It is older than the joining, or was asked for: nothing that happens now.
    package var isHistory = false
    /// It was searched for.
    package var isFound = false

    package init(id: EntryNumber, from: String, text: String, time: WallTime) {
        self.id = id
        self.from = from
        self.text = text
        self.time = time
    }
}

/// What is done to an earlier line, as it is shown.
package struct ShownMark: Hashable, Sendable {
    /// The number of its own entry.
    package var id: EntryNumber
    /// The line that is meant.
    package var target: EntryNumber
    package var from: String
    package var time: WallTime
    package var place: ShownPlace
    package var isHistory = false
    /// How the line that is meant begins; empty where it is not known.
    package var quote = ""

    package init(id: EntryNumber, target: EntryNumber, from: String, time: WallTime, place: ShownPlace) {
        self.id = id
        self.target = target
        self.from = from
        self.time = time
        self.place = place
    }
}

/// What an operator did, as it is shown.
package struct ShownModeration: Hashable, Sendable {
    package var action: Moderation
    package var by: String
    /// The person, address or block; empty where it is about the room.
    package var name: String
    /// How long it lasts; 0 without end.
    package var seconds: UInt32
    /// The reason; may be empty.
    package var text: String

    package init(action: Moderation, by: String, name: String, seconds: UInt32, text: String) {
        self.action = action
        self.by = by
        self.name = name
        self.seconds = seconds
        self.text = text
    }
}

/// Who has a line, as it is shown.
package struct ShownReceipts: Hashable, Sendable {
    /// The line.
    package var id: EntryNumber
    /// How many people should have it.
    package var total: UInt32
    /// How many of them do not yet.
    package var missingCount: UInt32
    /// Their names, as many as fit.
    package var missing: [String]

    package init(id: EntryNumber, total: UInt32, missingCount: UInt32, missing: [String]) {
        self.id = id
        self.total = total
        self.missingCount = missingCount
        self.missing = missing
    }
}

/// What a client shows, one case per event of its output.
package enum ClientEvent: Hashable, Sendable {
    /// In the room, as `name`; `members` are all who are there, the client included.
    case connected(name: String, server: String, room: String, members: [String])
    /// Somebody said a line in the room, in a group, or to one person.
    case message(ShownLine, in: ShownPlace)
    /// The server's receipt for a line of one's own, once for each line. `id` and `time` are nil when the line is
    /// stored but its entry is no longer kept.
    case sent(id: EntryNumber?, text: String, time: WallTime?, in: ShownPlace)
    /// A line has another text from here on.
    case edited(ShownMark, text: String)
    /// A line was taken back.
    case deleted(ShownMark)
    /// Somebody marked a line; an empty sign takes the mark back.
    case reaction(ShownMark, sign: String)
    /// Somebody else came in.
    case joined(name: String)
    /// Somebody else is gone.
    case left(name: String, reason: LeaveReason)
    /// Somebody goes by another name.
    case renamed(from: String, to: String)
    /// What the room or a group is about; `by` is nil for what was said before the joining.
    case topic(text: String, by: String?, in: ShownPlace)
    /// Somebody is away, or back when the text is empty.
    case away(name: String, text: String)
    /// An operator did something.
    case moderated(ShownModeration)
    /// Something happened to a group; `person` is the other person, where there is one.
    case membership(group: String, action: GroupAction, by: String, person: String)
    /// Who is in the room, or in a group.
    case members(names: [String], group: String? = nil)
    /// Who is in the room, with their links.
    case people([Presence])
    /// Which groups there are.
    case groups([GroupSummary])
    /// Who has a line.
    case seen(ShownReceipts, in: ShownPlace)
    /// Somebody is writing.
    case typing(name: String, in: ShownPlace)
    /// A sentence from the server or the client.
    case notice(text: String)
    /// Something that was asked for did not happen.
    case error(code: ErrorCode, text: String)
    /// What stands on the screen is to go.
    case cleared
    /// The server is away.
    case disconnected(reason: String)
    /// Attempt number `attempt` (from 1) to reach the server; `remaining` is how long it will be tried.
    case reconnecting(attempt: Int, remaining: Duration)
    /// Back, and everything that was missed has been shown: `missed` messages of others.
    case resumed(missed: Int)
    /// The last event.
    case bye(reason: String)
}
