import Basics
import Sentences
import Testing

@testable import Diagnosis

@Suite("what was seen of a way")
struct WayReportTests {
    private func report(_ change: (inout WayReport) -> Void) -> [Finding] {
        var report = WayReport(host: "192.0.2.7", port: 8080, chosen: WayAttempt(port: 5003))
        change(&report)
        return report.findings
    }

    /// The one fault; nil where there is none or several.
    private func fault(_ findings: [Finding]) -> (check: Check, text: String)? {
        let faults = findings.filter(\.isFault)
        guard faults.count == 1 else { return nil }
        return (faults[0].check, faults[0].phrase.text(in: .english))
    }

    @Test("a server that answers makes server, firewall and size well")
    func well() {
        let findings = report {
            $0.chosen.isAnswered = true
            $0.chosen.roundTrip = .milliseconds(3)
        }
        #expect(findings.map(\.check) == [.server, .firewall, .size])
        #expect(findings.allSatisfy { $0.verdict == .well })
        #expect(findings[0].line(in: .english) == "ok     server: 192.0.2.7 answers within 3.0 ms")
    }

    @Test("silence is the server's, unless something tells more")
    func silence() {
        #expect(fault(report { _ in })?.check == .server)
        #expect(fault(report { _ in })?.text.contains("UDP port 8080") == true)
        let refused = fault(report { $0.chosen.problem = .nobodyListens })
        #expect(refused?.check == .server && refused?.text.contains("nobody listens") == true)
        let unreachable = fault(
            report {
                $0.others = [WayAttempt(port: 5001)]; $0.others[0].problem = .unreachable
            })
        #expect(unreachable?.text.contains("can't be reached") == true)
    }

    @Test("a port that gets no answer where another one does is closed by a firewall")
    func closedPort() {
        let found = fault(
            report {
                $0.others = [WayAttempt(port: 5000), WayAttempt(port: 5001)]
                $0.others[1].isAnswered = true
            })
        #expect(found?.check == .firewall)
        #expect(found?.text.contains("5003") == true && found?.text.contains("5001") == true)
    }

    @Test("answers that come and are dropped here make a firewall half open")
    func halfOpen() {
        let found = fault(report { $0.dropsArrivals = true })
        #expect(found?.check == .firewall && found?.text.hasPrefix("half open") == true)
    }

    @Test("what this machine would not send is told before anything else")
    func sending() {
        #expect(fault(report { $0.chosen.problem = .sendingForbidden })?.check == .firewall)
        #expect(fault(report { $0.chosen.problem = .noWay })?.check == .address)
        #expect(fault(report { $0.chosen.problem = .tooLong })?.check == .size)
        let narrow = fault(
            report {
                $0.chosen.problem = .tooLong
                $0.narrowInterface = NarrowInterface(name: "tun0", mtu: 900)
            })
        #expect(narrow?.text.contains("tun0") == true && narrow?.text.contains("900") == true)
        #expect(NarrowInterface(name: "eth0", mtu: NarrowInterface.needed) == nil)
    }

    @Test("short answers alone make the way too narrow")
    func narrow() {
        let findings = report { $0.chosen.isShortAnswered = true }
        #expect(fault(findings)?.check == .size)
        #expect(findings.first?.verdict == .well)
    }

    @Test("each check stands once, whatever was seen", arguments: 0..<256)
    func once(bits: Int) {
        let problems: [WayAttempt.Problem?] = [
            nil, .sendingForbidden, .noWay, .tooLong, .nobodyListens, .unreachable, .other, nil,
        ]
        let findings = report {
            $0.chosen.isAnswered = bits & 1 != 0
            $0.chosen.isShortAnswered = bits & 2 != 0
            $0.dropsArrivals = bits & 4 != 0
            if bits & 8 != 0 { $0.others = [WayAttempt(port: 5000)] }
            if bits & 16 != 0, !$0.others.isEmpty { $0.others[0].isAnswered = true }
            $0.chosen.problem = problems[bits >> 5]
        }
        #expect(Set(findings.map(\.check)).count == findings.count)
        #expect(findings.filter(\.isFault).count == (bits & 1 != 0 ? 0 : 1))
    }
}
