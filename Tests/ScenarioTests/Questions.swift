import Basics
import ChatClient
import ChatProtocol
import Simulation

/// Questions that several tests ask a simulated world.
extension SimulatedChat {
    /// Runs until all of these are in the room.
    mutating func settleIn(_ labels: String..., within duration: Duration = .seconds(30)) -> Bool {
        run(within: duration) { chat in labels.allSatisfy { chat.isOnline($0) } }
    }

    /// When the person was first told that `name` is gone, and why; nil when they were not.
    func departure(of name: String, toldTo label: String) -> (time: Duration, reason: LeaveReason)? {
        for shown in events(of: label) {
            if case .left(name, let reason) = shown.event { return (shown.time, reason) }
        }
        return nil
    }

    /// The words of the errors that the person was shown.
    func errors(of label: String) -> [ErrorCode] {
        events(of: label).compactMap { shown in
            if case .error(let code, _) = shown.event { code } else { nil }
        }
    }

    /// How many notices with these words the person was shown.
    func notices(of label: String, containing words: String) -> Int {
        events(of: label).count { shown in
            if case .notice(let text) = shown.event { text.contains(words) } else { false }
        }
    }

    /// How often the person's client said that it is in.
    func joins(of label: String) -> Int {
        events(of: label).count { shown in
            if case .connected = shown.event { true } else { false }
        }
    }

    /// How often the person's client said that it is back.
    func resumptions(of label: String) -> Int {
        events(of: label).count { shown in
            if case .resumed = shown.event { true } else { false }
        }
    }

    /// How many comings and goings of `name` the person was shown.
    func crossings(of name: String, toldTo label: String) -> Int {
        events(of: label).count { shown in
            switch shown.event {
            case .joined(name), .left(name, _): true
            default: false
            }
        }
    }

    /// What was sent from an address, by the first byte, which tells the type.
    func sent(_ type: WireType, from source: SocketAddress) -> [RecordedDatagram] {
        wireRecord.filter { $0.datagram.source == source && $0.datagram.bytes.first == type.rawValue }
    }

    /// What the server sent, by type.
    func answers(_ type: WireType) -> [RecordedDatagram] {
        sent(type, from: Self.serverAddress)
    }
}

/// The first byte of a datagram.
enum WireType: UInt8 {
    case data = 0x80
    case hello = 0xc1
    case serverHello = 0xc3
    case finish = 0xc4
    case verdict = 0xc5
    case reject = 0xc6
    case resume = 0xc8
    case resumeAnswer = 0xc9
}

extension RecordedDatagram {
    /// The session identifier that an M1 names.
    var sessionID: [UInt8] { Array(datagram.bytes[13..<45]) }
}

/// How to see a world again that a test has built.
func replay(_ chat: borrowing SimulatedChat) -> String {
    chat.violation?.description ?? "nothing was violated in the world of seed \(chat.seed)"
}
