import Basics
import Crypto
import Testing

/// The algorithms that this machine can test.
private let algorithms = AEAD.allCases.filter(\.isAvailable)

@Suite struct PacketKeyTests {
    private static let header: [UInt8] = [0x81, 0, 0, 0, 0, 0, 0, 0, 9]
    private static let text = Array("See you at eight, bring the maps.".utf8)

    private func key(_ algorithm: AEAD, fill: UInt8 = 3) -> PacketKey {
        PacketKey(trafficSecret: secret(bytes(fill, 64)), algorithm: algorithm)
    }

    private func sealed(by key: PacketKey, number: UInt64 = 9) -> [UInt8] {
        var packet = Self.header + Self.text
        key.seal(&packet, headerCount: Self.header.count, packetNumber: number)
        return packet
    }

    private func opened(
        _ packet: [UInt8], by key: PacketKey, number: UInt64 = 9, headerCount: Int = header.count
    ) -> [UInt8]? {
        var plaintext = Array("what was there before".utf8)
        let isAuthentic = key.open(packet.span, headerCount: headerCount, packetNumber: number, into: &plaintext)
        #expect(isAuthentic || plaintext.isEmpty, "a refused packet leaves nothing")
        return isAuthentic ? plaintext : nil
    }

    @Test("what one side seals the other opens", arguments: algorithms, [0, 1, 15, 16, 17, 1_200, 16_384])
    func roundTrip(algorithm: AEAD, count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let text = random.bytes(count)
        var packet = Self.header + text
        key(algorithm).seal(&packet, headerCount: Self.header.count, packetNumber: .max)
        #expect(packet.count == Self.header.count + count + PacketKey.tagBytes)
        #expect(Array(packet.prefix(Self.header.count)) == Self.header, "the header stays readable")
        #expect(opened(packet, by: key(algorithm), number: .max) == text)
    }

    @Test("a packet without a header, and one that is nothing but header", arguments: algorithms)
    func headerExtremes(algorithm: AEAD) {
        var bare = Self.text
        key(algorithm).seal(&bare, headerCount: 0, packetNumber: 1)
        #expect(opened(bare, by: key(algorithm), number: 1, headerCount: 0) == Self.text)
        var empty = Self.header
        key(algorithm).seal(&empty, headerCount: empty.count, packetNumber: 1)
        #expect(opened(empty, by: key(algorithm), number: 1) == [])
    }

