/// How the time of a message is shown.
package enum Timestamps: String, Hashable, Sendable, CaseIterable {
    /// `[2026-01-31 14:30:20]`
    case long
    /// `[14:30:20]`
    case short
    /// Not at all.
    case off
}
