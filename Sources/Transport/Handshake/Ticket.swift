package import Basics
package import Crypto

/// Who a ticket is for: what the server must know when it is shown.
package struct TicketHolder: Hashable, Sendable {
    /// The device key that was proved at the login, 32 bytes.
    package var deviceKey: [UInt8]
    /// What the application knows the holder by: at most `Limits.ticketIdentityBytes`.
    package var identity: [UInt8]

    package init(deviceKey: [UInt8], identity: [UInt8]) {
        self.deviceKey = deviceKey
        self.identity = identity
    }
}

/// What a ticket carries. Only the server that sealed it reads it.
///
///     secret 64 | format 1 | ticket ID 16 | issued 8 | password epoch 8 | device key 32 | length 1 | identity, padded
package struct TicketContent: Sendable {
    /// What both sides derive the resumed connection's keys from.
    package var secret: SecretBox
    /// Random: no two tickets are alike inside.
    package var id: [UInt8]
    /// Seconds since 1970, by the server's clock.
    package var issued: Int64
    /// The epoch of the password that the holder proved.
    package var passwordEpoch: [UInt8]
    package var holder: TicketHolder

    static let format: UInt8 = 1
    static let idBytes = 16
    private static let secretBytes = ResumptionSecrets.secretBytes
    private static let openBytes =
        1 + idBytes + 8 + ResumptionSecrets.passwordEpochBytes + SigningKey.publicKeyBytes + 1
        + Limits.ticketIdentityBytes
    /// The length of every ticket's content.
    static let bytes = secretBytes + openBytes

    package init(
        secret: SecretBox, id: [UInt8], issued: Int64, passwordEpoch: [UInt8], holder: TicketHolder
    ) {
        self.secret = secret
        self.id = id
        self.issued = issued
        self.passwordEpoch = passwordEpoch
        self.holder = holder
    }

    /// Always `bytes` long. An identity that is too long gives nil, as do other fields of a wrong length.
    package func encoded() -> SecretBytes? {
        guard secret.bytes.count == Self.secretBytes, id.count == Self.idBytes,
            passwordEpoch.count == ResumptionSecrets.passwordEpochBytes,
            holder.deviceKey.count == SigningKey.publicKeyBytes,
            holder.identity.count <= Limits.ticketIdentityBytes
        else { return nil }
        var rest: [UInt8] = [Self.format]
        rest += id
        rest.put(issued)
        rest += passwordEpoch
        rest += holder.deviceKey
        rest.append(UInt8(holder.identity.count))
        rest += holder.identity
        rest += [UInt8](repeating: 0, count: Self.openBytes - rest.count)
        var writer = SecretWriter(capacity: Self.bytes)
        writer.append(secret.bytes)
        writer.append(rest)
        return writer.finish()
    }

    /// - Throws: `WireError` for everything that `encoded` could not have made.
    package init(parsing content: borrowing SecretBytes) throws(WireError) {
        guard content.count == Self.bytes else {
            throw .truncated(needed: Self.bytes, remaining: content.count)
        }
        let rest = content.part(Self.secretBytes..<Self.bytes).revealed()
        var input = rest.span
        guard try input.take(UInt8.self) == Self.format else { throw .invalid(field: "ticket format") }
        id = try input.takeBytes(Self.idBytes)
        issued = try input.take(Int64.self)
        passwordEpoch = try input.takeBytes(ResumptionSecrets.passwordEpochBytes)
        let deviceKey = try input.takeBytes(SigningKey.publicKeyBytes)
        let length = Int(try input.take(UInt8.self))
        guard length <= Limits.ticketIdentityBytes else { throw .invalid(field: "ticket identity") }
        holder = TicketHolder(deviceKey: deviceKey, identity: try input.takeBytes(length))
        try input.expectZeros()
        secret = SecretBox(content.part(0..<Self.secretBytes))
    }
}

/// A client's side of a ticket: the sealed bytes, which it can't read, and the secret that belongs to them.
package struct ResumptionTicket: Sendable {
    /// `Limits.ticketBytes` long.
    package let sealed: [UInt8]
    package let secret: SecretBox
    /// The key of the server that gave it: nobody else is shown it.
    package let serverKey: [UInt8]

    /// - Returns: nil when a length is wrong.
    package init?(sealed: [UInt8], secret: SecretBox, serverKey: [UInt8]) {
        guard sealed.count == Limits.ticketBytes, secret.bytes.count == ResumptionSecrets.secretBytes,
            serverKey.count == SigningKey.publicKeyBytes
        else { return nil }
        self.sealed = sealed
        self.secret = secret
        self.serverKey = serverKey
    }
}
