import LatencyModels

/// The picture of a tour: fan-out above, lossy paths below.
struct TourPicture {
    let results: [BenchReport]

    /// Those whose lossy paths are shown, ours last, so that its line lies above the others.
    static let contenders: [Contender] = [.tcp, .enet, .quic, .kcp, .ours]

    private enum Layout {
        static let width = 900.0
        static let height = 720.0
        static let names = 140.0
        static let columns = [150.0, 530.0]
        static let columnWidth = 340.0
        static let firstRow = 110.0
        static let row = 30.0
        /// The lower part.
        static let paths = 400.0
        static let pathsTop = 450.0
        static let pathsBottom = 670.0
        static let pathsLeft = 70.0
        static let pathsRight = 760.0
    }

    /// A dot for so many members.
    private static let radii: [(members: Int, radius: Double)] = [(100, 3), (1_000, 4.5), (5_000, 6)]

    private struct Row {
        let name: String
        let style: Drawing.Style
        let figures: [PeerFigures.Load: Double]
    }

    var svg: String {
        var drawing = Drawing(
            width: Layout.width, height: Layout.height,
            title: "CPU of the server for each delivery, and how soon messages arrive on a lossy path")
        drawFanout(&drawing)
        drawPaths(&drawing)
        return drawing.svg
    }

    // MARK: Fan-out

    private var rows: [Row] {
        func figures(_ key: String) -> [PeerFigures.Load: Double] {
            var figures: [PeerFigures.Load: Double] = [:]
            for report in results where report.name == "fanout" && report.figure("deliveries") != 0 {
                guard let members = report.figure("members"), let window = report.figure("window") else { continue }
                figures[PeerFigures.Load(members: Int(members), window: Int(window))] = report.figure(key)
            }
            return figures
        }
        return [Row(name: "this", style: .ours, figures: figures("cpuNanosecondsPerDelivery"))]
            + PeerFigures.all.map { Row(name: $0.name, style: .other, figures: $0.perDelivery) }
            + [Row(name: "sendmmsg alone", style: .faint, figures: figures("floorNanoseconds"))]
    }

    private func drawFanout(_ drawing: inout Drawing) {
        drawing.text("CPU of the server for each delivery", at: .init(x: 0, y: 20), size: 16, isBold: true)
        drawing.text("microseconds, 100-byte messages; the others as given", at: .init(x: 0, y: 42), .faint)
        var x = Layout.columns[1]
        for (members, radius) in Self.radii {
            drawing.dot(.init(x: x, y: 38), .faint, radius: radius)
            drawing.text(members == 5_000 ? "\(members) members" : "\(members)", at: .init(x: x + 10, y: 42), .faint)
            x += members == 100 ? 60 : 70
        }
        let bottom = Layout.firstRow + Layout.row * Double(rows.count) - 10
        for (column, window) in zip(Layout.columns, PeerFigures.windows) {
            let scale = LogScale(low: 0.2, high: 40, begin: column, end: column + Layout.columnWidth)
            drawing.text(
                window == 1 ? "one message under way" : "\(window) under way", at: .init(x: column, y: 78), isBold: true
            )
            for tick in [0.2, 0.5, 1, 2, 5, 10, 20, 40] {
                let place = scale.place(tick)
                drawing.line([.init(x: place, y: Layout.firstRow - 20), .init(x: place, y: bottom)], .grid)
                drawing.text(
                    BenchReport.decimal(tick, digits: tick < 1 ? 1 : 0), at: .init(x: place, y: bottom + 18), .faint,
                    anchor: .middle, size: 12)
            }
            for (place, row) in rows.enumerated() {
                draw(row, y: Layout.firstRow + Layout.row * Double(place), window, scale, &drawing)
            }
        }
        for (place, row) in rows.enumerated() {
            let y = Layout.firstRow + Layout.row * Double(place) + 4
            drawing.text(
                row.name, at: .init(x: Layout.names, y: y), row.style == .other ? .ink : row.style, anchor: .end,
                isBold: row.style == .ours)
        }
    }