    @Test("a change of any bit is refused", arguments: algorithms)
    func tampering(algorithm: AEAD) {
        let key = key(algorithm)
        let packet = sealed(by: key)
        for index in packet.indices {
            for bit in 0..<8 {
                var changed = packet
                changed[index] ^= 1 << UInt8(bit)
                #expect(opened(changed, by: key) == nil, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test("a packet cut or lengthened anywhere is refused", arguments: algorithms)
    func wrongLengths(algorithm: AEAD) {
        let key = key(algorithm)
        let packet = sealed(by: key)
        for count in packet.indices { #expect(opened(Array(packet.prefix(count)), by: key) == nil) }
        #expect(opened(packet + [0], by: key) == nil)
        #expect(opened([], by: key) == nil)
    }

    @Test("another packet number is refused", arguments: algorithms)
    func wrongNumber(algorithm: AEAD) {
        let key = key(algorithm)
        let packet = sealed(by: key)
        for bit in 0..<64 { #expect(opened(packet, by: key, number: 9 ^ (1 << UInt64(bit))) == nil) }
    }

    @Test("another header length is refused, whatever it is", arguments: algorithms)
    func wrongHeaderCount(algorithm: AEAD) {
        let key = key(algorithm)
        let packet = sealed(by: key)
        for count in [-1, .min, 0, 8, 10, packet.count - 16, packet.count, packet.count + 1, .max] {
            #expect(opened(packet, by: key, headerCount: count) == nil, "\(count)")
        }
    }

    @Test("another key is refused", arguments: algorithms)
    func wrongKey(algorithm: AEAD) {
        #expect(opened(sealed(by: key(algorithm)), by: key(algorithm, fill: 4)) == nil)
    }

    @Test("each packet number gives another ciphertext", arguments: algorithms)
    func freshNonces(algorithm: AEAD) {
        let key = key(algorithm)
        let packets = Set((0..<1_000).map { sealed(by: key, number: $0) })
        #expect(packets.count == 1_000)
    }

    @Test("the key and the nonce come from the traffic secret as labelled", arguments: algorithms)
    func derivation(algorithm: AEAD) {
        let trafficSecret = secret(bytes(3, 64))
        let block = HKDF.expand(trafficSecret, info: Array("gaschat/1 packet".utf8), count: 60)
        let key = block.part(0..<32)
        var nonce = block.part(32..<44).revealed()
        for (index, byte) in [UInt8](arrayLiteral: 1, 2, 3, 4, 5, 6, 7, 8).enumerated() { nonce[4 + index] ^= byte }
        let expected = algorithm.seal(Self.text, header: Self.header, key: key, nonce: nonce)
        let packet = sealed(by: self.key(algorithm), number: 0x0102_0304_0506_0708)
        #expect(packet == Self.header + expected)
    }

    @Test("sealing and opening with enough room keep the buffers in place", arguments: algorithms)
    func noAllocation(algorithm: AEAD) {
        let key = key(algorithm)
        var packet: [UInt8] = []
        packet.reserveCapacity(2_000)
        packet += Self.header + Self.text
        var plaintext: [UInt8] = []
        plaintext.reserveCapacity(2_000)
        let before = (packet.capacity, address(of: packet), plaintext.capacity, address(of: plaintext))
        key.seal(&packet, headerCount: Self.header.count, packetNumber: 1)
        let isAuthentic = key.open(packet.span, headerCount: Self.header.count, packetNumber: 1, into: &plaintext)
        #expect(isAuthentic)
        #expect(before == (packet.capacity, address(of: packet), plaintext.capacity, address(of: plaintext)))
    }

    private func address(of bytes: [UInt8]) -> UInt {
        unsafe bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }

    @Test("a packet is sealed where it stands as it is in an array of its own", arguments: algorithms)
    func sealingInPlace(algorithm: AEAD) {
        var room = Self.header + Self.text + bytes(0xee, PacketKey.tagBytes)
        do {
            var packet = room.mutableSpan
            key(algorithm).seal(&packet, headerCount: Self.header.count, numberCount: 4, packetNumber: 9)
        }
        var alone = Self.header + Self.text
        key(algorithm).seal(&alone, headerCount: Self.header.count, numberCount: 4, packetNumber: 9)
        #expect(room == alone)
    }

    @Test("all of a key takes two cache lines, of which a packet needs one")
    func size() {
        #expect(PacketKey.recordBytes == 128)
    }

    @Test("a mask needs 16 bytes and depends on each of them and on no other")
    func maskSample() {
        let key = key(.chaCha20Poly1305)
        let sample = bytes(0x5c, 16)
        let mask = key.mask(for: sample.span)
        #expect(mask != nil && mask == key.mask(for: (sample + [1]).span))
        #expect(key.mask(for: sample.span.extracting(first: 15)) == nil)
        for index in sample.indices {
            var changed = sample
            changed[index] ^= 1
            #expect(key.mask(for: changed.span) != mask, "byte \(index)")
        }
    }

    @Test("updates of the key leave the mask as it is", arguments: algorithms)
    func maskOfSuccessors(algorithm: AEAD) {
        let sample = bytes(0x5c, 16)
        let next = key(algorithm).successor()
        #expect(key(algorithm).mask(for: sample.span) == next.mask(for: sample.span))
        #expect(key(algorithm).mask(for: sample.span) == next.successor().mask(for: sample.span))
        #expect(key(algorithm).mask(for: sample.span) != key(algorithm, fill: 4).mask(for: sample.span))
    }

    @Test("both sides reach the same next key, which is another one", arguments: algorithms)
    func successor(algorithm: AEAD) {
        let next = key(algorithm).successor()
        let packet = sealed(by: next)
        #expect(next.algorithm == algorithm)
        #expect(opened(packet, by: key(algorithm).successor()) == Self.text)
        #expect(opened(packet, by: key(algorithm)) == nil)
        #expect(opened(packet, by: next.successor()) == nil)
    }
}
