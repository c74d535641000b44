package import Basics

/// What a client asks for when it logs in. It travels sealed in M3, so it is small: at most 380 bytes.
///
///     name text | incarnation 8 | history 2 | has cursor 1 | (epoch 8 | number 8 | again 1)
///     | has answer 1 | (answer 80)
package struct LoginRequest: Hashable, Sendable, WireValue {
    /// The name as typed; the server prepares it.
    package var name: String
    /// Drawn at the start of the client's process: together with the device key it names the session.
    package var incarnation: UInt64
    /// How many earlier messages to show on a first join: 0...`ChatLimits.historyOnLogin`.
    package let history: Int
    /// How far the client has the room's log; nil on a first join.
    package var cursor: LogCursor?
    /// Whether the history is to be shown again, although there is a cursor: a later run of the same client begins with
    /// an empty screen. False where there is no cursor.
    package let wantsHistoryAgain: Bool
    /// Whether the client was in the room before, in this run of its program.
    package var continuesRun: Bool { cursor != nil && !wantsHistoryAgain }
    /// The answer to the challenge of an earlier refusal; nil where there was none.
    package var answer: AccountAnswer?

    /// - Parameter history: values outside 0...`ChatLimits.historyOnLogin` are moved to the nearer end.
    package init(
        name: String, incarnation: UInt64, history: Int, cursor: LogCursor? = nil, wantsHistoryAgain: Bool = false
    ) {
        self.wantsHistoryAgain = wantsHistoryAgain && cursor != nil
        self.name = name
        self.incarnation = incarnation
        self.history = min(max(0, history), ChatLimits.historyOnLogin)
        self.cursor = cursor
    }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        name = try bytes.takeText(limit: ChatLimits.requestedNameBytes, field: "name")
        incarnation = try bytes.take(UInt64.self)
        history = Int(try bytes.take(UInt16.self))
        guard history <= ChatLimits.historyOnLogin else { throw .invalid(field: "history") }
        if try bytes.takeFlag(field: "cursor") {
            let epoch = LogEpoch(rawValue: try bytes.take(UInt64.self))
            cursor = LogCursor(epoch: epoch, number: try bytes.take(UInt64.self))
            wantsHistoryAgain = try bytes.takeFlag(field: "again")
        } else {
            wantsHistoryAgain = false
        }
        answer = try bytes.takeFlag(field: "answer") ? try AccountAnswer(from: &bytes) : nil
        try bytes.expectEnd()
    }

    /// The request's bytes. A name above `ChatLimits.requestedNameBytes` is cut there: it is still far too long, so
    /// the answer stays the true one, `name-invalid`.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.putText(name.cut(toBytes: ChatLimits.requestedNameBytes))
        bytes.put(incarnation)
        bytes.put(UInt16(history))
        bytes.putFlag(cursor != nil)
        if let cursor {
            bytes.put(cursor.epoch.rawValue)
            bytes.put(cursor.number)
            bytes.putFlag(wantsHistoryAgain)
        }
        bytes.putFlag(answer != nil)
        answer?.put(into: &bytes)
        return bytes
    }
}
