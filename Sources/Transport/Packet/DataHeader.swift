package import Basics
package import Crypto

/// The unencrypted front of a data packet. It is authenticated with the packet.
///
///     to the server   flags 1 | connection ID 8 | packet number 4
///     to the client   flags 1 | packet number 4
///
/// The packet number is hidden on the wire, exclusive-or a mask that is made of the ciphertext: packets of one person from
/// two addresses have nothing in common.
///
/// A client has one session per socket, so its packets need no connection ID. Bit 0 of the flags is the key phase; the
/// others are fixed, and a datagram with other ones is none of ours.
package struct DataHeader: Hashable, Sendable {
    package var destination: ConnectionID?
    /// The low 32 bits of the packet number; hidden as long as it stands so on the wire.
    package var truncatedNumber: UInt32
    /// Alternates with each key update: which of two keys sealed the packet.
    package var keyPhase: Bool

    package static let bytesToServer = 13
    package static let bytesToClient = 5
    /// The length of the packet number at the header's end.
    package static let numberBytes = 4

    package init(destination: ConnectionID?, number: UInt64, keyPhase: Bool = false) {
        self.destination = destination
        self.keyPhase = keyPhase
        truncatedNumber = UInt32(truncatingIfNeeded: number)
    }

    /// Reads the header off a datagram that a server (`hasDestination`) or a client received.
    package init(parsing datagram: Span<UInt8>, hasDestination: Bool) throws(WireError) {
        var input = datagram
        let flags = try input.take(UInt8.self)
        guard flags & ~PacketType.keyPhaseBit == PacketType.data.rawValue else { throw .invalid(field: "flags") }
        keyPhase = flags & PacketType.keyPhaseBit != 0
        destination = hasDestination ? ConnectionID(rawValue: try input.take(UInt64.self)) : nil
        truncatedNumber = try input.take(UInt32.self)
    }

    package func emit(into bytes: inout [UInt8]) {
        bytes.append(PacketType.data.rawValue | (keyPhase ? PacketType.keyPhaseBit : 0))
        if let destination { bytes.put(destination.rawValue) }
        bytes.put(truncatedNumber)
    }

    /// Hides the packet number of a sealed packet.
    ///
    /// - Parameter headerCount: length of the header that the packet begins with.
    package static func hideNumber(in packet: inout [UInt8], headerCount: Int, with key: PacketKey) {
        guard headerCount >= numberBytes, headerCount <= packet.count,
            var mask = key.mask(for: packet.span.extracting(droppingFirst: headerCount))
        else { return }
        for index in headerCount - numberBytes..<headerCount {
            packet[index] ^= UInt8(truncatingIfNeeded: mask >> 24)
            mask <<= 8
        }
    }

    /// Finds the packet number of a header that was read off a packet as it came.
    ///
    /// - Returns: false when the packet is too short to be one.
    package mutating func revealNumber(of packet: Span<UInt8>, with key: PacketKey) -> Bool {
        guard packet.count >= count, let mask = key.mask(for: packet.extracting(droppingFirst: count)) else {
            return false
        }
        truncatedNumber ^= mask
        return true
    }

    /// How many bytes the header takes.
    package var count: Int {
        destination == nil ? Self.bytesToClient : Self.bytesToServer
    }
}
