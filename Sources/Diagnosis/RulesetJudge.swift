/// Follows a datagram through the rules.
struct RulesetJudge {
    /// What may become of a datagram in a chain or by a rule.
    struct Outcomes: OptionSet {
        let rawValue: UInt8
        static let accepted = Outcomes(rawValue: 1)
        static let dropped = Outcomes(rawValue: 2)
        /// The chain has no more to say.
        static let returned = Outcomes(rawValue: 4)
        /// The next rule of the chain is asked.
        static let next = Outcomes(rawValue: 8)
        /// Of a rule that is not understood.
        static let anything: Outcomes = [.accepted, .dropped, .next]
    }

    /// Whether a condition holds.
    enum Truth {
        case yes
        case no
        case depends
    }

    let ruleset: Ruleset
    let datagram: RuledDatagram

    /// Chains jump to others at most so deep (NFT_JUMP_STACK_SIZE).
    private static let depthLimit = 16

    func outcomes(of chain: Ruleset.Chain, depth: Int = 0) -> Outcomes {
        guard depth < Self.depthLimit else { return [.accepted, .dropped] }
        var outcomes: Outcomes = []
        for rule in chain.rules {
            let effect = effect(of: rule, in: chain, depth: depth)
            outcomes.formUnion(effect.subtracting(.next))
            guard effect.contains(.next) else { return outcomes }
        }
        return outcomes.union(.returned)
    }

    private func effect(of rule: [JSONValue], in chain: Ruleset.Chain, depth: Int) -> Outcomes {
        var truth = Truth.yes
        for statement in rule {
            guard let (name, value) = statement.only else { return .anything }
            switch name {
            case "accept": return truth.applied(.accepted)
            case "drop", "reject": return truth.applied(.dropped)
            case "return": return truth.applied(.returned)
            case "jump", "goto":
                guard let target = value["target"]?.text.flatMap({ ruleset.chain($0, beside: chain) }) else {
                    return .anything
                }
                let inner = outcomes(of: target, depth: depth + 1)
                guard name == "jump", inner.contains(.returned) else { return truth.applied(inner) }
                return truth.applied(inner.subtracting(.returned).union(.next))
            case "vmap", "queue", "xt", "synproxy", "tproxy", "dup", "fwd": return .anything
            case "match": truth = truth.and(DatagramMatch(datagram).holds(value))
            case "limit": truth = truth.and(value["inv"] == .boolean(true) ? .no : .yes)
            case "set", "meter": truth = truth.and(Self.isOverLimit(value) ? .no : .yes)
            case "counter", "log", "mangle", "notrack", "ct helper", "quota", "comment": break
            default: truth = truth.and(.depends)
            }
            if truth == .no { return .next }
        }
        return .next
    }

    /// `update @set { ip saddr limit rate over ... }`: one datagram is over no limit.
    private static func isOverLimit(_ value: JSONValue) -> Bool {
        let statements = value["stmt"]?.list ?? [value["stmt"] ?? .null]
        return statements.contains { $0["limit"]?["inv"] == .boolean(true) }
    }
}

extension RulesetJudge.Truth {
    /// What a rule does whose conditions hold so.
    func applied(_ effect: RulesetJudge.Outcomes) -> RulesetJudge.Outcomes {
        switch self {
        case .yes: effect
        case .no: .next
        case .depends: effect.union(.next)
        }
    }

    func and(_ other: RulesetJudge.Truth) -> RulesetJudge.Truth {
        switch (self, other) {
        case (.no, _), (_, .no): .no
        case (.yes, .yes): .yes
        case (.depends, _), (_, .depends): .depends
        }
    }

    var negated: RulesetJudge.Truth {
        switch self {
        case .yes: .no
        case .no: .yes
        case .depends: .depends
        }
    }
}

extension Ruleset {
    /// What the rules do with a datagram.
    package enum Verdict: Hashable, Sendable {
        case passes
        /// By this chain: `inet filter input`.
        case dropped(chain: String)
        /// By more than is known.
        case depends
    }

    /// Asks every chain that such a datagram comes by.
    package func verdict(on datagram: RuledDatagram) -> Verdict {
        let hooks = datagram.isArriving ? ["prerouting", "input"] : ["output", "postrouting"]
        let judge = RulesetJudge(ruleset: self, datagram: datagram)
        var verdict: Verdict = isCut ? .depends : .passes
        for chain in chains where chain.isFilter && hooks.contains(chain.hook ?? "") && concerns(chain, datagram) {
            var outcomes = judge.outcomes(of: chain)
            if outcomes.contains(.returned) { outcomes.formUnion(chain.dropsByPolicy ? .dropped : .accepted) }
            guard outcomes.contains(.dropped) else { continue }
            guard outcomes.contains(.accepted) else { return .dropped(chain: chain.path) }
            verdict = .depends
        }
        return verdict
    }

    private func concerns(_ chain: Chain, _ datagram: RuledDatagram) -> Bool {
        switch chain.family {
        case "inet": true
        case "ip": !datagram.isIPv6
        case "ip6": datagram.isIPv6
        default: false
        }
    }
}
