package import Basics

/// What the work of a number of lines came to.
package struct WorkResult: Sendable {
    /// Lines said, and lines that arrived, all members together.
    package var lines = 0
    package var deliveries = 0
    /// Deliveries that did not come about, or came twice or out of order.
    package var missing = 0
    package var misplaced = 0
    /// Allocations while datagrams were received, what was stored was taken, timers were served, datagrams made.
    package var receiving = 0
    package var storing = 0
    package var timing = 0
    package var sending = 0
    package var datagramsSent = 0
    package var bytesSent = 0
    package var datagramsReceived = 0
    package var sendCalls = 0
    package var receiveCalls = 0
    package var cpu = Duration.zero

    package init() {}

    /// Allocations of all kinds.
    package var allocations: Int { receiving + storing + timing + sending }

    /// So many of something for each delivery.
    package func perDelivery(_ count: Int) -> Double { Double(count) / Double(max(1, deliveries)) }
}
