import Basics
import ChatDomain
import ChatProtocol
import SocketIO
import TextSafety

/// The server's output for people. Whatever comes from peers is made visible: it can't move the cursor or forge a line.
struct TextRenderer: Sendable {
    /// From a moment to what the clocks here show.
    var civilTime: @Sendable (WallTime) -> CivilTime = { CivilTime(local: $0) }

    /// - Parameter wall: when it happened, where the news does not say it.
    /// - Returns: whole lines, each with its end.
    func render(_ news: ServerNews, at wall: WallTime) -> String {
        switch news {
        case .listening(let listening): start(listening, at: wall)
        case .room(let observation): line(observation, at: wall)
        case .notice(_, let text): text + "\n"
        case .stopping: stamp(wall) + "The server stops.\n"
        }
    }

    private func start(_ listening: Listening, at wall: WallTime) -> String {
        let now = civilTime(wall)
        var lines = ["\(now.date) \(now.clock)"]
        let addresses = listening.reachable.isEmpty ? [listening.address] : listening.reachable
        let names = addresses.map(\.hostText).joined(separator: ", ")
        lines.append("Clients reach \(listening.server) at \(names), port \(listening.address.port)")
        lines.append("Key of this server: \(listening.fingerprint)")
        lines.append("Invite: \(listening.invite)")
        lines.append("Server is listening at \(listening.address)")
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ observation: RoomObservation, at wall: WallTime) -> String {
        switch observation {
        case .message(_, let from, let text, let time):
            return message("\(stamp(time))\(VisibleText.forTerminal(from)): ", text)
        case .group(_, let group, let from, let text, let time):
            return message(
                "\(stamp(time))(\(VisibleText.forTerminal(group))) \(VisibleText.forTerminal(from)): ", text)
        case .personal(_, let from, let to, let time):
            // What two people say to each other is not for the console.
            return "\(stamp(time))\(VisibleText.forTerminal(from)) wrote to \(VisibleText.forTerminal(to))\n"
        case .joined(let name, let address):
            return "\(stamp(wall))\(VisibleText.forTerminal(name)) joined from \(address)\n"
        case .left(let name, let reason):
            return "\(stamp(wall))\(VisibleText.forTerminal(name)) left (\(reason.rawValue))\n"
        case .renamed(let from, let to):
            return "\(stamp(wall))\(VisibleText.forTerminal(from)) is now \(VisibleText.forTerminal(to))\n"
        case .moderated(let action, let by, let name, let seconds, let text):
            let act = VisibleText.forTerminal(action.summary(name: name, seconds: seconds, text: text))
            return "\(stamp(wall))\(VisibleText.forTerminal(by)) ordered: \(act)\n"
        case .topic(let by, let text):
            let act = text.isEmpty ? "topic off" : "topic (\(VisibleText.forTerminal(text)))"
            return "\(stamp(wall))\(VisibleText.forTerminal(by)) ordered: \(act)\n"
        case .refused(let name, let address, let reason):
            let who = name.isEmpty ? "somebody" : VisibleText.forTerminal(name)
            return "\(stamp(wall))refused \(who) from \(address): \(reason.rawValue)\n"
        }
    }

    /// Further lines are indented, so that none passes for the beginning of another message.
    private func message(_ prefix: String, _ text: String) -> String {
        let indent = "\n" + String(repeating: " ", count: VisibleText.width(prefix))
        return prefix + VisibleText.linesForTerminal(text).joined(separator: indent) + "\n"
    }

    private func stamp(_ time: WallTime) -> String {
        "[\(civilTime(time).clock)] "
    }
}
