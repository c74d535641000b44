import CSodium

/// The prime-order group ristretto255 (RFC 9496). Elements and scalars are 32 bytes, little-endian.
package enum Ristretto255 {
    /// The length of an encoded element, in bytes.
    package static let elementBytes = 32

    /// The length of a scalar, in bytes.
    package static let scalarBytes = 32

    /// The length of the input of `element(fromHash:)` and `scalar(reducing:)`, in bytes.
    package static let hashBytes = 64

    /// Maps a uniform hash to an element (RFC 9496, section 4.3.4) that nobody knows the logarithm of.
    ///
    /// - Parameter hash: 64 bytes.
    package static func element(fromHash hash: borrowing SecretBytes) -> SecretBytes {
        precondition(hash.count == hashBytes, "an element comes from 64 bytes")
        var element = SecretBytes(zeros: elementBytes)
        hash.withBytes { input in
            element.withMutableBytes { target in _ = unsafe crypto_core_ristretto255_from_hash(target, input) }
        }
        return element
    }

    /// Reduces a 512-bit number modulo the order of the group; from uniform bytes comes a uniform scalar.
    ///
    /// - Parameter bytes: 64 bytes.
    package static func scalar(reducing bytes: borrowing SecretBytes) -> SecretBytes {
        precondition(bytes.count == hashBytes, "a scalar comes from 64 bytes")
        var scalar = SecretBytes(zeros: scalarBytes)
        bytes.withBytes { input in
            scalar.withMutableBytes { target in unsafe crypto_core_ristretto255_scalar_reduce(target, input) }
        }
        return scalar
    }

    /// Multiplies an element by a scalar.
    ///
    /// The result of the multiplication itself is what counts: `crypto_core_ristretto255_is_valid_point` of libsodium
    /// 1.0.18 takes the identity for a valid point. The top bit is checked here: that version ignores it, where
    /// RFC 9496 (section 4.3.1) demands a number below 2^255 - 19.
    ///
    /// - Parameter scalar: 32 bytes.
    /// - Returns: nil when the element is not 32 bytes or not a canonical encoding, and when the result is the identity.
    package static func multiply(_ element: borrowing SecretBytes, by scalar: borrowing SecretBytes) -> SecretBytes? {
        precondition(scalar.count == scalarBytes, "a scalar has 32 bytes")
        guard element.count == elementBytes else { return nil }
        guard element.withBytes({ unsafe $0[elementBytes - 1] < 0x80 }) else { return nil }
        var product = SecretBytes(zeros: elementBytes)
        let status = element.withBytes { point in
            scalar.withBytes { factor in
                product.withMutableBytes { target in unsafe crypto_scalarmult_ristretto255(target, factor, point) }
            }
        }
        return status == 0 ? consume product : nil
    }

    /// Multiplies the generator of RFC 9496 by a scalar.
    ///
    /// - Parameter scalar: 32 bytes.
    /// - Returns: nil when the result is the identity.
    package static func multiplyBase(by scalar: borrowing SecretBytes) -> SecretBytes? {
        precondition(scalar.count == scalarBytes, "a scalar has 32 bytes")
        var product = SecretBytes(zeros: elementBytes)
        let status = scalar.withBytes { factor in
            product.withMutableBytes { target in unsafe crypto_scalarmult_ristretto255_base(target, factor) }
        }
        return status == 0 ? consume product : nil
    }
}
