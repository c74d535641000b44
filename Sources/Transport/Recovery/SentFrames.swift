/// What a sent packet carried that must arrive.
package enum SentFrame: Hashable, Sendable {
    /// The distance saturates, as one is remembered for each packet under way to each peer.
    case message(alias: UInt64, number: UInt64, index: UInt8, distance: UInt32)
    /// The first pieces of messages that follow each other without a gap: the numbers `after + 1`...`after + count`.
    case run(alias: UInt64, after: UInt64, count: UInt32)
    case ping
    /// How far held channels were taken, whichever they were.
    case taken
    case close
    /// Padding to a length that the path may not carry. Nothing is missing when it is lost.
    case sizeProbe
    /// A connection ID, by its sequence number.
    case newConnectionID(UInt64)
    /// A policy for acknowledgements, by its sequence number.
    case acknowledgementPolicy(UInt64)
}

/// What one packet carried that must arrive, in order.
///
/// One is remembered for each packet under way to each peer. Nearly all carry one message, or a run of messages, so that
/// one frame needs no memory of its own.
package struct SentFrames: Hashable, Sendable {
    package private(set) var first: SentFrame?
    private var rest: [SentFrame] = []

    package init() {}

    package var isEmpty: Bool { first == nil }

    package var count: Int { first == nil ? 0 : 1 + rest.count }

    /// - Parameter place: 0..<`count`.
    package subscript(place: Int) -> SentFrame? {
        switch place {
        case 0: first
        default: rest.indices.contains(place - 1) ? rest[place - 1] : nil
        }
    }

    package mutating func append(_ frame: SentFrame) {
        if first == nil {
            first = frame
        } else {
            rest.append(frame)
        }
    }

    /// Adds a piece of a message; one that goes on where the last frame ended makes a run with it.
    package mutating func append(alias: UInt64, number: UInt64, index: Int, distance: UInt64) {
        if index == 0, distance == 1, let run = last?.extended(alias: alias, to: number) {
            last = run
        } else {
            append(
                .message(
                    alias: alias, number: number, index: UInt8(clamping: index), distance: UInt32(clamping: distance)))
        }
    }

    private var last: SentFrame? {
        get { rest.last ?? first }
        set {
            guard let newValue else { return }
            if !rest.isEmpty {
                rest[rest.count - 1] = newValue
            } else {
                first = newValue
            }
        }
    }
}

extension SentFrame {
    /// This frame and the first piece of the next message as one; nil where they make no run.
    fileprivate func extended(alias: UInt64, to number: UInt64) -> SentFrame? {
        switch self {
        case .run(alias, let after, let count) where after + UInt64(count) + 1 == number && count < .max:
            .run(alias: alias, after: after, count: count + 1)
        case .message(alias, let former, 0, 1) where former + 1 == number:
            .run(alias: alias, after: former - 1, count: 2)
        default: nil
        }
    }
}
