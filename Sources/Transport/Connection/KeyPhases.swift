package import Basics
import Crypto

/// How long keys serve; smaller in tests.
package struct KeyLimits: Hashable, Sendable {
    /// Packets sealed or opened under one key before it is updated.
    package var packets: UInt64
    /// Age of a key at which the next packet updates it.
    package var age: Duration
    /// Packets sealed under one key after which there are no more, when the other side never confirms the update before.
    package var lastPackets: UInt64
    /// Packets that may fail to authenticate over the life of a connection, under all keys together.
    package var forgeries: UInt64

    package static let standard = KeyLimits()

    package init(
        packets: UInt64 = Limits.keyPackets, lastPackets: UInt64 = Limits.lastKeyPackets,
        age: Duration = Limits.keyAge, forgeries: UInt64 = Limits.forgeries
    ) {
        self.packets = packets
        self.lastPackets = lastPackets
        self.age = age
        self.forgeries = forgeries
    }
}

/// The keys of both directions and their updates, after RFC 9001, section 6.
///
///     phase n, unconfirmed --our packet acknowledged--> phase n, confirmed --limit--> phase n + 1, unconfirmed
///         ^  '-----------------packet under the next key------------------------------------^
///
/// Both directions change together: whoever begins an update seals and opens under the new keys from then on, and the
/// other side follows with the first packet that it opens. When both begin at once they meet in the same phase. The old
/// opening key stays until the other side has followed, and then three probe time-outs for packets out of order
/// (section 6.5). Nobody begins the next update before the last one is confirmed.
struct KeyPhases: Sendable {
    /// Which key opened a packet.
    enum Opening: Sendable {
        case current
        case previous
        /// The peer's next key, though its last update was not acknowledged yet.
        case prematureUpdate
    }

    private struct Previous: Sendable {
        let key: PacketKey
        /// When it is forgotten; nil while the peer may not have followed.
        var end: Instant?
    }

    /// How often the retained key's time spans a probe time-out (RFC 9001, section 6.5).
    private static let retention = 3

    /// What the header says of packets that are sealed now.
    var phase: Bool { !updates.isMultiple(of: 2) }
    /// Updates since the first keys.
    private(set) var updates = 0
    private var sealing: PacketKey
    private var opening: PacketKey
    /// The opening key of the next phase, once somebody claimed to use it. That it is derived only then takes time
    /// that an observer may see, but the phase is no secret: it stands in the header.
    private var next: PacketKey?
    private var previous: Previous?
    private var since: Instant
    private var sealedCount: UInt64 = 0
    private var openedCount: UInt64 = 0
    /// The first number sealed in this phase.
    private var firstSealed: UInt64?
    /// The lowest number opened in this phase: below it the other phase bit means the phase before, above it the next.
    private var lowestOpened: UInt64?
    /// Whether the peer acknowledged a packet of this phase.
    private var isConfirmed = false
    /// Whether the peer can't know yet that we have opened a packet of this phase.
    private var owesConfirmation = false
    /// Packets that a key was tried on in vain.
    private(set) var failures: UInt64 = 0
    private let limits: KeyLimits

    init(sealing: PacketKey, opening: PacketKey, limits: KeyLimits, at now: Instant) {
        self.sealing = sealing
        self.opening = opening
        self.limits = limits
        since = now
    }

    /// Whether so many forgeries were tried that no further packet may be opened.
    var isSpent: Bool { failures >= limits.forgeries }

    /// Whether a key has sealed nearly all that it may, since the other side kept it from being updated: by
    /// acknowledging nothing of this phase, while it goes on to send what has to be acknowledged.
    var isWornOut: Bool { sealedCount >= limits.lastPackets }

    // MARK: Sealing

    /// Begins an update when the keys have served their time and the last update is over.
    mutating func updateIfDue(at now: Instant) {
        forgetPrevious(at: now)
        guard isConfirmed, previous == nil,
            max(sealedCount, openedCount) >= limits.packets || since + limits.age <= now
        else { return }
        advance(retaining: nil, at: now)
    }

