package import Crypto

/// The AEADs that a client offers, as bits; the server's answer has exactly one of them.
///
/// Nobody on the way can have a weaker one chosen: M1 as a whole is a part of what M2's signature and every key are made
/// of, and so is R1 of what R2 is sealed with.
package struct CipherSuites: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// That of one algorithm.
    package init(_ algorithm: AEAD) {
        self =
            switch algorithm {
            case .chaCha20Poly1305: .chaCha20Poly1305
            case .aes256GCM: .aes256GCM
            }
    }

    /// What every machine has.
    package static let chaCha20Poly1305 = CipherSuites(rawValue: 1)
    /// What takes half the time on a processor with instructions for it, and is not spoken by others.
    package static let aes256GCM = CipherSuites(rawValue: 2)

    /// What this implementation speaks on this machine.
    package static let supported: CipherSuites =
        AEAD.aes256GCM.isAvailable ? [.chaCha20Poly1305, .aes256GCM] : [.chaCha20Poly1305]

    /// The algorithm that an answer names; nil when it names none, several, or one that this machine has not.
    package var algorithm: AEAD? {
        AEAD.allCases.first { CipherSuites($0) == self && CipherSuites.supported.contains(self) }
    }

    /// What a server that has these chooses out of what a client offers: AES-256-GCM if it can be, since it measures
    /// better for packets of every length (`udp-bench crypto`).
    ///
    /// - Returns: nil when there is nothing that both have.
    package func choice(of offered: CipherSuites) -> AEAD? {
        [AEAD.aes256GCM, .chaCha20Poly1305].first {
            intersection(offered).intersection(.supported).contains(CipherSuites($0))
        }
    }
}
