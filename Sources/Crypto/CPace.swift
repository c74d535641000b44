/// Why a CPace run must be given up.
package enum CPaceError: Error, Hashable, Sendable {
    /// A share is not the encoding of an element, or leads to the identity.
    case invalidShare
}

/// The parts of CPACE-RISTR255-SHA512 (draft-irtf-cfrg-cpace-21, sections 6 and 7): strings, generator, shared secret.
package enum CPace {
    /// The domain separator of the suite (section 8.2).
    package static let domain = Array("CPaceRistretto255".utf8)

    /// The input block of SHA-512, in bytes. Padding to it makes hashing the password's block take the same time for
    /// each password that fits.
    private static let blockBytes = 128

    /// `generator_string`: what the generator is derived from.
    ///
    /// - Parameters:
    ///   - prs: the password-related string.
    ///   - channel: CI, who talks to whom.
    ///   - session: sid, unique for each run.
    package static func generatorString(
        prs: borrowing SecretBytes, channel: [UInt8], session: [UInt8]
    ) -> SecretBytes {
        let lengthOfPRS = LengthValue.length(prs.count).count + prs.count
        let padding = max(0, blockBytes - 1 - lengthOfPRS - LengthValue.prepend(domain).count)
        let parts = domain.count + prs.count + padding + channel.count + session.count
        var writer = SecretWriter(capacity: parts + 5 * LengthValue.maximumLengthBytes)
        writer.appendLengthValue(domain)
        writer.appendLengthValue(prs)
        writer.appendLengthValue([UInt8](repeating: 0, count: padding))
        writer.appendLengthValue(channel)
        writer.appendLengthValue(session)
        return writer.finish()
    }

    /// `calculate_generator`: the element that stands for the password in this run. Whoever saw it could try passwords
    /// offline, so it is a secret.
    package static func generator(prs: borrowing SecretBytes, channel: [UInt8], session: [UInt8]) -> SecretBytes {
        let string = generatorString(prs: prs, channel: channel, session: session)
        return Ristretto255.element(fromHash: Digest.sha512(string))
    }

    /// `transcript_ir`: both shares with their associated data, for parties with roles.
    package static func transcript(
        initiator: (share: [UInt8], data: [UInt8]), responder: (share: [UInt8], data: [UInt8])
    ) -> [UInt8] {
        LengthValue.cat(initiator.share, initiator.data) + LengthValue.cat(responder.share, responder.data)
    }

    /// `transcript_oc`: both shares with their associated data in byte order, for parties without roles.
    package static func symmetricTranscript(
        _ first: (share: [UInt8], data: [UInt8]), _ second: (share: [UInt8], data: [UInt8])
    ) -> [UInt8] {
        LengthValue.orderedCat(
            LengthValue.cat(first.share, first.data), LengthValue.cat(second.share, second.data))
    }

    /// The intermediate session key: `H(lv_cat(DSI_ISK, sid, K) | transcript)`.
    ///
    /// - Returns: 64 bytes, not yet confirmed: only equal passwords gave both sides the same.
    package static func sessionKey(
        session: [UInt8], point: borrowing SecretBytes, transcript: [UInt8]
    ) -> SecretBytes {
        let label = domain + Array("_ISK".utf8)
        let parts = label.count + session.count + point.count + transcript.count
        var writer = SecretWriter(capacity: parts + 3 * LengthValue.maximumLengthBytes)
        writer.appendLengthValue(label)
        writer.appendLengthValue(session)
        writer.appendLengthValue(point)
        writer.append(transcript)
        return Digest.sha512(writer.finish())
    }
}

/// One side of a CPace run: it draws a scalar, sends `share`, and turns the other's share into the shared secret.
package final class CPaceParty: Sendable {
    private let session: [UInt8]
    private let scalar: SecretBytes

    /// What the other side needs, 32 bytes; it tells nothing about the password.
    package let share: [UInt8]

    /// Starts a run with a fresh scalar.
    ///
    /// - Parameters:
    ///   - prs: the password-related string.
    ///   - channel: CI, the same on both sides.
    ///   - session: sid, the same on both sides and unique for each run.
    /// - Throws: `invalidShare` when the share would be the identity; chance does not bring that about.
    package convenience init(
        prs: borrowing SecretBytes, channel: [UInt8], session: [UInt8], using random: inout some RandomNumberGenerator
    ) throws(CPaceError) {
        let uniform = SecretBytes(count: Ristretto255.hashBytes, using: &random)
        try self.init(prs: prs, channel: channel, session: session, scalar: Ristretto255.scalar(reducing: uniform))
    }

    /// Starts a run with a given scalar, as the published vectors need it.
    ///
    /// - Parameter scalar: 32 bytes; uniform and used once, or the password is lost.
    /// - Throws: `invalidShare` when the share would be the identity.
    package init(
        prs: borrowing SecretBytes, channel: [UInt8], session: [UInt8], scalar: consuming SecretBytes
    ) throws(CPaceError) {
        let generator = CPace.generator(prs: prs, channel: channel, session: session)
        guard let share = Ristretto255.multiply(generator, by: scalar) else { throw .invalidShare }
        self.share = share.revealed()
        self.session = session
        self.scalar = scalar
    }

    /// `scalar_mult_vfy`: the point K that both sides reach.
    ///
    /// - Throws: `invalidShare` for a share that is not the encoding of an element, and for the identity.
    package func point(peerShare: [UInt8]) throws(CPaceError) -> SecretBytes {
        guard let point = Ristretto255.multiply(SecretBytes(copying: peerShare.span), by: scalar) else {
            throw .invalidShare
        }
        return point
    }

    /// The intermediate session key, over the transcript of parties with roles.
    ///
    /// - Parameters:
    ///   - peerShare: what the other side sent, unchecked.
    ///   - initiator: the client's share and its associated data (Ya, ADa).
    ///   - responder: the server's share and its associated data (Yb, ADb).
    /// - Returns: 64 bytes, not yet confirmed.
    /// - Throws: `invalidShare` for a share that is not the encoding of an element, and for the identity.
    package func sharedSecret(
        peerShare: [UInt8],
        initiator: (share: [UInt8], data: [UInt8]),
        responder: (share: [UInt8], data: [UInt8])
    ) throws(CPaceError) -> SecretBytes {
        let point = try point(peerShare: peerShare)
        let transcript = CPace.transcript(initiator: initiator, responder: responder)
        return CPace.sessionKey(session: session, point: point, transcript: transcript)
    }
}

/// The password of a room in the form in which CPace takes it.
package final class RoomPassword: Sendable {
    /// The password-related string: `lv_cat("room", password)`.
    package let prs: SecretBytes

    /// - Parameter password: prepared (RFC 8265), at most 1,024 bytes.
    package init(prepared password: borrowing SecretBytes) {
        let kind = Array("room".utf8)
        var writer = SecretWriter(capacity: kind.count + password.count + 2 * LengthValue.maximumLengthBytes)
        writer.appendLengthValue(kind)
        writer.appendLengthValue(password)
        prs = writer.finish()
    }
}
