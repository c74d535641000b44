import Basics
import ChatDomain
import Sentences
import ServerCore
import SocketIO
import TextSafety

/// What the service manager and its journal hear.
extension ServerLoop {
    /// How the server is, in one line.
    var serviceStatus: String {
        let here = language.screen.here(count: core.memberCount, in: core.roomName)
        return VisibleText.forLog("\(words.listening(socket.localAddress.description)); \(here)")
    }

    /// Everything is there: the socket is bound, the history is read, the keys are kept.
    mutating func beginService() {
        guard service.isService else { return }
        log.write(.info, words.listening(socket.localAddress.description))
        service.ready(serviceStatus)
    }

    /// Gives the sign of life that is due.
    mutating func serveManager(at now: Instant) {
        guard let due = service.deadline, due <= now else { return }
        service.giveSign(at: now, serviceStatus)
    }

    mutating func endService() {
        guard service.isService else { return }
        log.write(.info, language.service.stops)
        service.stopping(language.service.stops)
    }

    /// The journal of a service tells who comes, who goes and who is refused. What is said there it never tells.
    mutating func logLife(_ observation: RoomObservation) {
        guard service.isService else { return }
        switch observation {
        case .joined(let name, let address): log.write(.info, words.joined(name, from: address.description))
        case .left(let name, let reason): log.write(.info, words.left(name, reason))
        case .renamed(let from, let to): log.write(.info, words.renamed(from, to))
        case .moderated(let action, let by, let name, let seconds, let text):
            log.write(.info, words.ordered(by, action.summary(name: name, seconds: seconds, text: text)))
        case .refused(let name, let address, let reason):
            log.write(.warning, words.refused(name, from: address.description, reason))
        case .message, .group, .personal, .topic: return
        }
    }
}
