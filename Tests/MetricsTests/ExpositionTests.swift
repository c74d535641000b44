import Testing

@testable import Metrics

@Suite("figures in the text format of Prometheus")
struct ExpositionTests {
    @Test("a family has its help, its type, and a line for each sample")
    func families() {
        var page = Exposition()
        page.add("a_members", .gauge, "People.", 3)
        page.add("a_ratio", .gauge, "A share.", 0.25)
        page.add("a_none", .gauge, "No number.", Double.nan)
        page.add("a_total", .counter, "Things.", by: "reason", [("x", 1), ("y \"z\"\\\n", 2)])
        #expect(
            page.text == """
                # HELP a_members People.
                # TYPE a_members gauge
                a_members 3
                # HELP a_ratio A share.
                # TYPE a_ratio gauge
                a_ratio 0.25
                # HELP a_total Things.
                # TYPE a_total counter
                a_total{reason="x"} 1
                a_total{reason="y \\"z\\"\\\\\\n"} 2

                """)
    }

    @Test("a histogram counts what is at most so long, and all in the end")
    func histogram() {
        var spans = Histogram(bounds: [1, 50, 2_000])
        for milliseconds: Int64 in [1, 2, 50, 51, 1_999, 2_001] { spans.observe(nanoseconds: milliseconds * 1_000_000) }
        var page = Exposition()
        page.add("a_seconds", "Spans.", spans)
        #expect(
            page.text == """
                # HELP a_seconds Spans.
                # TYPE a_seconds histogram
                a_seconds_bucket{le="0.001"} 1
                a_seconds_bucket{le="0.05"} 3
                a_seconds_bucket{le="2"} 5
                a_seconds_bucket{le="+Inf"} 6
                a_seconds_sum 4.104
                a_seconds_count 6

                """)
    }

    @Test("counts of somebody else that are too few, or too many, make a whole histogram", arguments: [0, 1, 9])
    func foreignCounts(count: Int) {
        let spans = Histogram(bounds: [1, 2], counts: Array(repeating: 1, count: count), sumNanoseconds: 0)
        #expect(spans.counts.count == 3 && spans.count == UInt64(min(3, count)))
    }
}