    private func draw(_ row: Row, y: Double, _ window: Int, _ scale: LogScale, _ drawing: inout Drawing) {
        let dots = Self.radii.compactMap { entry -> (x: Double, radius: Double)? in
            row.figures[PeerFigures.Load(members: entry.members, window: window)]
                .map { (scale.place($0 / 1_000), entry.radius) }
        }
        guard let first = dots.map(\.x).min(), let last = dots.map(\.x).max() else { return }
        drawing.line([.init(x: first, y: y), .init(x: last, y: y)], row.style, width: 2)
        for dot in dots { drawing.dot(.init(x: dot.x, y: y), row.style, radius: dot.radius) }
    }

    // MARK: Lossy paths

    /// What a contender reached, by path; nil where fewer than 99 of 100 arrived.
    private func latencies(of contender: Contender) -> [Double?] {
        results.filter { $0.name == "latency" }.map { $0.figure(contender.rawValue + "P99") }
    }

    private static func style(of contender: Contender) -> Drawing.Style {
        switch contender {
        case .ours: .ours
        case .kcp, .kcpFlushed: .first
        case .quic: .second
        case .enet: .third
        case .tcp: .fourth
        }
    }

    private func drawPaths(_ drawing: inout Drawing) {
        let losses = results.filter { $0.name == "latency" }.compactMap { $0.figure("lossPercent") }
        guard losses.count > 1 else { return }
        let scale = LogScale(low: 20, high: 20_000, begin: Layout.pathsBottom, end: Layout.pathsTop)
        drawing.text("99 of 100 messages arrive within", at: .init(x: 0, y: Layout.paths), size: 16, isBold: true)
        drawing.text(
            "milliseconds, over 40 ms one way with loss both ways; the others are models",
            at: .init(x: 0, y: Layout.paths + 22), .faint)
        let step = (Layout.pathsRight - Layout.pathsLeft) / Double(losses.count - 1)
        let places = losses.indices.map { Layout.pathsLeft + step * Double($0) }
        for tick in [20.0, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000] {
            let y = scale.place(tick)
            drawing.line([.init(x: Layout.pathsLeft, y: y), .init(x: Layout.pathsRight, y: y)], .grid)
            drawing.text("\(Int(tick))", at: .init(x: Layout.pathsLeft - 10, y: y + 4), .faint, anchor: .end, size: 12)
        }
        for (place, loss) in zip(places, losses) {
            drawing.text(
                BenchReport.decimal(loss, digits: 0) + " % lost", at: .init(x: place, y: Layout.pathsBottom + 22),
                .faint,
                anchor: .middle, size: 12)
        }
        var names: [(name: String, style: Drawing.Style, point: Drawing.Point)] = []
        for contender in Self.contenders {
            let style = Self.style(of: contender)
            let reached = latencies(of: contender)
            let points = zip(places, reached).prefix { $0.1 != nil }.map { place, value in
                Drawing.Point(x: place, y: scale.place(value ?? 0))
            }
            guard let last = points.last else { continue }
            drawing.line(points, style, width: contender == .ours ? 4 : 2)
            for point in points { drawing.dot(point, style, radius: contender == .ours ? 5 : 3) }
            if points.count < reached.count { drawing.cross(.init(x: last.x + 14, y: last.y), style) }
            let name = points.count < reached.count ? contender.name + " (gives up)" : contender.name
            names.append((name, style, .init(x: last.x + (points.count < reached.count ? 26 : 12), y: last.y)))
        }
        for (name, style, point) in Self.apart(names) {
            drawing.text(name, at: .init(x: point.x, y: point.y + 4), style, isBold: style == .ours)
        }
    }

    /// Moves names that would cover each other down.
    private static func apart(
        _ names: [(name: String, style: Drawing.Style, point: Drawing.Point)]
    ) -> [(name: String, style: Drawing.Style, point: Drawing.Point)] {
        let lineHeight = 16.0
        var placed: [(name: String, style: Drawing.Style, point: Drawing.Point)] = []
        for var entry in names.sorted(by: { $0.point.y < $1.point.y }) {
            for other in placed where abs(other.point.x - entry.point.x) < 100 {
                entry.point.y = max(entry.point.y, other.point.y + lineHeight)
            }
            placed.append(entry)
        }
        return placed
    }
}
