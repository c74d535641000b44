package import Basics

/// Something that must never happen has happened.
package struct Breach: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened.
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }
}

/// A breach with where it was seen, and how to see it again.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// The world in which it happened.
    package let seed: UInt64
    /// When, since the world began.
    package let time: Duration
    /// Who saw it, and what.
    package let text: String

    /// What the world was played with beside its seed.
    package var arguments = ""

    /// The one command that shows it again.
    package var replay: String { "make sim SEED=\(seed)" + (arguments.isEmpty ? "" : " ARGS=\(arguments)") }

    package var description: String {
        "seed \(seed), at \(time): \(text)\nreplay: \(replay)"
    }
}
