/// The rules of nftables, as `nft -j list ruleset` writes them (libnftables-json(5)), with what is asked of them here:
/// whether a datagram of the chat would get through.
///
/// Of rules that ask for more than is known of the datagram, such as the address it comes from, both outcomes are
/// followed: the answer is then that it depends.
package struct Ruleset: Hashable, Sendable {
    /// A chain with its rules; each rule is a list of statements.
    struct Chain: Hashable, Sendable {
        let family: String
        let table: String
        let name: String
        /// Nil for chains that only others jump to.
        let hook: String?
        /// Whether it may drop: chains for translating addresses and routes do not matter here.
        let isFilter: Bool
        let dropsByPolicy: Bool
        var rules: [[JSONValue]] = []

        /// `inet filter input`
        var path: String { "\(family) \(table) \(name)" }
    }

    private(set) var chains: [Chain] = []

    /// More rules than this are not looked at; the answer is then that it depends.
    package static let ruleLimit = 10_000
    package private(set) var isCut = false

    /// Reads what the tool wrote. Total: what is not understood is left out, or counts as a rule that is not understood.
    package init(_ document: JSONValue) {
        var count = 0
        for item in document["nftables"]?.list ?? [] {
            if let chain = item["chain"].flatMap(Self.chain) {
                chains.append(chain)
            } else if let rule = item["rule"] {
                count += 1
                guard count <= Self.ruleLimit else {
                    isCut = true
                    continue
                }
                add(rule)
            }
        }
    }

    private static func chain(_ value: JSONValue) -> Chain? {
        guard let family = value["family"]?.text, let table = value["table"]?.text, let name = value["name"]?.text
        else { return nil }
        return Chain(
            family: family, table: table, name: name, hook: value["hook"]?.text,
            isFilter: value["type"]?.text == "filter", dropsByPolicy: value["policy"]?.text == "drop")
    }

    private mutating func add(_ rule: JSONValue) {
        let (family, table, name) = (rule["family"]?.text, rule["table"]?.text, rule["chain"]?.text)
        guard
            let index = chains.firstIndex(where: { $0.family == family && $0.table == table && $0.name == name })
        else { return }
        chains[index].rules.append(rule["expr"]?.list ?? [.null])
    }

    func chain(_ name: String, beside chain: Chain) -> Chain? {
        chains.first { $0.family == chain.family && $0.table == chain.table && $0.name == name }
    }
}

/// What is known of a datagram that rules are asked about.
package struct RuledDatagram: Hashable, Sendable {
    package var isIPv6: Bool
    /// Whether it comes in; else it goes out.
    package var isArriving: Bool
    /// The port here: where it goes when it comes in, where it is from when it goes out.
    package var port: UInt16
    /// The ports that the other side may have: those that clients take first.
    package static let peerPorts: ClosedRange<Int64> = 5000...5010
    /// Whether it belongs to a chat that the firewall has seen answered.
    package var isAnswer: Bool
    /// The interface; nil where it may be any but the one of this machine for itself.
    package var interface: String?

    package init(isIPv6: Bool, isArriving: Bool, port: UInt16, isAnswer: Bool, interface: String? = nil) {
        self.isIPv6 = isIPv6
        self.isArriving = isArriving
        self.port = port
        self.isAnswer = isAnswer
        self.interface = interface
    }
}
