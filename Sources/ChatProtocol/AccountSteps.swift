package import Basics

/// How a personal password is turned into what the server keeps of it.
///
///     salt 16 | passes 4 | KiB 4
package struct AccountSalt: Hashable, Sendable {
    package static let saltBytes = 16

    /// `saltBytes` bytes.
    package let salt: [UInt8]
    /// Passes of Argon2id.
    package let passes: UInt32
    /// Memory of Argon2id in KiB.
    package let kibibytes: UInt32

    package init(salt: [UInt8], passes: UInt32, kibibytes: UInt32) {
        self.salt = salt
        self.passes = passes
        self.kibibytes = kibibytes
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        salt = try bytes.takeBytes(Self.saltBytes)
        passes = try bytes.take(UInt32.self)
        kibibytes = try bytes.take(UInt32.self)
    }

    func put(into bytes: inout [UInt8]) {
        bytes += salt
        bytes.put(passes)
        bytes.put(kibibytes)
    }
}

/// What the server keeps of a personal password.
///
///     salt | verifier 32
package struct AccountVerifier: Hashable, Sendable, WireValue {
    package static let verifierBytes = 32

    package let salt: AccountSalt
    /// `verifierBytes` bytes: as good as the password to whoever wants to come in, so it is never shown.
    package let verifier: [UInt8]

    package init(salt: AccountSalt, verifier: [UInt8]) {
        self.salt = salt
        self.verifier = verifier
    }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        try self.init(from: &bytes)
        try bytes.expectEnd()
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        salt = try AccountSalt(from: &bytes)
        verifier = try bytes.takeBytes(Self.verifierBytes)
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        salt.put(into: &bytes)
        return bytes + verifier
    }
}

/// A step of registering, from the client: `ClientRequest.account`.
///
///     1                           the client wants to register its name
///     2 | salt | verifier 32      what the server shall keep
package enum RegistrationRequest: Hashable, Sendable, WireValue {
    case begin
    case keep(AccountVerifier)

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        switch try bytes.take(UInt8.self) {
        case 1: self = .begin
        case 2: self = .keep(try AccountVerifier(from: &bytes))
        default: throw .invalid(field: "account step")
        }
        try bytes.expectEnd()
    }

    package func encoded() -> [UInt8] {
        switch self {
        case .begin: [1]
        case .keep(let verifier): [2] + verifier.encoded()
        }
    }
}

/// A step of registering, from the server: `ServerEvent.account`.
///
///     1 | salt              what to hash the password with
///     2 | name text         the name is registered, and that is stored
///     3 | code text | sentence text
package enum RegistrationEvent: Hashable, Sendable, WireValue {
    case salt(AccountSalt)
    case registered(name: String)
    case refused(Refusal)

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        switch try bytes.take(UInt8.self) {
        case 1: self = .salt(try AccountSalt(from: &bytes))
        case 2: self = .registered(name: try bytes.takeName(limit: ChatLimits.nameBytes, field: "registered name"))
        case 3:
            let code = try bytes.takeErrorCode()
            let text = try bytes.takeText(limit: ChatLimits.explanationBytes, field: "sentence")
            self = .refused(Refusal(code: code, text: text))
        default: throw .invalid(field: "account step")
        }
        try bytes.expectEnd()
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .salt(let salt):
            bytes.append(1)
            salt.put(into: &bytes)
        case .registered(let name):
            bytes.append(2)
            bytes.putText(name)
        case .refused(let refusal):
            bytes.append(3)
            bytes.putText(refusal.code.rawValue)
            bytes.putText(refusal.text)
        }
        return bytes
    }
}

/// Asks a device that does not belong to a registered name for the personal password, in a refusal.
///
///     session 16 | salt | share 32
package struct AccountChallenge: Hashable, Sendable {
    package static let sessionBytes = 16
    package static let shareBytes = 32

    /// Names the run; an answer to it is looked at once.
    package let session: [UInt8]
    package let salt: AccountSalt
    /// The server's share of CPace.
    package let share: [UInt8]

    package init(session: [UInt8], salt: AccountSalt, share: [UInt8]) {
        self.session = session
        self.salt = salt
        self.share = share
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        session = try bytes.takeBytes(Self.sessionBytes)
        salt = try AccountSalt(from: &bytes)
        share = try bytes.takeBytes(Self.shareBytes)
    }

    func put(into bytes: inout [UInt8]) {
        bytes += session
        salt.put(into: &bytes)
        bytes += share
    }
}

/// The answer to a challenge, in the next login.
///
///     session 16 | share 32 | tag 32
package struct AccountAnswer: Hashable, Sendable {
    package static let tagBytes = 32

    package let session: [UInt8]
    /// The device's share of CPace.
    package let share: [UInt8]
    /// Shows that both sides reached the same secret.
    package let tag: [UInt8]

    package init(session: [UInt8], share: [UInt8], tag: [UInt8]) {
        self.session = session
        self.share = share
        self.tag = tag
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        session = try bytes.takeBytes(AccountChallenge.sessionBytes)
        share = try bytes.takeBytes(AccountChallenge.shareBytes)
        tag = try bytes.takeBytes(Self.tagBytes)
    }

    func put(into bytes: inout [UInt8]) {
        bytes += session
        bytes += share
        bytes += tag
    }
}