    /// Encrypts a packet, appends its tag, and hides its number.
    mutating func seal(_ datagram: inout [UInt8], headerCount: Int, number: UInt64) {
        sealing.seal(
            &datagram, headerCount: headerCount, numberCount: DataHeader.numberBytes, packetNumber: number)
        DataHeader.hideNumber(in: &datagram, headerCount: headerCount, with: sealing)
        sealedCount += 1
        firstSealed = firstSealed ?? number
    }

    /// A packet that acknowledges what was opened so far leaves: the peer may update again once it has it.
    mutating func sentAcknowledgement() {
        owesConfirmation = false
    }

    // MARK: Opening

    /// Finds the number of a packet that the peer sent, which is hidden alike under all of its keys.
    ///
    /// - Returns: false when the packet is too short to be one.
    func revealNumber(in header: inout DataHeader, of datagram: Span<UInt8>) -> Bool {
        header.revealNumber(of: datagram, with: opening)
    }

    /// Opens a packet with the key that its phase and number point to.
    ///
    /// - Parameters:
    ///   - number: not accepted before.
    ///   - probeTimeout: of the path at the moment.
    /// - Returns: nil when it did not authenticate; that is counted, and nothing else has changed then.
    mutating func open(
        _ datagram: Span<UInt8>, header: DataHeader, number: UInt64, into plaintext: inout [UInt8], at now: Instant,
        probeTimeout: Duration
    ) -> Opening? {
        forgetPrevious(at: now)
        let retention = now + probeTimeout * Self.retention
        if header.keyPhase == phase {
            // Straight from its place: a copy of the key would count references.
            guard opening.open(datagram, header, number, into: &plaintext) else { return refused() }
            noteOpened(number, retention: retention)
            return .current
        }
        guard let lowestOpened, number > lowestOpened else {
            // An honest peer's first packet of a connection has the first phase, so there is nothing else to try.
            guard let key = previous?.key else { return nil }
            guard key.open(datagram, header, number, into: &plaintext) else { return refused() }
            return .previous
        }
        let key = next ?? opening.successor()
        next = key
        guard key.open(datagram, header, number, into: &plaintext) else { return refused() }
        guard !owesConfirmation else { return .prematureUpdate }
        advance(retaining: retention, at: now)
        noteOpened(number, retention: retention)
        return .current
    }

    /// The peer acknowledges a number of ours.
    ///
    /// - Throws: when it does so under the old key for a packet under the new one: it did not follow the update.
    mutating func acknowledged(_ number: UInt64, openedBy opening: Opening) throws(ProtocolViolation) {
        guard let firstSealed, number >= firstSealed else { return }
        guard opening == .current else { throw .staleKey }
        isConfirmed = true
    }

    /// Counts a packet that a key was tried on in vain.
    private mutating func refused() -> Opening? {
        failures += 1
        return nil
    }

    private mutating func noteOpened(_ number: UInt64, retention: Instant) {
        if openedCount == 0 {
            // The first phase needs no confirmation: no update led to it.
            owesConfirmation = previous != nil
            if previous?.end == nil { previous?.end = retention }
        }
        openedCount += 1
        lowestOpened = min(lowestOpened ?? number, number)
    }

    private mutating func forgetPrevious(at now: Instant) {
        if let end = previous?.end, end <= now { previous = nil }
    }

    private mutating func advance(retaining end: Instant?, at now: Instant) {
        previous = Previous(key: opening, end: end)
        opening = next ?? opening.successor()
        next = nil
        sealing = sealing.successor()
        updates += 1
        since = now
        (sealedCount, openedCount) = (0, 0)
        (firstSealed, lowestOpened) = (nil, nil)
        (isConfirmed, owesConfirmation) = (false, false)
    }
}

extension PacketKey {
    fileprivate func open(
        _ datagram: Span<UInt8>, _ header: DataHeader, _ number: UInt64, into plaintext: inout [UInt8]
    ) -> Bool {
        open(
            datagram, headerCount: header.count, numberCount: DataHeader.numberBytes, packetNumber: number,
            into: &plaintext)
    }
}
