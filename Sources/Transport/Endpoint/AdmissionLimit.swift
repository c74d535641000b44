package import Basics

/// How many wrong passwords are heard. A configuration may say otherwise.
package struct GuessLimits: Hashable, Sendable {
    /// So many from one address block, and then one each `blockInterval`.
    package var perBlock = Limits.guessesPerBlock
    package var blockInterval = Limits.guessInterval
    /// So many from all strangers together, and then one each `strangersInterval`.
    package var fromStrangers = Limits.guessesFromStrangers
    package var strangersInterval = Limits.strangersGuessInterval
    /// The most address blocks that are remembered.
    package var blocks = Limits.guessingBlocks

    package init() {}
}

/// Slows down who tries passwords: by address block, and all strangers together, since who owns a network has no end of
/// blocks.
///
/// It is asked when an M3 comes, and by nothing else: members never meet it, nor does who comes back with a ticket, since
/// that proves another secret than the password. Only failures count, so a whole school behind one address gets in.
///
/// Of every block one moment is kept: when all its failures are forgiven (the generic cell rate algorithm, ITU-T I.371,
/// annex A). Each failure moves it by one interval, and what lies too far ahead is over the limit.
package struct AdmissionLimit: Sendable {
    private let limits: GuessLimits
    private var forgiven = DeadlineQueue<AddressBlock>()
    private var strangersForgiven = Instant.origin

    package init(limits: GuessLimits = GuessLimits()) {
        self.limits = limits
    }

    /// How many blocks are remembered.
    package var count: Int { forgiven.count }

    /// How long no password from an address is heard; nil when one is heard now.
    package func wait(of address: SocketAddress, at now: Instant) -> Duration? {
        let block = forgiven.moment(of: AddressBlock(of: address)) ?? now
        let waits = [
            block - now - limits.blockInterval * (limits.perBlock - 1),
            strangersForgiven - now - limits.strangersInterval * (limits.fromStrangers - 1),
        ]
        return waits.filter { $0 > .zero }.max()
    }

    /// Somebody there tried a wrong password.
    package mutating func failed(from address: SocketAddress, at now: Instant) {
        while forgiven.popDue(at: now) != nil {}
        let block = AddressBlock(of: address)
        let former = forgiven.moment(of: block)
        // Of a full table the one goes that is forgiven first. To be forgotten sooner by it, one would have to spend
        // more guesses elsewhere than that gains, and the limit for all counts those as well.
        if former == nil, forgiven.count >= limits.blocks, let least = forgiven.first { forgiven.remove(least) }
        forgiven.set(block, to: max(former ?? now, now) + limits.blockInterval)
        strangersForgiven = max(strangersForgiven, now) + limits.strangersInterval
    }

    /// Somebody there knew the password: one failure of theirs is forgiven.
    package mutating func succeeded(from address: SocketAddress, at now: Instant) {
        let block = AddressBlock(of: address)
        guard let moment = forgiven.moment(of: block) else { return }
        let earlier = Instant(nanoseconds: moment.nanoseconds - limits.blockInterval.wholeNanoseconds)
        if earlier > now { forgiven.set(block, to: earlier) } else { forgiven.remove(block) }
    }
}
