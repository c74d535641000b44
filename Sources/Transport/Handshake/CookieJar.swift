package import Basics
import Crypto

/// Makes cookies and knows them again, without remembering one.
///
///     time 4 (seconds) | random 4 | keyed BLAKE2b 24 over (time, random, address, port, client ID, sid, Ya)
///
/// A cookie proves that its bearer hears what is sent to its address, as RFC 9147, section 5.1 does for DTLS. It is good
/// for this address, this client, this attempt and this share alone, so it can't be handed around or kept.
package struct CookieJar: Sendable {
    private struct Secrets: Sendable {
        /// Chooses the hellos that need a cookie in any case. It is never replaced, so that a repeat is decided alike.
        let choosing: SecretBox
        /// What the seconds in cookies are counted from; random, since how long a machine has been up is nobody's
        /// business.
        let epoch: UInt32
        var current: SecretBox
        var former: SecretBox?
        var rotated: Instant
    }

    private static let secretBytes = 32
    private static let tagBytes = 24
    private static let stampBytes = 8

    private var secrets: Secrets?
    /// How many of 100 hellos are chosen.
    private let chosenPercent: UInt64

    /// - Parameter chosenPercent: 0...100.
    package init(chosenPercent: Int = Limits.cookiePercent) {
        self.chosenPercent = UInt64(min(max(0, chosenPercent), 100))
    }

    /// Whether a hello with this sid needs a cookie in any case.
    package mutating func chooses(
        _ sessionID: [UInt8], at now: Instant, using random: inout some RandomNumberGenerator
    ) -> Bool {
        let key = prepare(at: now, using: &random).choosing
        let digest = Digest.keyedBlake2b(key: key.bytes, input: sessionID, count: 16)
        let value = digest.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return value % 100 < chosenPercent
    }

    /// The cookie for a hello. The hello's own cookie has no part in it.
    package mutating func cookie(
        for hello: Hello, from address: SocketAddress, at now: Instant, using random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        let secrets = prepare(at: now, using: &random)
        var stamp: [UInt8] = []
        stamp.put(Self.seconds(now, since: secrets.epoch))
        stamp.append(contentsOf: random.bytes(4))
        return stamp + Self.tag(secrets.current, stamp: stamp, hello: hello, address: address)
    }

    /// Whether a hello carries a cookie that was made for it not long ago.
    package mutating func isValid(
        cookieOf hello: Hello, from address: SocketAddress, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) -> Bool {
        guard hello.cookie.count == Hello.cookieBytes else { return false }
        let secrets = prepare(at: now, using: &random)
        let stamp = Array(hello.cookie.prefix(Self.stampBytes))
        let made = stamp.prefix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        // Of a time to come the difference is huge: both are refused alike.
        guard Self.seconds(now, since: secrets.epoch) &- made < Limits.cookieSeconds else { return false }
        let tag = Array(hello.cookie.dropFirst(Self.stampBytes))
        return [secrets.current, secrets.former].compactMap { $0 }.contains { secret in
            ConstantTime.areEqual(tag, Self.tag(secret, stamp: stamp, hello: hello, address: address))
        }
    }

    private static func seconds(_ now: Instant, since epoch: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000_000) &+ epoch
    }

    private static func tag(_ secret: SecretBox, stamp: [UInt8], hello: Hello, address: SocketAddress) -> [UInt8] {
        // Every part has a fixed length once the first byte of the address is known.
        var input = stamp
        switch address.host {
        case .v4(let value):
            input.append(4)
            input.put(value)
        case .v6(let high, let low, let scope):
            input.append(6)
            input.put(high)
            input.put(low)
            input.put(scope)
        }
        input.put(address.port)
        input.put(hello.clientID.rawValue)
        input.append(contentsOf: hello.sessionID)
        input.append(contentsOf: hello.share)
        return Digest.keyedBlake2b(key: secret.bytes, input: input, count: tagBytes)
    }

    /// The secrets, drawn at the first use and replaced when they are old.
    private mutating func prepare(at now: Instant, using random: inout some RandomNumberGenerator) -> Secrets {
        func secret() -> SecretBox { SecretBox(SecretBytes(count: Self.secretBytes, using: &random)) }
        var fresh =
            secrets
            ?? Secrets(
                choosing: secret(), epoch: UInt32.random(in: .min ... .max, using: &random), current: secret(),
                former: nil, rotated: now)
        let age = now - fresh.rotated
        if age >= Limits.cookieSecretLife {
            // What was made under a secret that rested for another life is too old in any case.
            fresh.former = age < Limits.cookieSecretLife * 2 ? fresh.current : nil
            fresh.current = secret()
            fresh.rotated = now
        }
        secrets = fresh
        return fresh
    }
}
