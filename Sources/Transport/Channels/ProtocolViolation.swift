package import Basics

/// A peer that authenticated and yet sent what no honest one sends. The connection closes and says why.
package enum ProtocolViolation: Error, Hashable, Sendable {
    case malformed(WireError)
    case acknowledgementOfUnsent
    case conflictingFragment
    case windowExceeded
    case unexpectedLog
    /// A client gave out a connection ID.
    case unexpectedConnectionID
    /// Two connection IDs with one number, two numbers of one, or two reset tokens (RFC 9000, section 19.15).
    case conflictingConnectionID
    case tooManyConnectionIDs
    /// A client told the server how to acknowledge.
    case unexpectedPolicy
    /// A frame of a stream that was not granted credit.
    case unexpectedStream
    /// More bytes than were granted.
    case creditExceeded
    /// Another length, or other bytes, than were told before.
    case conflictingStream
    /// So many gaps as no honest sender leaves.
    case streamGaps
    /// A second key update before the first was acknowledged (RFC 9001, section 6.2).
    case prematureKeyUpdate
    /// A packet under the old key that acknowledges one under the new key (RFC 9001, section 6.2).
    case staleKey
    /// Not the peer's breach: as many packets failed to authenticate as the cipher bears (RFC 9001, section 6.6).
    case forgeryLimit
    /// Not a breach: all packet numbers of the connection are used up, by us or by the peer.
    case packetNumbersExhausted

    /// What the CLOSE frame says.
    package var text: String {
        switch self {
        case .malformed: "malformed frame"
        case .acknowledgementOfUnsent: "acknowledgement of a packet never sent"
        case .conflictingFragment: "conflicting fragment"
        case .windowExceeded: "message beyond the window"
        case .unexpectedLog: "message of an unknown log"
        case .unexpectedConnectionID: "connection ID from a client"
        case .conflictingConnectionID: "conflicting connection IDs"
        case .tooManyConnectionIDs: "too many connection IDs"
        case .unexpectedPolicy: "acknowledgement policy from a client"
        case .unexpectedStream: "stream without credit"
        case .creditExceeded: "stream beyond its credit"
        case .conflictingStream: "conflicting bytes or end of a stream"
        case .streamGaps: "too many gaps in a stream"
        case .prematureKeyUpdate: "key update before the last one was acknowledged"
        case .staleKey: "acknowledgement under an outdated key"
        case .forgeryLimit: "too many forged packets"
        case .packetNumbersExhausted: "packet numbers used up"
        }
    }
}
