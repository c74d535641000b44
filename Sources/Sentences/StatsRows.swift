/// What stands before the counts of `:stats`, in their order.
package struct StatsRows: Hashable, Sendable {
    package let uptime: String
    package let members: String
    package let people: String
    package let groups: String
    package let bansAndMutes: String
    package let topic: String
    package let slowMode: String
    package let lastEntry: String
    package let messages: String
    package let refusals: String
    package let datagrams: String
    package let dropped: String
    package let droppedByKernel: String
}
