import Basics
import Crypto
import Testing

@testable import Transport

@Suite("Connection IDs")
struct ConnectionIDTests {
    private static let elsewhere = SocketAddress(host: .v4(0xc000_0207), port: 7777)
    private static let home = LoginWorld.address

    private static func id(_ datagram: [UInt8]) throws -> ConnectionID {
        try #require(try DataHeader(parsing: datagram.span, hasDestination: true).destination)
    }

    private static func ids(_ world: RoamingWorld, from address: SocketAddress) throws -> Set<ConnectionID> {
        Set(try world.observed.filter { $0.address == address }.map { try id($0.bytes) })
    }

    private static func grant(_ sequence: UInt64, id: UInt64? = nil, token: UInt8 = 0) -> ConnectionIDGrant {
        ConnectionIDGrant(
            sequence: sequence, id: ConnectionID(rawValue: id ?? 100 + sequence),
            resetToken: [UInt8](repeating: token, count: StatelessReset.tokenBytes))
    }

    /// A client that has its spare IDs and is about to move.
    private static func chattingWorld(seed: UInt64 = 1) throws -> RoamingWorld {
        var world = try RoamingWorld(seed: seed)
        for number in 0..<20 as Range<UInt8> {
            world.sayUp([number])
            world.sayDown([number])
            world.run(for: .milliseconds(100))
        }
        #expect(world.client.destinations.spares.count == Limits.spareConnectionIDs)
        return world
    }

    // MARK: Migration

    @Test("a client that binds its socket anew sends no packet from there under an ID that was seen before")
    func knownMove() throws {
        var world = try Self.chattingWorld()
        world.address = Self.elsewhere
        world.client.addressChanged(at: world.now)
        world.sayUp([100])
        world.run(for: .seconds(1))
        #expect(world.moves == [Self.elsewhere])
        let (before, after) = (try Self.ids(world, from: Self.home), try Self.ids(world, from: Self.elsewhere))
        #expect(before.count == 1 && after.count == 1 && before.isDisjoint(with: after))
        #expect(world.heardUp.last == [100] && world.closed.isEmpty)
        // The new path is measured, though the client says no more.
        #expect(world.client.path.hasSample && world.client.path.smoothed == .milliseconds(40))
    }

    @Test("a client that hears a path challenge answers it under another ID, and keeps that one")
    func challengedMove() throws {
        var world = try Self.chattingWorld()
        world.address = Self.elsewhere
        world.sayUp([100])
        world.run(for: .seconds(1))
        #expect(world.moves == [Self.elsewhere])
        let answered = world.observed.count
        for number in 0..<10 as Range<UInt8> {
            world.sayUp([number])
            world.run(for: .milliseconds(100))
        }
        let later = Set(try world.observed[answered...].map { try Self.id($0.bytes) })
        let before = try Self.ids(world, from: Self.home)
        #expect(later.count == 1 && later.isDisjoint(with: before))
        #expect(try Self.ids(world, from: Self.elsewhere).count == 2)
    }

    @Test("after silence to four probes what is sent has another ID, once for each silence")
    func silentMove() throws {
        var world = try Self.chattingWorld()
        let known = try Self.ids(world, from: Self.home)
        world.loss = 1
        world.sayUp([100])
        world.run(for: .seconds(5))
        world.address = Self.elsewhere
        world.loss = 0
        world.run(for: .seconds(5))
        #expect(world.heardUp.last == [100] && world.moves == [Self.elsewhere])
        let after = try Self.ids(world, from: Self.elsewhere)
        #expect(after.count == 1 && after.isDisjoint(with: known))
    }

