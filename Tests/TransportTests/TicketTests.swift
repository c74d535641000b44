import Basics
import Crypto
import Testing

@testable import Transport

struct TicketTests {
    private static let epoch = [UInt8](repeating: 7, count: ResumptionSecrets.passwordEpochBytes)
    private static let holder = TicketHolder(
        deviceKey: Array(1...32), identity: Array("ana and her session".utf8))

    private func makeKeys(
        _ stored: [TicketKey] = [], seed: UInt64 = 4, day: Int64 = 100, at now: Instant = .start
    ) -> TicketKeys {
        var random = SeededGenerator(seed: seed)
        return TicketKeys(keys: stored, wall: WallTime(milliseconds: day * 86_400_000), at: now, using: &random)
    }

    private static func secret(_ byte: UInt8 = 9) -> SecretBox {
        SecretBox(SecretBytes(copying: [UInt8](repeating: byte, count: ResumptionSecrets.secretBytes).span))
    }

    private func issue(_ keys: inout TicketKeys, at now: Instant = .start) throws -> [UInt8] {
        let ticket = keys.issue(to: Self.holder, secret: Self.secret(), passwordEpoch: Self.epoch, at: now)
        return try #require(ticket)
    }

    @Test("a ticket holds what was put in, and is as long as every other")
    func carriesEverything() throws {
        var keys = makeKeys()
        let ticket = try issue(&keys)
        #expect(ticket.count == Limits.ticketBytes && Limits.ticketBytes == 274)
        let content = try #require(keys.open(ticket, passwordEpoch: Self.epoch, at: .start))
        #expect(content.holder == Self.holder && content.passwordEpoch == Self.epoch)
        #expect(content.issued == 100 * 86_400 && content.id.count == 16)
        let isSame = content.secret.bytes.matches(Self.secret().bytes)
        #expect(isSame)
        for length in [0, Limits.ticketIdentityBytes] as [Int] {
            let holder = TicketHolder(deviceKey: Self.holder.deviceKey, identity: Array(repeating: 1, count: length))
            let issued = keys.issue(to: holder, secret: Self.secret(), passwordEpoch: Self.epoch, at: .start)
            let other = try #require(issued)
            #expect(other.count == Limits.ticketBytes)
            #expect(keys.open(other, passwordEpoch: Self.epoch, at: .start)?.holder == holder)
        }
        let tooLong = TicketHolder(deviceKey: Self.holder.deviceKey, identity: Array(repeating: 1, count: 97))
        let none = keys.issue(to: tooLong, secret: Self.secret(), passwordEpoch: Self.epoch, at: .start)
        #expect(none == nil)
    }

