/// What other servers take for a delivery, as it was measured with their own programs: 100-byte messages over loopback on
/// a machine of two cores, server on one and load on the other, CPU of the server process. They are given here so that
/// ours can be read beside them; the tour does not measure them, and differences under a quarter mean nothing.
struct PeerFigures: Sendable {
    /// How many members are told a line, and how many lines are under way at once.
    struct Load: Hashable, Sendable {
        let members: Int
        let window: Int
    }

    let name: String
    /// In nanoseconds; what was not measured is missing.
    let perDelivery: [Load: Double]
    /// Memory of the server for a member, in words.
    let memory: String

    private init(_ name: String, one: [Double?], sixtyFour: [Double?], memory: String) {
        self.name = name
        var figures: [Load: Double] = [:]
        for (place, members) in Self.members.enumerated() {
            figures[Load(members: members, window: 1)] = one[place]
            figures[Load(members: members, window: 64)] = sixtyFour[place]
        }
        perDelivery = figures
        self.memory = memory
    }

    static let members = [100, 1_000, 5_000]
    static let windows = [1, 64]

    static let all = [
        PeerFigures("InspIRCd", one: [8_644, 8_455, 8_945], sixtyFour: [413, 422, 528], memory: "24 to 45 KiB"),
        PeerFigures("ngIRCd", one: [6_847, nil, nil], sixtyFour: [1_322, nil, nil], memory: "2.4 KiB"),
        PeerFigures("nats-server", one: [14_593, 12_855, 17_547], sixtyFour: [390, 511, 922], memory: "20 KiB"),
        PeerFigures(
            "mosquitto, QoS 0", one: [8_908, 13_395, 22_188], sixtyFour: [8_412, 12_260, 20_143], memory: "0.8 KiB"),
        PeerFigures("ENet", one: [6_699, 8_448, 10_930], sixtyFour: [725, 2_973, 3_789], memory: "0.2 KiB"),
    ]
}