    @Test("an observer finds nothing in common between the headers before and after, but the first byte")
    func observerCannotLink() throws {
        var world = try Self.chattingWorld(seed: 4)
        world.address = Self.elsewhere
        world.client.addressChanged(at: world.now)
        for number in 0..<20 as Range<UInt8> {
            world.sayUp([number])
            world.sayDown([number])
            world.run(for: .milliseconds(100))
        }
        let fronts = world.observed.filter { $0.bytes[0] & 0x80 != 0 && $0.bytes[0] & 0x40 == 0 }
        let before = fronts.filter { $0.address == Self.home }
        let after = fronts.filter { $0.address == Self.elsewhere }
        #expect(before.count >= 20 && after.count >= 20)
        let numbers = try (before + after).map {
            Int64(try DataHeader(parsing: $0.bytes.span, hasDestination: true).truncatedNumber)
        }
        // Numbers that count would differ by one.
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { abs($0 - $1) > 1000 })
        let windows = { (bytes: [UInt8]) in (1...9).map { Array(bytes[$0..<$0 + 4]) } }
        #expect(Set(before.flatMap { windows($0.bytes) }).isDisjoint(with: after.flatMap { windows($0.bytes) }))
    }

    @Test("the server hears the old ID until three probe time-outs after the new one, and then no more")
    func oldIDEnds() throws {
        for isLate in [false, true] {
            var world = try Self.chattingWorld()
            world.sayUp([100])
            let old = try #require(world.takeClientDatagrams().first)
            world.client.addressChanged(at: world.now)
            world.sayUp([101])
            world.run(for: .milliseconds(21))
            let timeout = try #require(world.world.server.path(of: world.peer)).probeTimeout
            world.run(for: isLate ? timeout * 3 : timeout)
            let unknown = world.world.server.drops.unknown
            let answers = world.deliver(old, from: Self.home)
            #expect(world.world.server.drops.unknown == unknown + (isLate ? 1 : 0))
            // A reset for an ID that is not in use any more ends nothing.
            for answer in answers { world.tell(answer.bytes) }
            #expect(world.client.isOpen)
        }
    }

    @Test("without spare IDs a client goes on under the one that it has")
    func exhaustion() throws {
        var world = try Self.chattingWorld()
        var seen: Set<ConnectionID> = []
        for number in 0..<10 as Range<UInt8> {
            world.client.addressChanged(at: world.now)
            world.sayUp([number])
            for datagram in world.takeClientDatagrams() { seen.insert(try Self.id(datagram)) }
        }
        #expect(seen.count == Limits.spareConnectionIDs)
        world.address = Self.elsewhere
        world.run(for: .seconds(5))
        #expect(world.heardUp.suffix(10) == (0..<10).map { [$0] })
        #expect(world.closed.isEmpty)
    }

    @Test("a client that moves all the time gets new IDs, and takes no more than four places in the table")
    func movesWithoutEnd() throws {
        var world = try Self.chattingWorld()
        var seen: Set<ConnectionID> = []
        for step in 0..<100 as Range<UInt16> {
            world.address = SocketAddress(host: Self.home.host, port: 10_000 + step)
            world.client.addressChanged(at: world.now)
            world.sayUp([UInt8(step)])
            world.run(for: .milliseconds(150))
            seen.formUnion(world.world.server.peers[world.peer]?.ids.live.map(\.id) ?? [])
            #expect(world.world.server.peers[world.peer]?.ids.live.count ?? 0 <= Limits.liveConnectionIDs)
        }
        #expect(world.heardUp.suffix(100) == (0..<100).map { [$0] })
        #expect(seen.count > 2 * Limits.liveConnectionIDs)
        let live = Set(world.world.server.peers[world.peer]?.ids.live.map(\.id) ?? [])
        for id in seen { #expect((world.world.server.peers.peer(under: id) != nil) == live.contains(id)) }
        world.world.server.peers.remove(world.peer)
        #expect(seen.allSatisfy { world.world.server.peers.peer(under: $0) == nil })
    }

    // MARK: What a server may say

    @Test("an ID that is given out again is the same one; anything else conflicts")
    func conflicts() throws {
        var ids = DestinationIDs(first: ConnectionIDGrant(sequence: 0, id: ConnectionID(rawValue: 1), resetToken: nil))
        for _ in 0..<100 { try ids.receive(Self.grant(2)) }
        try ids.receive(Self.grant(1))
        #expect(ids.spares.map(\.sequence) == [1, 2])
        for wrong in [Self.grant(2, id: 7), Self.grant(2, token: 1), Self.grant(3, id: 101), Self.grant(3, id: 1)] {
            #expect(throws: ProtocolViolation.conflictingConnectionID) { try ids.receive(wrong) }
        }
        try ids.receive(Self.grant(3))
        #expect(throws: ProtocolViolation.tooManyConnectionIDs) { try ids.receive(Self.grant(4)) }
        let hasChanged = ids.rotate(isCertain: false)
        #expect(hasChanged && ids.current == Self.grant(1))
        try ids.receive(Self.grant(4))
        let changesUnseen = ids.rotate(isCertain: false)
        #expect(!changesUnseen)
        // Those that were used up are not looked at any more.
        ids.sent(5)
        ids.acknowledged(5)
        let changesAgain = ids.rotate(isCertain: false)
        #expect(changesAgain && ids.current.sequence == 2)
        try ids.receive(Self.grant(1, id: 55))
        #expect(ids.spares.map(\.sequence) == [3, 4])
    }

    @Test("conflicting connection IDs close the connection with a reason, and any from a client do")
    func violationsClose() throws {
        var pair = ConnectionPair()
        pair.forge([.newConnectionID(Self.grant(1))], number: 0)
        #expect(pair.server.violations == [.unexpectedConnectionID])
        let keys = TestKeys.session()
        var datagram: [UInt8] = []
        let header = DataHeader(destination: nil, number: 0)
        header.emit(into: &datagram)
        Frame.newConnectionID(Self.grant(1)).emit(into: &datagram)
        Frame.newConnectionID(Self.grant(1, id: 9)).emit(into: &datagram)
        keys.secrets.server.seal(
            &datagram, headerCount: header.count, numberCount: DataHeader.numberBytes, packetNumber: 0)
        DataHeader.hideNumber(in: &datagram, headerCount: header.count, with: keys.secrets.server)
        var scratch: [UInt8] = []
        _ = pair.client.connection.receive(datagram.span, scratch: &scratch, at: pair.now)
        pair.client.collect()
        #expect(pair.client.violations == [.conflictingConnectionID])
        pair.run(for: .milliseconds(100))
        #expect(pair.server.connection.isOpen == false && pair.client.connection.isOpen == false)
    }

    @Test("a connection ID survives its encoding, and no part of it is taken for the whole")
    func roundTrip() throws {
        var bytes: [UInt8] = []
        let frame = Frame.newConnectionID(Self.grant(300, token: 7))
        frame.emit(into: &bytes)
        #expect(bytes.count <= ConnectionIDGrant.frameBytes)
        var input = bytes.span
        #expect(try Frame.take(from: &input) == frame)
        for prefix in truncations(of: bytes).dropFirst() {
            #expect(throws: WireError.self) {
                var input = prefix.span
                _ = try Frame.take(from: &input)
            }
        }
    }

    @Test("a hidden packet number can be read with the key alone, and tells nothing without")
    func hiddenNumber() throws {
        let key = TestKeys.session().secrets.client
        var seen: Set<UInt32> = []
        for number in 0..<200 as Range<UInt64> {
            let datagram = ConnectionPair.packet([.ping], number: number)
            var header = try DataHeader(parsing: datagram.span, hasDestination: true)
            seen.insert(header.truncatedNumber)
            let isRevealed = header.revealNumber(of: datagram.span, with: key)
            #expect(isRevealed && header.truncatedNumber == UInt32(number))
        }
        #expect(seen.count > 195 && seen.filter { $0 < 1000 }.count < 3)
        for prefix in truncations(of: ConnectionPair.packet([.ping], number: 1)).prefix(29) {
            guard var header = try? DataHeader(parsing: prefix.span, hasDestination: true) else { continue }
            let isRevealed = header.revealNumber(of: prefix.span, with: key)
            #expect(!isRevealed)
        }
    }
}
