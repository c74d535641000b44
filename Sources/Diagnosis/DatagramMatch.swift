/// Whether a datagram is what a `match` statement asks for.
struct DatagramMatch {
    private let datagram: RuledDatagram

    init(_ datagram: RuledDatagram) {
        self.datagram = datagram
    }

    func holds(_ match: JSONValue) -> RulesetJudge.Truth {
        guard let (kind, left) = match["left"]?.only, let right = match["right"] else { return .depends }
        let truth: RulesetJudge.Truth
        switch kind {
        case "payload":
            // A rule about ports of TCP means TCP, whatever it says about the ports.
            guard let isMeant = payload(left) else { return .depends }
            guard isMeant.protocolFits else { return .no }
            guard let ports = isMeant.ports else { return .depends }
            truth = contains(right, ports)
        case "meta": truth = meta(left["key"]?.text ?? "", right)
        case "ct":
            let state = datagram.isAnswer ? "established" : "new"
            truth = left["key"]?.text == "state" ? words(right, state) : .depends
        default: return .depends
        }
        switch match["op"]?.text {
        case "==", "in", "&", nil: return truth
        case "!=": return truth.negated
        default: return .depends
        }
    }

    /// Whether it is a field of UDP, and the ports that it may name.
    private func payload(_ left: JSONValue) -> (protocolFits: Bool, ports: ClosedRange<Int64>?)? {
        let own = Int64(datagram.port)...Int64(datagram.port)
        switch left["protocol"]?.text {
        case "udp", "th":
            switch left["field"]?.text {
            case "dport": return (true, datagram.isArriving ? own : RuledDatagram.peerPorts)
            case "sport": return (true, datagram.isArriving ? RuledDatagram.peerPorts : own)
            default: return (true, nil)
            }
        case "ip": return (!datagram.isIPv6, nil)
        case "ip6": return (datagram.isIPv6, nil)
        case "tcp", "icmp", "icmpv6", "igmp", "sctp", "dccp", "udplite", "esp", "ah", "arp": return (false, nil)
        default: return nil
        }
    }

    private func meta(_ key: String, _ right: JSONValue) -> RulesetJudge.Truth {
        switch key {
        case "l4proto": words(right, "udp", number: 17)
        case "nfproto": words(right, datagram.isIPv6 ? "ipv6" : "ipv4")
        case "protocol": words(right, datagram.isIPv6 ? "ip6" : "ip")
        case "iif", "iifname": datagram.isArriving ? interface(right) : .no
        case "oif", "oifname": datagram.isArriving ? .no : interface(right)
        default: .depends
        }
    }

    private func interface(_ right: JSONValue) -> RulesetJudge.Truth {
        let names = elements(of: right)
        guard let names, !names.contains(where: { $0.text == nil }) else { return .depends }
        let words = names.compactMap(\.text)
        guard let name = datagram.interface else {
            // It is any but the one that a machine speaks to itself by.
            return words.allSatisfy { $0 == "lo" } ? .no : .depends
        }
        return words.contains { $0 == name || $0.hasSuffix("*") && name.hasPrefix($0.dropLast()) } ? .yes : .no
    }

    /// The values that are named one by one; nil where they are kept elsewhere.
    private func elements(of right: JSONValue) -> [JSONValue]? {
        if case .text(let text) = right, text.hasPrefix("@") { return nil }
        return right["set"]?.list ?? right.list ?? [right]
    }

    private func words(_ right: JSONValue, _ word: String, number: Int64? = nil) -> RulesetJudge.Truth {
        guard let elements = elements(of: right) else { return .depends }
        return elements.contains { $0.text == word || number != nil && $0.number == number } ? .yes : .no
    }

    private func contains(_ right: JSONValue, _ wanted: ClosedRange<Int64>) -> RulesetJudge.Truth {
        guard let elements = elements(of: right) else { return .depends }
        var truth = RulesetJudge.Truth.no
        for element in elements {
            guard let bounds = bounds(of: element) else {
                // A name of a service or a value that is made up of others.
                truth = .depends
                continue
            }
            if bounds.lowerBound <= wanted.lowerBound, wanted.upperBound <= bounds.upperBound { return .yes }
            if bounds.overlaps(wanted) { truth = .depends }
        }
        return truth
    }

    private func bounds(of element: JSONValue) -> ClosedRange<Int64>? {
        if let number = element.number { return number...number }
        guard let bounds = element["range"]?.list?.compactMap(\.number), bounds.count == 2, bounds[0] <= bounds[1]
        else {
            return nil
        }
        return bounds[0]...bounds[1]
    }
}
