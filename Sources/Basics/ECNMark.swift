/// What the network says of congestion in the header of an IP packet (ECN, RFC 3168): the value of the two bits.
package enum ECNMark: UInt8, Hashable, Sendable {
    /// The sender does not understand marks.
    case notECT = 0
    /// As ECT(0) in general, kept for experiments (RFC 8311).
    case ect1 = 1
    /// The sender understands marks. What we send is marked so.
    case ect0 = 2
    /// A router on the way has a queue, and would have dropped the packet had it not been marked.
    case congestion = 3
}
