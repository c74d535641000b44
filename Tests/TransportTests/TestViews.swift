import Basics
package import Transport

extension OutgoingMessages {
    /// The next piece as its receiver reads it.
    mutating func nextPiece(
        room: Int, allowNew: Bool, from log: TestLog, at now: Instant = .origin
    ) -> MessageFragment? {
        var bytes: [UInt8] = []
        guard emitNext(into: &bytes, limit: room, allowNew: allowNew, from: log, at: now) != nil,
            case .message(let fragment)? = try? FrameTests.frames(of: bytes).first
        else { return nil }
        return fragment
    }
}

extension SentPackets {
    /// All packets that an acknowledgement names, oldest first.
    mutating func acknowledge(_ numbers: AcknowledgedNumbers) -> [SentPacket] {
        var packets: [SentPacket] = []
        var place = 0
        while let packet = removeNext(of: numbers, from: &place) { packets.append(packet) }
        return packets
    }
}

extension SentFrames: ExpressibleByArrayLiteral {
    package init(arrayLiteral frames: SentFrame...) {
        self.init()
        for frame in frames { append(frame) }
    }
}
