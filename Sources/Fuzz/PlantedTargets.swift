import Basics

extension FuzzTarget {
    /// A decoder that believes a length: a number in front says how many bytes follow, and may lie.
    ///
    /// It shows that a broken property is found and reported; it is no part of the product's decoders.
    static let plantedFault = FuzzTarget(
        "planted-fault", "shows how a broken property is reported", limit: 64, sample: makeBlock
    ) { (input) throws(FuzzFault) -> Bool in
        guard let length = input.first else { return false }
        guard Int(length) <= input.count - 1 else {
            throw FuzzFault("\(length) bytes promised, \(input.count - 1) there")
        }
        return true
    }

    /// The same fault in a decoder that does not check at all, so that the process traps.
    static let plantedTrap = FuzzTarget(
        "planted-trap", "shows how a crash is reported", limit: 64, sample: makeBlock
    ) { (input) throws(FuzzFault) -> Bool in
        guard let length = input.first else { return false }
        return input[Int(length)] != 0xff
    }

    @Sendable private static func makeBlock(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.putBlock(random.bytes(.random(in: 1...40, using: &random)))
        return bytes
    }
}
