import Basics
import ChatDomain
import ChatProtocol
import LineEditing
import ProgramFrame
import Sentences
import SocketIO
import TextSafety

/// The server's output for people. Whatever comes from peers is made visible: it can't move the cursor or forge a line.
struct TextRenderer: Sendable {
    private var words: any ServerSentences
    /// From a moment to what the clocks here show.
    private let civilTime: @Sendable (WallTime) -> CivilTime
    private var screen: any ScreenSentences
    var timestamps = Timestamps.short
    /// How names are coloured.
    var people = PersonColour.none

    init(_ language: Language, civilTime: @escaping @Sendable (WallTime) -> CivilTime = { CivilTime(local: $0) }) {
        words = language.server
        screen = language.screen
        self.civilTime = civilTime
    }

    /// Tells people in another language from now on.
    mutating func speak(_ language: Language) {
        words = language.server
        screen = language.screen
    }

    /// - Parameter wall: when it happened, where the news does not say it.
    /// - Returns: whole lines, each with its end.
    func render(_ news: ServerNews, at wall: WallTime) -> String {
        switch news {
        case .listening(let listening): start(listening, at: wall)
        case .room(let observation): line(observation, at: wall)
        case .notice(_, let text): text + "\n"
        case .stopping: stamp(wall) + words.stops + "\n"
        }
    }

    /// The day of a moment, as the lines have it.
    func day(of wall: WallTime) -> String { civilTime(wall).date }

    private func start(_ listening: Listening, at wall: WallTime) -> String {
        let now = civilTime(wall)
        var lines = ["\(now.date) \(now.clock)"]
        let addresses = listening.reachable.isEmpty ? [listening.address] : listening.reachable
        lines += [
            words.reachable(listening.server, at: addresses.map(\.hostText), port: listening.address.port),
            words.key(listening.fingerprint), words.invite(listening.invite),
            screen.data(listening.data),
            words.listening(listening.address.description),
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ observation: RoomObservation, at wall: WallTime) -> String {
        switch observation {
        case .message(_, let from, let text, let time):
            let plain = "\(stamp(time))\(VisibleText.forTerminal(from)): "
            return message("\(stamp(time))\(person(from)): ", width: VisibleText.width(plain), text)
        case .group(_, let group, let from, let text, let time):
            let place = "\(stamp(time))(\(VisibleText.forTerminal(group))) "
            let width = VisibleText.width("\(place)\(VisibleText.forTerminal(from)): ")
            return message("\(place)\(person(from)): ", width: width, text)
        case .personal(_, let from, let to, let time):
            // What two people say to each other is not for the console.
            return "\(stamp(time))\(words.personal(from, to))\n"
        case .joined(let name, let address):
            return "\(stamp(wall))\(words.joined(name, from: address.description))\n"
        case .left(let name, let reason):
            return "\(stamp(wall))\(words.left(name, reason))\n"
        case .renamed(let from, let to):
            return "\(stamp(wall))\(words.renamed(from, to))\n"
        case .moderated(let action, let by, let name, let seconds, let text):
            let act = action.summary(name: name, seconds: seconds, text: text)
            return "\(stamp(wall))\(words.ordered(by, act))\n"
        case .topic(let by, let text):
            return "\(stamp(wall))\(words.ordered(by, words.topicAct(text)))\n"
        case .refused(let name, let address, let reason):
            return "\(stamp(wall))\(words.refused(name, from: address.description, reason))\n"
        }
    }

    /// Further lines are indented, so that none passes for the beginning of another message.
    private func message(_ prefix: String, width: Int, _ text: String) -> String {
        let indent = "\n" + String(repeating: " ", count: width)
        return prefix + VisibleText.linesForTerminal(text).joined(separator: indent) + "\n"
    }

    private func stamp(_ time: WallTime) -> String {
        let civil = civilTime(time)
        return switch timestamps {
        case .long: "[\(civil.date) \(civil.clock)] "
        case .short: "[\(civil.clock)] "
        case .off: ""
        }
    }

    private func person(_ name: String) -> String {
        people.paint(VisibleText.forTerminal(name), name: name)
    }
}