    @Test("two tickets of one holder have nothing in common but the key's name, inside and outside")
    func areAllDifferent() throws {
        var keys = makeKeys()
        let (first, second) = (try issue(&keys), try issue(&keys))
        #expect(first.prefix(8) == second.prefix(8) && first[8..<32] != second[8..<32] && first[32...] != second[32...])
        #expect(
            keys.open(first, passwordEpoch: Self.epoch, at: .start)?.id
                != keys.open(second, passwordEpoch: Self.epoch, at: .start)?.id)
    }

    @Test("29: a ticket with any bit changed, cut or longer, of another password or other keys is none")
    func refusesWhatIsNotGood() throws {
        var keys = makeKeys()
        let ticket = try issue(&keys)
        for index in ticket.indices {
            let changed = changed(ticket, at: index, by: 1 << UInt8(index % 8))
            #expect(keys.open(changed, passwordEpoch: Self.epoch, at: .start) == nil, "byte \(index)")
        }
        for shorter in truncations(of: ticket) {
            #expect(keys.open(shorter, passwordEpoch: Self.epoch, at: .start) == nil)
        }
        #expect(keys.open(ticket + [0], passwordEpoch: Self.epoch, at: .start) == nil)
        #expect(keys.open(ticket, passwordEpoch: Array(repeating: 8, count: 8), at: .start) == nil)
        let others = makeKeys(seed: 5)
        #expect(others.open(ticket, passwordEpoch: Self.epoch, at: .start) == nil)
    }

    @Test("29: a ticket is good for fourteen days, over restarts of the server and whatever its clock does")
    func expires() throws {
        var keys = makeKeys()
        let ticket = try issue(&keys)
        let end = Instant.start + Limits.ticketLife
        #expect(keys.open(ticket, passwordEpoch: Self.epoch, at: Instant(nanoseconds: end.nanoseconds - 1)) != nil)
        #expect(keys.open(ticket, passwordEpoch: Self.epoch, at: end) == nil)
        for (day, isGood) in [(99, true), (113, true), (114, false), (9_000, false), (0, true)] as [(Int64, Bool)] {
            let restarted = makeKeys(keys.keys, day: day, at: .origin)
            let content = restarted.open(ticket, passwordEpoch: Self.epoch, at: .origin)
            #expect((content != nil) == isGood, "day \(day)")
        }
    }

    @Test("the key changes each day, former ones open for as long as their tickets, and there are at most 16")
    func rotates() throws {
        var keys = makeKeys()
        var tickets: [[UInt8]] = []
        var changes = 0
        for day in 0..<40 as Range<Int> {
            let now = Instant.start + .seconds(day * 86_400)
            tickets.append(try issue(&keys, at: now))
            if keys.takeChanged() != nil { changes += 1 }
            let again = keys.takeChanged()
            #expect(again == nil)
            #expect(keys.keys.count == min(day + 1, 15))
            let good = tickets.filter { keys.open($0, passwordEpoch: Self.epoch, at: now) != nil }
            #expect(good.count == min(day + 1, 14))
        }
        #expect(changes == 40)
        // A clock that was years ahead left keys that are newer than any to come.
        var turned = makeKeys(keys.keys, day: 1, at: .start)
        let change = turned.takeChanged()
        #expect(change == nil && turned.keys.count == 15)
        _ = try issue(&turned, at: .start)
        #expect(turned.keys.count <= Limits.ticketKeys)
    }

    @Test("the content of a ticket has one form")
    func contentHasOneForm() throws {
        let content = TicketContent(
            secret: Self.secret(), id: Array(repeating: 2, count: 16), issued: -5, passwordEpoch: Self.epoch,
            holder: Self.holder)
        let revealed = content.encoded()?.revealed()
        let encoded = try #require(revealed)
        let again = try Self.content(encoded)
        #expect(again.holder == Self.holder && again.issued == -5 && again.id == content.id)
        for (index, field) in [(64, "ticket format"), (225, "padding"), (129, "ticket identity")] as [(Int, String)] {
            let bytes = changed(encoded, at: index, by: 0x80)
            #expect(throws: WireError.self, "\(field)") { try Self.content(bytes) }
        }
        for shorter in truncations(of: encoded) {
            #expect(throws: WireError.self) { try Self.content(shorter) }
        }
    }

    private static func content(_ bytes: [UInt8]) throws -> TicketContent {
        try TicketContent(parsing: SecretBytes(copying: bytes.span))
    }

    @Test("the password's epoch is another for another password and for another server, and always the same otherwise")
    func epochs() {
        let (server, other) = (TestKeys.signing(1), TestKeys.signing(2))
        let (first, second) = (TestKeys.password("one"), TestKeys.password("two"))
        let epoch = ResumptionSecrets.passwordEpoch(of: first, identity: server)
        #expect(epoch.count == ResumptionSecrets.passwordEpochBytes)
        #expect(epoch == ResumptionSecrets.passwordEpoch(of: TestKeys.password("one"), identity: server))
        #expect(epoch != ResumptionSecrets.passwordEpoch(of: second, identity: server))
        #expect(epoch != ResumptionSecrets.passwordEpoch(of: first, identity: other))
    }
}
