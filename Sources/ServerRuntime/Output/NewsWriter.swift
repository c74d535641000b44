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

    private let renderer: Renderer
    var writer: StreamWriter

    init(format: OutputFormat, language: Language, room: String, descriptor: Int32) {
        renderer =
            switch format {
            case .text: .text(TextRenderer(language))
            case .json: .json(JSONRenderer(room: room))
            }
        writer = StreamWriter(descriptor: descriptor)
    }

    /// - Parameter wall: the time now.
    mutating func write(_ news: ServerNews, at wall: WallTime) {
        writer.write(render(news, at: wall))
    }

    private func render(_ news: ServerNews, at wall: WallTime) -> String {
        switch renderer {
        case .text(let renderer): renderer.render(news, at: wall)
        case .json(let renderer): renderer.render(news, at: wall)
        }
    }
}
