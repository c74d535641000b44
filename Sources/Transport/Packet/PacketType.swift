/// The first byte of a datagram.
///
///     bit 7      always 1, so that no datagram of ours is taken for the ASCII text of the classic clients
///     bit 6      form: 1 handshake, 0 data
///     bits 5-0   handshake: the message's type; data: zero but for bit 0, the key phase
package enum PacketType: UInt8, Sendable {
    case hello = 0xc1
    case retry = 0xc2
    case serverHello = 0xc3
    case finish = 0xc4
    case verdict = 0xc5
    case reject = 0xc6
    case versions = 0xc7
    case resume = 0xc8
    case resumeAnswer = 0xc9
    case ticketRefusal = 0xca
    case data = 0x80

    /// The bit of a data packet's first byte that tells its key phase.
    package static let keyPhaseBit: UInt8 = 0x01

    /// - Returns: nil for a byte that starts no datagram of this version.
    package init?(firstByteOf datagram: Span<UInt8>) {
        guard datagram.count > 0 else { return nil }
        let isData = datagram[0] & ~Self.keyPhaseBit == PacketType.data.rawValue
        self.init(rawValue: isData ? PacketType.data.rawValue : datagram[0])
    }
}
