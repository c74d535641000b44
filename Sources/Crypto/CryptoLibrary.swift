import CSodium

/// The C library beneath this module: libsodium, from 1.0.18 on.
package enum CryptoLibrary {
    private static let isReady = sodium_init() >= 0

    /// Prepares the library, once: it looks at the processor and picks its implementations.
    ///
    /// Every entry of this module calls it, so that only a program that wants to know the outcome has to.
    ///
    /// - Returns: false when the library can't be used; a program should stop then.
    @discardableResult
    package static func start() -> Bool {
        isReady
    }
}
