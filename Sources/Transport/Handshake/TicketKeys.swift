package import Basics
package import Crypto

/// A key that tickets are sealed with, and since when.
package struct TicketKey: Sendable {
    /// Random; stands in front of each ticket.
    package let id: UInt64
    /// Seconds since 1970.
    package let made: Int64
    /// 32 bytes.
    package let secret: SecretBox

    package init(id: UInt64, made: Int64, secret: SecretBox) {
        self.id = id
        self.made = made
        self.secret = secret
    }
}

/// Seals tickets, and knows them again: after a restart too, when its keys were kept.
///
///     key ID 8 | nonce 24 | sealed content | tag 16
///
/// Tickets outlive restarts of the machine, so their age can't be told by a clock that begins with it. The wall clock is
/// read once, at the start; from then on time runs evenly, whatever is done to that clock.
package struct TicketKeys: Sendable {
    /// The newest first; at most `Limits.ticketKeys`.
    package private(set) var keys: [TicketKey]
    /// Whether `keys` has changed since the owner last stored them.
    private var isStored: Bool
    /// What nonces, ticket IDs and new keys are drawn from.
    private let seed: SecretBox
    private var drawn: UInt64 = 0
    private let start: Instant
    private let startSeconds: Int64

    /// - Parameters:
    ///   - keys: as they were stored, in any order.
    ///   - wall: the present time, to which `now` corresponds.
    package init(
        keys: [TicketKey], wall: WallTime, at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        self.keys = Array(keys.sorted { $0.made > $1.made }.prefix(Limits.ticketKeys))
        isStored = true
        seed = SecretBox(SecretBytes(count: 32, using: &random))
        start = now
        startSeconds = wall.milliseconds / 1000
        prepare(at: now)
    }

    /// The keys, when they have changed since this was asked last: to be stored, 0600.
    package mutating func takeChanged() -> [TicketKey]? {
        guard !isStored else { return nil }
        isStored = true
        return keys
    }

    /// Makes a ticket, always `Limits.ticketBytes` long.
    ///
    /// - Returns: nil when something of it is too long.
    package mutating func issue(
        to holder: TicketHolder, secret: SecretBox, passwordEpoch: [UInt8], at now: Instant
    ) -> [UInt8]? {
        prepare(at: now)
        guard let key = keys.first else { return nil }
        let content = TicketContent(
            secret: secret, id: draw("id", count: TicketContent.idBytes).revealed(), issued: seconds(at: now),
            passwordEpoch: passwordEpoch, holder: holder)
        guard let encoded = content.encoded() else { return nil }
        let header = Self.header(key.id)
        return header
            + SealedBox.seal(
                encoded, header: header, key: key.secret.bytes,
                nonce: draw("nonce", count: SealedBox.nonceBytes).revealed())
    }

    /// Reads a ticket.
    ///
    /// - Parameter passwordEpoch: of the password that counts now.
    /// - Returns: nil when it is not one of ours, or not good any more.
    package func open(_ ticket: [UInt8], passwordEpoch: [UInt8], at now: Instant) -> TicketContent? {
        guard ticket.count == Limits.ticketBytes else { return nil }
        let header = Array(ticket.prefix(Self.headerBytes))
        let id = header.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let sealed = Array(ticket.dropFirst(Self.headerBytes))
        let time = seconds(at: now)
        guard let key = keys.first(where: { $0.id == id }), !Self.isOver(since: key.made, at: time, keyLife),
            let encoded = SealedBox.open(sealed, header: header, key: key.secret.bytes),
            let content = try? TicketContent(parsing: encoded),
            !Self.isOver(since: content.issued, at: time, Limits.ticketLife),
            ConstantTime.areEqual(content.passwordEpoch, passwordEpoch)
        else { return nil }
        return content
    }

    static let headerBytes = 8

    /// A key is needed for as long as the last ticket that it sealed.
    private var keyLife: Duration { Limits.ticketKeyLife + Limits.ticketLife }

    private static func header(_ id: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(id)
        return bytes
    }

    private func seconds(at now: Instant) -> Int64 {
        startSeconds + (now - start).components.seconds
    }

    /// Of something that was made in the future, since the clock was set back, nothing is over.
    private static func isOver(since made: Int64, at time: Int64, _ life: Duration) -> Bool {
        let (age, overflow) = time.subtractingReportingOverflow(made)
        return !overflow && age >= life.components.seconds
    }

    /// Makes a new key when the newest one has served its time, and forgets those whose tickets are all over.
    private mutating func prepare(at now: Instant) {
        let time = seconds(at: now)
        if let newest = keys.first, !Self.isOver(since: newest.made, at: time, Limits.ticketKeyLife) { return }
        let id = draw("key id", count: 8).revealed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let key = TicketKey(id: id, made: time, secret: SecretBox(draw("key", count: SealedBox.keyBytes)))
        let rest = keys.filter { !Self.isOver(since: $0.made, at: time, keyLife) }
        keys = Array(([key] + rest).prefix(Limits.ticketKeys))
        isStored = false
    }

    private mutating func draw(_ purpose: String, count: Int) -> SecretBytes {
        drawn += 1
        var info = Array(purpose.utf8)
        info.put(drawn)
        return HKDF.expand(seed.bytes, info: info, count: count)
    }
}
