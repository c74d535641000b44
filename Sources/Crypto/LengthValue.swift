/// Unambiguous concatenation, as CPace defines it (draft-irtf-cfrg-cpace-21, appendix A).
package enum LengthValue {
    /// The most bytes that a length in front of a string takes: LEB128 of 64 bits.
    package static let maximumLengthBytes = 10

    /// A length as LEB128: seven bits a byte, the lowest first, the top bit set on all but the last.
    ///
    /// - Parameter count: not negative.
    package static func length(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = UInt(count)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
        return bytes
    }

    /// `prepend_len`: the string behind its length.
    package static func prepend(_ bytes: [UInt8]) -> [UInt8] {
        length(bytes.count) + bytes
    }

    /// `lv_cat`: each string behind its length; two different lists never give the same bytes.
    package static func cat(_ parts: [UInt8]...) -> [UInt8] {
        var joined: [UInt8] = []
        for part in parts { joined += prepend(part) }
        return joined
    }

    /// `o_cat`: both strings, the larger in byte order first, behind "oc"; either order of arguments gives the same.
    package static func orderedCat(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        let firstIsLarger = second.lexicographicallyPrecedes(first)
        return Array("oc".utf8) + (firstIsLarger ? first + second : second + first)
    }
}
