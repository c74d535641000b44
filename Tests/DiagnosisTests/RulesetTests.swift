import Foundation
import Testing

@testable import Diagnosis

@Suite("rules of a firewall")
struct RulesetTests {
    /// A table `inet t` with a chain `i` at the input hook and `o` at the output hook, and further rules.
    private func ruleset(
        _ rules: [(chain: String, expression: String)], inputPolicy: String = "drop", outputPolicy: String = "accept"
    ) throws -> Ruleset {
        var items = ["i", "o", "c"].map { name in
            let hook =
                name == "c"
                ? ""
                : """
                , "type": "filter", "hook": "\(name == "i" ? "input" : "output")", "prio": 0,
                "policy": "\(name == "i" ? inputPolicy : outputPolicy)"
                """
            return """
                {"chain": {"family": "inet", "table": "t", "name": "\(name)"\(hook)}}
                """
        }
        items += rules.map { rule in
            """
            {"rule": {"family": "inet", "table": "t", "chain": "\(rule.chain)", "expr": [\(rule.expression)]}}
            """
        }
        let text = "{\"nftables\": [{\"metainfo\": {\"version\": \"1.0.6\"}}, \(items.joined(separator: ","))]}"
        return Ruleset(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
    }

    private static let knock = RuledDatagram(isIPv6: false, isArriving: true, port: 8080, isAnswer: false)
    private static let answer = RuledDatagram(isIPv6: false, isArriving: false, port: 8080, isAnswer: true)

    private func input(_ expressions: String..., policy: String = "drop") throws -> Ruleset.Verdict {
        try ruleset(expressions.map { ("i", $0) }, inputPolicy: policy).verdict(on: Self.knock)
    }

    private func port(_ port: String, of kind: String = "udp", _ field: String = "dport", op: String = "==") -> String {
        """
        {"match": {"op": "\(op)", "left": {"payload": {"protocol": "\(kind)", "field": "\(field)"}}, "right": \(port)}}
        """
    }

    private func meta(_ key: String, _ right: String, op: String = "==") -> String {
        "{\"match\": {\"op\": \"\(op)\", \"left\": {\"meta\": {\"key\": \"\(key)\"}}, \"right\": \(right)}}"
    }

    private func state(_ right: String) -> String {
        "{\"match\": {\"op\": \"in\", \"left\": {\"ct\": {\"key\": \"state\"}}, \"right\": \(right)}}"
    }

    private let accept = "{\"accept\": null}"
    private let drop = "{\"drop\": null}"
    private let closed = Ruleset.Verdict.dropped(chain: "inet t i")

    @Test("no rules let everything through")
    func none() throws {
        #expect(Ruleset(.null).verdict(on: Self.knock) == .passes)
        #expect(Ruleset(.list([.null])).verdict(on: Self.answer) == .passes)
        #expect(try input(policy: "accept") == .passes)
    }

    @Test("a chain that drops by its policy is open where a rule says so, and names itself where none does")
    func policy() throws {
        #expect(try input() == closed)
        #expect(try input("\(port("8080")), \(accept)") == .passes)
        #expect(try input("\(port("8081")), \(accept)") == closed)
        #expect(try input("\(port("{\"range\": [8000, 8100]}")), \(accept)") == .passes)
        #expect(try input("\(port("{\"set\": [53, {\"range\": [8080, 8081]}]}")), \(accept)") == .passes)
        #expect(try input("\(port("{\"set\": [53, 8081]}")), \(accept)") == closed)
        #expect(try input("\(port("8080", of: "th")), \(accept)") == .passes)
        #expect(try input("\(port("8080", of: "tcp")), \(accept)") == closed)
        #expect(try input("\(port("22", of: "tcp", op: "!=")), \(accept)") == closed)
        #expect(try input("\(port("\"@open\"")), \(accept)") == .depends)
    }

    @Test("rules are followed in their order, also into other chains and back")
    func order() throws {
        #expect(try input("\(port("8080")), \(drop)", accept) == closed)
        #expect(try input(accept, drop) == .passes)
        let jump = "{\"jump\": {\"target\": \"c\"}}"
        func verdict(_ inner: String..., then more: String = "", by way: String) throws -> Ruleset.Verdict {
            let rules = [("i", way)] + inner.map { ("c", $0) } + (more.isEmpty ? [] : [("i", more)])
            return try ruleset(rules).verdict(on: Self.knock)
        }
        #expect(try verdict("\(port("8080")), \(accept)", by: jump) == .passes)
        #expect(try verdict("\(port("8081")), \(accept)", then: accept, by: jump) == .passes)
        #expect(try verdict("{\"return\": null}", drop, then: accept, by: jump) == .passes)
        #expect(try verdict("{\"return\": null}", then: accept, by: "{\"goto\": {\"target\": \"c\"}}") == closed)
        #expect(try verdict(then: accept, by: "{\"jump\": {\"target\": \"nowhere\"}}") == .depends)
        // A chain that jumps to itself ends.
        #expect(try ruleset([("c", jump), ("i", jump)]).verdict(on: Self.knock) != .passes)
    }

    @Test("what came by is known by its state; strangers are new, answers are established")
    func states() throws {
        let known = "\(state("[\"established\", \"related\"]")), \(accept)"
        #expect(try input(known) == closed)
        #expect(try input("\(state("\"new\"")), \(port("8080")), \(accept)") == .passes)
        let halfOpen = try ruleset(
            [("i", "\(port("8080")), \(accept)"), ("o", "\(port("53")), \(accept)")], outputPolicy: "drop")
        #expect(halfOpen.verdict(on: Self.knock) == .passes)
        #expect(halfOpen.verdict(on: Self.answer) == .dropped(chain: "inet t o"))
        let open = try ruleset([("o", known)], outputPolicy: "drop")
        #expect(open.verdict(on: Self.answer) == .passes)
        let bySource = try ruleset([("o", "\(port("8080", "sport")), \(accept)")], outputPolicy: "drop")
        #expect(bySource.verdict(on: Self.answer) == .passes)
        func byClient(_ ports: String) throws -> Ruleset.Verdict {
            try ruleset([("o", "\(port(ports)), \(accept)")], outputPolicy: "drop").verdict(on: Self.answer)
        }
        #expect(try byClient("{\"range\": [5000, 5010]}") == .passes)
        #expect(try byClient("{\"range\": [5000, 5003]}") == .depends)
        #expect(try byClient("{\"range\": [5010, 5000]}") == .depends)
    }

