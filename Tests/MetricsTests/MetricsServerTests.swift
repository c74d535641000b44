import Basics
import Glibc
import SocketIO
import Testing

@testable import Metrics

/// What asks a server of figures, on the same thread: the server runs while the answer is awaited.
private struct Asker: ~Copyable {
    var server: MetricsServer
    private var poller: Poller

    init() throws {
        let server = try MetricsServer(binding: .loopback(port: 0))
        var poller = try Poller()
        try poller.add(server.descriptor, token: 0)
        self.server = server
        self.poller = poller
    }

    /// Opens a connection.
    func connect() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = server.localAddress.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }

    func send(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Lets the server run until a connection has ended.
    ///
    /// - Returns: all that came.
    mutating func readAll(_ descriptor: Int32, page: MetricsPage) throws -> String {
        let end = MonotonicClock.now + .seconds(60)
        var text: [UInt8] = []
        while MonotonicClock.now < end {
            let now = MonotonicClock.now
            let due = min(server.deadline(at: now) ?? .never, now + .milliseconds(20))
            _ = try poller.wait(until: due)
            if server.wantsPage(at: now) { server.put(page, at: now) }
            server.run()
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count > 0 { text += buffer[..<count] }
            if count == 0 || count < 0 && errno != EAGAIN {
                _ = close(descriptor)
                return String(decoding: text, as: UTF8.self)
            }
        }
        throw Failure()
    }

    struct Failure: Error {}
}

@Suite("figures over HTTP", .timeLimit(.minutes(2)))
struct MetricsServerTests {
    private static let page = MetricsPage(figures: "a 1\n", health: "ok\n", isHealthy: true)

    private func ask(_ head: String, page: MetricsPage = page) throws -> String {
        var asker = try Asker()
        let connection = try asker.connect()
        asker.send("\(head) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", to: connection)
        return try asker.readAll(connection, page: page)
    }

    @Test("a scrape gets the page, with the type that Prometheus wants")
    func scrape() throws {
        let answer = try ask("GET /metrics")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect(answer.hasSuffix("\r\n\r\na 1\n"))
        let head = try ask("HEAD /metrics")
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.hasSuffix("\r\n\r\n"))
    }

    @Test("health is 200 and a word, or 503 and another one")
    func health() throws {
        #expect(try ask("GET /healthz").hasPrefix("HTTP/1.1 200 "))
        let ill = MetricsPage(figures: "", health: "store-stalled\n", isHealthy: false)
        let answer = try ask("GET /healthz", page: ill)
        #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.hasSuffix("\r\n\r\nstore-stalled\n"))
    }

    @Test(
        "other paths, other methods and no HTTP at all are refused",
        arguments: [("GET /", 404), ("GET /../etc/passwd", 404), ("POST /metrics", 405), ("DELETE /healthz", 405)])
    func refused(head: String, status: Int) throws {
        #expect(try ask(head).hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test("a head that is too long, bytes that are no HTTP, and a body that never ends cost a bounded amount")
    func nonsense() throws {
        var asker = try Asker()
        for text in [
            "GET /\(String(repeating: "x", count: 100_000)) HTTP/1.1\r\n\r\n",
            "\u{0}\u{1}\u{2}\r\n\r\n\r\n",
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\nxxxxxxxx",
        ] {
            let connection = try asker.connect()
            asker.send(text, to: connection)
            let answer = try asker.readAll(connection, page: Self.page)
            #expect(!answer.contains(" 200 "), "\(answer)")
        }
    }

    @Test("who connects and says nothing is cut off, and meanwhile holds up nobody for longer")
    func idle() throws {
        var asker = try Asker()
        // As many as may be open; the one who asks waits in the socket until one of them is cut off.
        let silent = try (0..<Int(MetricsServer.connectionsAtMost)).map { _ in try asker.connect() }
        defer { for descriptor in silent { _ = close(descriptor) } }
        let connection = try asker.connect()
        asker.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", to: connection)
        let answer = try asker.readAll(connection, page: Self.page)
        #expect(answer.hasSuffix("\r\n\r\na 1\n"))
        let open = asker.server.connectionCount
        #expect(open <= Int(MetricsServer.connectionsAtMost))
    }

    @Test("the page is made anew when it is asked for, and not more often than its life is long")
    func pageLife() throws {
        var asker = try Asker()
        let now = MonotonicClock.now
        let atFirst = asker.server.wantsPage(at: now)
        asker.server.put(Self.page, at: now)
        let shortly = asker.server.wantsPage(at: now + MetricsServer.pageLife / 2)
        let later = asker.server.wantsPage(at: now + MetricsServer.pageLife)
        #expect(atFirst && !shortly && later)
    }

    @Test("a port that is taken is an error, and it is free again when the server goes")
    func ports() throws {
        var port: UInt16 = 0
        do {
            let first = try MetricsServer(binding: .loopback(port: 0))
            port = first.localAddress.port
            #expect(throws: SystemError.self) { _ = try MetricsServer(binding: .loopback(port: port)) }
        }
        let again = try MetricsServer(binding: .loopback(port: port)).localAddress.port
        #expect(again == port)
    }
}
