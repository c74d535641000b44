import ChatDomain
import Transport

/// What the loop counts, for `:stats`.
struct LoopCounters: Hashable {
    /// Datagrams.
    var received: UInt64 = 0
    /// Datagrams.
    var sent: UInt64 = 0
    var messages: UInt64 = 0
    var refusals: UInt64 = 0

    mutating func note(_ observation: RoomObservation) {
        switch observation {
        case .message, .group, .personal: messages += 1
        case .refused: refusals += 1
        case .joined, .left, .renamed: break
        }
    }

    func text(members: Int, drops: DropCounters) -> String {
        TextTable.aligned([
            ["members", "\(members)"],
            ["messages", "\(messages)"],
            ["logins refused", "\(refusals)"],
            ["datagrams", "\(received) received, \(sent) sent"],
            [
                "dropped",
                "\(drops.foreign) foreign, \(drops.malformed) malformed, \(drops.unknown) of no connection, "
                    + "\(drops.unauthenticated) not authentic, \(drops.overLimit) over a limit",
            ],
        ])
    }
}