    @Test("the interface of this machine for itself is none that strangers come by; others may be")
    func interfaces() throws {
        #expect(try input("\(meta("iif", "\"lo\"")), \(accept)") == closed)
        #expect(try input("\(meta("iifname", "\"lo\"", op: "!=")), \(drop)", accept) == closed)
        #expect(try input("\(meta("iifname", "\"eth0\"")), \(accept)") == .depends)
        var here = Self.knock
        here.interface = "eth0"
        let rules = try ruleset([("i", "\(meta("iifname", "\"eth*\"")), \(accept)")])
        #expect(rules.verdict(on: here) == .passes)
        here.interface = "wlan0"
        #expect(rules.verdict(on: here) == closed)
    }

    @Test("limits let a single datagram through, whichever way they are written")
    func limits() throws {
        let over = """
            {"set": {"op": "update", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@s",
            "stmt": [{"limit": {"rate": 20, "burst": 40, "per": "second", "inv": true}}]}}
            """
        #expect(try input("\(port("8080")), \(over), \(drop)", "\(port("8080")), \(accept)") == .passes)
        let under = "{\"limit\": {\"rate\": 20, \"per\": \"second\"}}"
        #expect(try input("\(port("8080")), \(under), {\"counter\": {\"packets\": 1}}, \(accept)") == .passes)
        let inverted = "{\"limit\": {\"rate\": 20, \"per\": \"second\", \"inv\": true}}"
        #expect(try input("\(inverted), \(drop)", accept) == .passes)
    }

    @Test("what is not known makes it depend, unless it makes no difference")
    func unknown() throws {
        let source = port("\"192.168.1.0\"", of: "ip", "saddr")
        #expect(try input("\(source), \(accept)") == .depends)
        #expect(try input("\(source), \(accept)", policy: "accept") == .passes)
        #expect(try input("\(source), \(drop)") == closed)
        #expect(try input("{\"xt\": {\"type\": \"match\", \"name\": \"addrtype\"}}") == .depends)
        #expect(try input("{\"news\": null}, \(drop)", policy: "accept") == .depends)
        #expect(try input(accept, "{\"xt\": null}") == .passes)
        #expect(try input("\(meta("l4proto", "\"tcp\"")), \(accept)") == closed)
        #expect(try input("\(meta("l4proto", "{\"set\": [\"tcp\", \"udp\"]}")), \(accept)") == .passes)
        #expect(try input("\(meta("l4proto", "17")), \(accept)") == .passes)
    }

    @Test("a family that the datagram is not of has no say; one that it is of has")
    func families() throws {
        let text = """
            {"nftables": [{"chain": {"family": "ip6", "table": "t", "name": "i", "type": "filter", "hook": "input",
            "prio": 0, "policy": "drop"}}]}
            """
        let rules = Ruleset(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
        #expect(rules.verdict(on: Self.knock) == .passes)
        var six = Self.knock
        six.isIPv6 = true
        #expect(rules.verdict(on: six) == .dropped(chain: "ip6 t i"))
    }

    @Test("more rules than the limit are not looked at, and that is known")
    func bound() throws {
        let rule = JSONValue.object([
            "rule": .object([
                "family": .text("inet"), "table": .text("t"), "chain": .text("i"), "expr": .list([]),
            ])
        ])
        let chain = JSONValue.object([
            "chain": .object(["family": .text("inet"), "table": .text("t"), "name": .text("i")])
        ])
        let document = { (count: Int) in
            JSONValue.object(["nftables": .list([chain] + Array(repeating: rule, count: count))])
        }
        #expect(Ruleset(document(Ruleset.ruleLimit)).isCut == false)
        let cut = Ruleset(document(Ruleset.ruleLimit + 1))
        #expect(cut.isCut && cut.chains[0].rules.count == Ruleset.ruleLimit)
        #expect(cut.verdict(on: Self.knock) == .depends)
    }
}
