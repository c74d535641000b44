import Basics

/// What was known of the delivery when a packet left; with its acknowledgement it gives a sample of the rate
/// (draft-cheng-iccrg-delivery-rate-estimation-02, section 3).
package struct DeliverySnapshot: Hashable, Sendable {
    /// Bytes delivered until then, and when the last of them was.
    let delivered: UInt64
    let deliveredAt: Instant
    /// When the packet left whose acknowledgement was the newest then.
    let firstSent: Instant
    /// The owner had nothing more to send, so that the rate says nothing about the path.
    let isAppLimited: Bool
    let stage: BulkCongestion.Stage
    /// Distinguishes one feeler from the next.
    let turn: Int
}
