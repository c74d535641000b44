import Basics
import ProgramFrame
import Sentences
import TextSafety

/// Standard output: news in the form that was asked for.
struct NewsWriter: ~Copyable {
    private enum Renderer {
        case text(TextRenderer)
        case json(JSONRenderer)
    }

    private var renderer: Renderer
    /// The day of what was written last.
    private var day: String?
    var writer: StreamWriter

    /// - Parameter text: how people are told.
    init(format: OutputFormat, text: TextRenderer, room: String, descriptor: Int32) {
        renderer =
            switch format {
            case .text: .text(text)
            case .json: .json(JSONRenderer(room: room))
            }
        writer = StreamWriter(descriptor: descriptor)
    }

    /// Tells people in another language from now on.
    mutating func speak(_ language: Language) {
        guard case .text(var text) = renderer else { return }
        text.speak(language)
        renderer = .text(text)
    }

    /// - Parameter wall: the time now.
    mutating func write(_ news: ServerNews, at wall: WallTime) {
        writer.write(render(news, at: wall))
    }

    /// The lines for news, each with its end.
    mutating func render(_ news: ServerNews, at wall: WallTime) -> String {
        switch renderer {
        case .text(let text): dayMark(before: news, at: wall, text) + text.render(news, at: wall)
        case .json(let json): json.render(news, at: wall)
        }
    }

    /// Says that another day has begun, where the lines do not.
    private mutating func dayMark(before news: ServerNews, at wall: WallTime, _ text: TextRenderer) -> String {
        let today = text.day(of: wall)
        defer { day = today }
        guard case .room = news, let day, day != today, text.timestamps != .long else { return "" }
        return "-- \(today) --\n"
    }
}
