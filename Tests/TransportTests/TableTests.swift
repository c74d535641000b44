import Basics
import Crypto
import Testing

@testable import Transport

struct DeadlineQueueTests {
    @Test("keys come up in the order of their moments, as in a sorted list", arguments: 1...10 as ClosedRange<UInt64>)
    func agreesWithASortedList(seed: UInt64) {
        expectOrder(of: DeadlineQueue<Int>(), seed: seed)
        expectOrder(of: SlotDeadlines(), seed: seed)
    }

    private func expectOrder<Places: HeapPlaces>(of queue: DeadlineHeap<Places>, seed: UInt64)
    where Places.Key == Int {
        var random = SeededGenerator(seed: seed)
        var queue = queue
        var model: [Int: Instant] = [:]
        for _ in 0..<3000 {
            let key = Int.random(in: 0..<60, using: &random)
            let moment = Instant(nanoseconds: Int64.random(in: 0..<1000, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                queue.set(key, to: moment)
                model[key] = moment
            case 1:
                queue.bringForward(key, to: moment)
                model[key] = min(moment, model[key] ?? moment)
            case 2:
                queue.remove(key)
                model[key] = nil
            default:
                let due = queue.popDue(at: moment)
                let earliest = model.values.min()
                #expect((due != nil) == (earliest.map { $0 <= moment } ?? false), "seed \(seed)")
                if let due { #expect(model.removeValue(forKey: due) == earliest, "seed \(seed)") }
            }
            #expect(queue.next == model.values.min(), "seed \(seed)")
            #expect(queue.count == model.count, "seed \(seed)")
            #expect(queue.moment(of: key) == model[key], "seed \(seed)")
        }
    }

    @Test("a key has one entry, however often its moment changes")
    func staysBounded() {
        var queue = DeadlineQueue<Int>()
        for nanoseconds in 0..<10_000 as Range<Int64> {
            queue.set(Int(nanoseconds % 3), to: Instant(nanoseconds: 10_000 - nanoseconds))
        }
        #expect(queue.count == 3)
    }

    @Test("nothing comes up before its moment")
    func waits() {
        var queue = DeadlineQueue<Int>()
        queue.set(1, to: .start)
        let moments = [Instant(nanoseconds: Instant.start.nanoseconds - 1), .start, .start]
        #expect(moments.map { queue.popDue(at: $0) } == [nil, 1, nil])
    }
}

struct TokenBucketTests {
    private static func taken(_ bucket: inout TokenBucket, at now: Instant, tries: Int) -> Int {
        (0..<tries).count { _ in bucket.take(at: now) }
    }

    @Test("a bucket gives its rate at once, and not one more")
    func boundsBursts() {
        var bucket = TokenBucket(rate: 50, at: .start)
        #expect(Self.taken(&bucket, at: .start, tries: 200) == 50)
    }

    @Test("it fills at its rate, and no further than its size")
    func refills() {
        var bucket = TokenBucket(rate: 50, at: .start)
        _ = Self.taken(&bucket, at: .start, tries: 50)
        #expect(Self.taken(&bucket, at: .start + .milliseconds(100), tries: 200) == 5)
        #expect(Self.taken(&bucket, at: .start + .seconds(3600), tries: 200) == 50)
    }

    @Test("over any pattern of tries it never gives more than the rate allows", arguments: 1...5 as ClosedRange<UInt64>)
    func neverExceedsItsRate(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bucket = TokenBucket(rate: 100, at: .start)
        var now = Instant.start
        var given = 0
        for _ in 0..<5000 {
            now = now + .microseconds(Int64.random(in: 0...9000, using: &random))
            if bucket.take(at: now) { given += 1 }
            let earned = Double((now - .start).wholeNanoseconds) / 1e9 * 100
            #expect(Double(given) <= 100 + earned, "seed \(seed)")
        }
    }

    @Test("a clock that stands still or steps back gives nothing", arguments: [1, 2000, 1_000_000_000, .max])
    func survivesOddClocks(rate: Int) {
        var bucket = TokenBucket(rate: rate, at: .start)
        let first = bucket.take(at: .origin)
        let last = bucket.take(at: Instant(nanoseconds: .max))
        #expect(first && last)
    }
}

struct PeerTableTests {
    private static func connection(_ id: UInt64) -> Connection {
        let keys = TestKeys.session()
        return Connection(
            role: .server,
            keys: SessionKeys(
                secrets: keys.secrets, clientID: keys.clientID, serverID: ConnectionID(rawValue: id), roundTrip: nil),
            at: .start)
    }

    @Test("a peer is found by its address and by its connection ID")
    func findsByBothKeys() {
        var table = PeerTable()
        let id = table.insert(Self.connection(7), at: .loopback(port: 1))
        #expect(table.peer(at: .loopback(port: 1)) == id)
        #expect(table.peer(under: ConnectionID(rawValue: 7)) == id)
        #expect(table[id]?.address == .loopback(port: 1))
        #expect(table.count == 1)
    }

    @Test("a peer that is gone is found by neither key")
    func forgetsRemoved() {
        var table = PeerTable()
        let id = table.insert(Self.connection(7), at: .loopback(port: 1))
        table.remove(id)
        #expect(table.peer(at: .loopback(port: 1)) == nil)
        #expect(table.peer(under: ConnectionID(rawValue: 7)) == nil)
        #expect(table[id] == nil)
        #expect(table.count == 0)
    }

    @Test("an old name never means a newer peer in the same slot")
    func neverReusesNames() {
        var table = PeerTable()
        let former = table.insert(Self.connection(7), at: .loopback(port: 1))
        table.remove(former)
        let later = table.insert(Self.connection(8), at: .loopback(port: 2))
        #expect(later.index == former.index)
        #expect(later != former)
        #expect(table[former] == nil)
        table.remove(former)
        #expect(table[later] != nil)
    }

    @Test("removing a peer whose address has a newer one leaves the newer one there")
    func keepsNewerAtAddress() {
        var table = PeerTable()
        let former = table.insert(Self.connection(7), at: .loopback(port: 1))
        let later = table.insert(Self.connection(8), at: .loopback(port: 1))
        table.remove(former)
        #expect(table.peer(at: .loopback(port: 1)) == later)
    }

    @Test("slots are used again, so the table is no larger than the most that were there at once")
    func reusesSlots() {
        var table = PeerTable()
        var highest = 0
        for number in 0..<1000 as Range<UInt64> {
            let id = table.insert(Self.connection(number), at: .loopback(port: UInt16(number)))
            highest = max(highest, id.index)
            table.remove(id)
        }
        #expect(highest == 0)
    }
}

struct HandshakeTableTests {
    private static func entry(
        _ number: UInt8, from address: SocketAddress = .loopback(port: 5)
    ) throws -> (Responder, Hello) {
        var random = SeededGenerator(seed: UInt64(number))
        let password = TestKeys.password("x")
        let session = [UInt8](repeating: number, count: 32)
        let party = try CPaceParty(
            prs: password.prs, channel: Transcript.channel, session: session, using: &random)
        let hello = Hello(
            clientID: ConnectionID(using: &random), sessionID: session, suites: .supported, share: party.share,
            cookie: [])
        let responder = try Responder(
            hello: hello, bytes: hello.encoded(), from: address, identity: TestKeys.signing(1),
            password: password, at: .start, using: &random)
        return (responder, hello)
    }

    @Test("a handshake is found by its hello and address, until it is forgotten after five seconds")
    func expires() throws {
        var table = HandshakeTable()
        let (responder, hello) = try Self.entry(1)
        table.insert(responder, hello: hello, at: .start)
        #expect(table.id(of: hello, from: .loopback(port: 5)) == responder.serverID)
        #expect(table.id(of: hello, from: .loopback(port: 6)) == nil)
        #expect(table.nextDeadline == .start + .seconds(5))
        table.expire(at: .start + .milliseconds(4999))
        #expect(table.count == 1)
        table.expire(at: .start + .seconds(5))
        #expect(table.count == 0)
        #expect(table.id(of: hello, from: .loopback(port: 5)) == nil)
        #expect(table[responder.serverID] == nil)
        #expect(table.nextDeadline == nil)
    }

    @Test("a finished handshake outlives those that were begun with it, and then goes as well")
    func finishedStay() throws {
        var table = HandshakeTable()
        let (first, firstHello) = try Self.entry(1)
        let (second, secondHello) = try Self.entry(2)
        table.insert(first, hello: firstHello, at: .start)
        table.insert(second, hello: secondHello, at: .start + .seconds(1))
        table.finish(first.serverID, as: .answered, at: .start + .seconds(3))
        #expect(table.count(of: .halfOpen) == 1 && table.count(of: .answered) == 1)
        table.expire(at: .start + .seconds(6))
        #expect(table[first.serverID] != nil)
        #expect(table[second.serverID] == nil)
        table.expire(at: .start + .seconds(8))
        #expect(table.count == 0)
        #expect(table.nextDeadline == nil)
    }

    @Test("each kind has its bound, and the oldest of a finished kind goes first", arguments: [true, false])
    func kindsAreBounded(isRejected: Bool) throws {
        let kind: HandshakeTable.Kind = isRejected ? .rejected : .answered
        let (template, hello) = try Self.entry(1)
        var table = HandshakeTable()
        table.insert(template, hello: hello, at: .start)
        table.finish(template.serverID, as: isRejected ? .answered : .rejected, at: .start)
        var ids: [ConnectionID] = []
        var random = SeededGenerator(seed: 1)
        for number in 0...Limits.answeredHandshakes {
            let now = Instant.start + .microseconds(number)
            var hello = hello
            hello.clientID = ConnectionID(using: &random)
            let responder = try Responder(
                hello: hello, bytes: hello.encoded(), from: .loopback(port: 5), identity: TestKeys.signing(1),
                password: TestKeys.password("x"), at: now, using: &random)
            table.insert(responder, hello: hello, at: now)
            table.finish(responder.serverID, as: kind, at: now)
            ids.append(responder.serverID)
        }
        #expect(table.count(of: kind) == Limits.answeredHandshakes)
        #expect(table[ids[0]] == nil && table[ids[1]] != nil)
        #expect(table[template.serverID] != nil, "of the other kind")
    }
}

struct HalfOpenQueuesTests {
    @Test("the one to go is the oldest of the block that has the most", arguments: 1...5 as ClosedRange<UInt64>)
    func agreesWithAList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queues = HalfOpenQueues()
        var model: [(id: ConnectionID, block: AddressBlock)] = []
        for _ in 0..<2000 {
            if random.chance(0.55) || model.isEmpty {
                let block = AddressBlock.v4(UInt32.random(in: 0..<12, using: &random))
                model.append((ConnectionID(using: &random), block))
                queues.append(model[model.count - 1].id, of: block)
            } else {
                let gone = model.remove(at: Int.random(in: 0..<model.count, using: &random))
                queues.remove(gone.id, of: gone.block)
            }
            let counts = Dictionary(grouping: model, by: \.block).mapValues(\.count)
            let most = counts.values.max()
            #expect(queues.mostExpendable == model.first { counts[$0.block] == most }?.id, "seed \(seed)")
        }
    }

    @Test("an IPv6 /64 is one block, an IPv4 address another, mapped or not")
    func blocks() {
        func block(_ host: SocketAddress.Host) -> AddressBlock {
            AddressBlock(of: SocketAddress(host: host, port: 1))
        }
        #expect(block(.v6(high: 5, low: 1, scope: 0)) == block(.v6(high: 5, low: .max, scope: 3)))
        #expect(block(.v6(high: 5, low: 1, scope: 0)) != block(.v6(high: 6, low: 1, scope: 0)))
        #expect(block(.v4(7)) == block(.v6(high: 0, low: 0xffff_0000_0007, scope: 0)))
        #expect(block(.v4(7)) != block(.v6(high: 0, low: 0xffff_0000_0008, scope: 0)))
        #expect(block(.v4(0)) != block(.v6(high: 0, low: 0, scope: 0)))
    }
}
