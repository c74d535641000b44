import Testing

@testable import Bench

@Suite("tour")
struct TourTests {
    private func fanout(members: Int, window: Int, nanoseconds: Double) -> BenchReport {
        var report = BenchReport("fanout")
        report.add("members", "members", members)
        report.add("window", "lines under way", window)
        report.add("deliveries", "deliveries", 1_000)
        report.add("missing", "deliveries missing", 0)
        report.add("cpuNanosecondsPerDelivery", "CPU", nanoseconds)
        report.add("floorNanoseconds", "floor", 4_000)
        return report
    }

    private func latency(loss: Double, enet: Double) -> BenchReport {
        var report = BenchReport("latency")
        report.add("lossPercent", "loss", loss)
        for name in ["ours", "tcp", "kcp", "quic"] { report.add(name + "P99", "", 100) }
        report.add("enetP99", "", enet)
        return report
    }

    @Test("of several runs the medians are told, and every fault")
    func medians() {
        var runs = [3_000.0, 1_000, 2_000].map { fanout(members: 100, window: 1, nanoseconds: $0) }
        runs[1].fail("something was lost")
        let report = BenchReport.median(of: runs)
        #expect(report.figure("cpuNanosecondsPerDelivery") == 2_000)
        #expect(report.figure("runs") == 3)
        #expect(report.fault == "something was lost")
        #expect(BenchReport.median(of: [runs[0]]).figure("runs") == nil)
        #expect(BenchReport.median(of: []).fault != nil)
    }

    @Test("the report has ours beside the others, faults, and what was left out")
    func report() {
        var broken = BenchReport("echo")
        broken.fail("no line was confirmed")
        let report = TourReport(
            results: [fanout(members: 1_000, window: 64, nanoseconds: 350), broken], leftOut: ["idle"],
            picture: "bench.svg")
        #expect(report.text.contains("| 1000 | 64 | 0.35 | 4.00 |"))
        #expect(report.text.contains("(bench.svg)"))
        #expect(report.text.contains("- echo: no line was confirmed\n- idle: left out for want of time"))
    }

    @Test("the picture reads on light and dark ground, and fetches nothing")
    func picture() {
        let results = [
            fanout(members: 100, window: 1, nanoseconds: 5_000), latency(loss: 0, enet: 40),
            latency(loss: 20, enet: .infinity),
        ]
        let svg = TourPicture(results: results).svg
        #expect(svg.contains("prefers-color-scheme:dark") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains(">this<") && svg.contains(">ENet (gives up)<"))
        #expect(!svg.contains("url(") && !svg.contains("href") && !svg.contains("@import"))
    }

    @Test("nothing measured is a picture of the others, not a fault")
    func emptyPicture() {
        #expect(TourPicture(results: []).svg.contains(">InspIRCd<"))
        #expect(TourReport(results: [], leftOut: [], picture: "p.svg").text.hasPrefix("# Figures\n"))
    }

    @Test("on a scale of logarithms equal ratios are equally far apart, and nothing leaves it")
    func logScale() {
        let scale = LogScale(low: 1, high: 100, begin: 0, end: 200)
        #expect(scale.place(1) == 0 && abs(scale.place(10) - 100) < 1e-9 && scale.place(100) == 200)
        #expect(scale.place(0.01) == 0 && scale.place(1e9) == 200 && scale.place(0) == 0)
    }

    @Test("words are kept apart from marks")
    func escaping() {
        var drawing = Drawing(width: 10, height: 10, title: "a & b")
        drawing.text("<1 ms>", at: .init(x: 1, y: 2))
        #expect(drawing.svg.contains("&lt;1 ms&gt;") && drawing.svg.contains("a &amp; b"))
    }
}
