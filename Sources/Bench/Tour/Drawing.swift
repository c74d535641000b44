import Foundation

/// A picture of lines, dots and words in SVG, which reads on light and on dark ground and needs no font of its own.
struct Drawing {
    /// What a thing is drawn like; the style sheet has its colour for light and for dark ground.
    enum Style: String {
        /// Words, and words of less weight.
        case ink, faint
        /// Lines behind the figures.
        case grid
        /// What the picture is about, and those beside it.
        case ours, other, first, second, third, fourth
    }

    enum Anchor: String {
        case start, middle, end
    }

    struct Point {
        var x: Double
        var y: Double
    }

    let width: Double
    let height: Double
    let title: String
    private var parts: [String] = []

    init(width: Double, height: Double, title: String) {
        self.width = width
        self.height = height
        self.title = title
    }

    mutating func text(
        _ text: String, at point: Point, _ style: Style = .ink, anchor: Anchor = .start, size: Int = 13,
        isBold: Bool = false
    ) {
        let weight = isBold ? " font-weight=\"600\"" : ""
        parts.append(
            "<text x=\"\(Self.place(point.x))\" y=\"\(Self.place(point.y))\" class=\"t \(style.rawValue)\" "
                + "text-anchor=\"\(anchor.rawValue)\" font-size=\"\(size)\"\(weight)>\(Self.escaped(text))</text>")
    }

    mutating func line(_ points: [Point], _ style: Style, width: Double = 1) {
        let places = points.map { Self.place($0.x) + "," + Self.place($0.y) }.joined(separator: " ")
        parts.append(
            "<polyline points=\"\(places)\" class=\"l \(style.rawValue)\" stroke-width=\"\(Self.place(width))\"/>")
    }

    mutating func dot(_ point: Point, _ style: Style, radius: Double) {
        parts.append(
            "<circle cx=\"\(Self.place(point.x))\" cy=\"\(Self.place(point.y))\" r=\"\(Self.place(radius))\" "
                + "class=\"d \(style.rawValue)\"/>")
    }

    mutating func cross(_ point: Point, _ style: Style) {
        let size = 4.0
        line(
            [Point(x: point.x - size, y: point.y - size), Point(x: point.x + size, y: point.y + size)], style, width: 2)
        line(
            [Point(x: point.x - size, y: point.y + size), Point(x: point.x + size, y: point.y - size)], style, width: 2)
    }

    /// The whole file.
    var svg: String {
        let size = "width=\"\(Self.place(width))\" height=\"\(Self.place(height))\""
        let box = "viewBox=\"0 0 \(Self.place(width)) \(Self.place(height))\""
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) role=\"img\">\n"
            + "<title>\(Self.escaped(title))</title>\n<style>\n\(Self.sheet)</style>\n"
            + parts.joined(separator: "\n") + "\n</svg>\n"
    }

    private static let colours: [(style: Style, light: String, dark: String)] = [
        (.ink, "#1f2328", "#e6edf3"), (.faint, "#59636e", "#9198a1"), (.grid, "#d1d9e0", "#3d444d"),
        (.ours, "#0969da", "#4493f8"), (.other, "#818b98", "#8b949e"), (.first, "#bc4c00", "#f0883e"),
        (.second, "#8250df", "#bc8cff"), (.third, "#1a7f37", "#3fb950"), (.fourth, "#cf222e", "#ff7b72"),
    ]

    private static var sheet: String {
        func rules(_ colour: (Style) -> String) -> String {
            colours.map { entry in
                let (name, value) = (entry.style.rawValue, colour(entry.style))
                return ".t.\(name),.d.\(name){fill:\(value)} .l.\(name){stroke:\(value)}"
            }
            .joined(separator: "\n")
        }
        func colour(_ style: Style, isDark: Bool) -> String {
            colours.first { $0.style == style }.map { isDark ? $0.dark : $0.light } ?? "currentColor"
        }
        return """
            .t{font-family:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif}
            .l{fill:none;stroke-linejoin:round;stroke-linecap:round}
            \(rules { colour($0, isDark: false) })
            @media (prefers-color-scheme:dark){
            \(rules { colour($0, isDark: true) })
            }

            """
    }

    private static func place(_ value: Double) -> String { BenchReport.decimal(value, digits: 1) }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
    }
}

/// Where a figure lies on an axis of which each step is ten times the one before.
struct LogScale {
    let low: Double
    let high: Double
    /// Where the two lie.
    let begin: Double
    let end: Double

    /// What lies outside is drawn at the nearer end.
    func place(_ value: Double) -> Double {
        let share = log(min(max(value, low), high) / low) / log(high / low)
        return begin + (end - begin) * share
    }
}
