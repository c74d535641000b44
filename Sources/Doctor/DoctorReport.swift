package import Diagnosis
package import ProgramFrame
package import Sentences

/// All findings of a doctor, to be told.
package struct DoctorReport: Sendable {
    private var found: [Finding] = []

    package init() {}

    package mutating func add(_ finding: Finding) {
        found.append(finding)
    }

    package mutating func add(_ findings: [Finding]) {
        found += findings
    }

    /// One for each check, in their order: a fault if there is one, else what was found first.
    package var findings: [Finding] {
        Check.allCases.compactMap { check in
            let all = found.filter { $0.check == check }
            return all.first(where: \.isFault) ?? all.first
        }
    }

    /// `fine` only if no check found a fault; else that of the first one.
    package var status: ExitStatus {
        for finding in findings {
            if case .fault(let kind) = finding.verdict { return kind.status }
        }
        return .fine
    }

    /// Tells it.
    ///
    /// - Returns: how the program ends.
    package func tell(by voice: ProgramVoice, in language: Language) -> ExitStatus {
        let lines = findings.map { $0.line(in: language) }
        let summary = language.doctor.summary(faults: findings.filter(\.isFault).count)
        let told = voice.answer((lines + [summary]).map { $0 + "\n" }.joined())
        return told == .fine ? status : told
    }
}

extension FaultKind {
    fileprivate var status: ExitStatus {
        switch self {
        case .system: .system
        case .unreachable: .unreachable
        case .file: .file
        case .refused: .refused
        case .configuration: .configuration
        case .keyChanged: .keyChanged
        }
    }
}
