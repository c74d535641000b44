package import Sentences

/// What a doctor looks at.
package enum Check: String, Hashable, Sendable, CaseIterable {
    /// The address as it was given: whether it is known, and this machine's own or reachable.
    case address
    /// The UDP port of this machine.
    case port
    /// Whether this machine can speak to itself.
    case loopback
    /// Whether the server answers.
    case server
    /// Firewalls, of this machine or on the way.
    case firewall
    /// The longest datagrams that every path must carry.
    case size
    /// Buffers of sockets.
    case buffers
    case clock
    /// Where files are kept.
    case data
    case password
}

/// How the whole ends when a check finds a fault; the programs give it a number.
package enum FaultKind: Hashable, Sendable {
    /// This machine refuses something.
    case system
    /// The server is not reached.
    case unreachable
    /// Files can't be used.
    case file
    /// The login would be refused.
    case refused
    /// What was set up is wrong.
    case configuration
    /// The server's key is not the one that is known.
    case keyChanged
}

/// What one check came to, in one line.
package struct Finding: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case well
        /// It was not looked at, or can't be told.
        case unknown
        case fault(FaultKind)
    }

    package let check: Check
    package let verdict: Verdict
    /// For a fault: what is wrong, and the cure.
    package let phrase: Phrase

    package init(_ check: Check, _ verdict: Verdict, _ say: @escaping @Sendable (any DoctorSentences) -> String) {
        self.check = check
        self.verdict = verdict
        phrase = Phrase { say($0.doctor) }
    }

    /// - Parameter phrase: a sentence from elsewhere.
    package init(_ check: Check, _ verdict: Verdict, phrase: Phrase) {
        self.check = check
        self.verdict = verdict
        self.phrase = phrase
    }

    /// All is well.
    package static func well(
        _ check: Check, _ say: @escaping @Sendable (any DoctorSentences) -> String
    ) -> Finding {
        Finding(check, .well, say)
    }

    /// It can't be told.
    package static func unknown(
        _ check: Check, _ say: @escaping @Sendable (any DoctorSentences) -> String
    ) -> Finding {
        Finding(check, .unknown, say)
    }

    /// Something is wrong; the sentence names it and its cure.
    package static func fault(
        _ check: Check, _ kind: FaultKind, _ say: @escaping @Sendable (any DoctorSentences) -> String
    ) -> Finding {
        Finding(check, .fault(kind), say)
    }

    package var isFault: Bool {
        if case .fault = verdict { true } else { false }
    }

    /// The line that people read: the verdict's word, what was looked at, and what was found.
    package func line(in language: Language) -> String {
        let words = language.doctor
        let word =
            switch verdict {
            case .well: words.well
            case .unknown: words.unknown
            case .fault: words.fault
            }
        let width = max(words.well.count, words.unknown.count, words.fault.count)
        let padding = String(repeating: " ", count: width - word.count)
        return "\(word)\(padding)  \(check.name(in: words)): \(phrase.text(in: language))"
    }

    /// The verdict as a stable word, for scripts.
    package var word: String {
        switch verdict {
        case .well: "ok"
        case .unknown: "unknown"
        case .fault: "fault"
        }
    }
}

extension Check {
    func name(in words: any DoctorSentences) -> String {
        switch self {
        case .address: words.address
        case .port: words.port
        case .loopback: words.loopback
        case .server: words.server
        case .firewall: words.firewall
        case .size: words.size
        case .buffers: words.buffers
        case .clock: words.clock
        case .data: words.data
        case .password: words.password
        }
    }
}
