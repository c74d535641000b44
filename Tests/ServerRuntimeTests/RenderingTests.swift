import Basics
import ChatDomain
import ChatProtocol
import Foundation
import Sentences
import SocketIO
import Testing

@testable import ServerRuntime

struct RenderingTests {
    /// 2025-11-21 06:40:12.345 UTC.
    private let wall = WallTime(milliseconds: 1_763_707_212_345)
    private let text = TextRenderer(.english, civilTime: { CivilTime(utc: $0) })
    private let address = SocketAddress.loopback(port: 5_000)

    private var listening: Listening {
        Listening(
            address: SocketAddress(host: .v4(0), port: 8_080), reachable: [SocketAddress.loopback(port: 8_080)],
            server: "pub", room: "main", fingerprint: "AAAA-BBBB",
            invite: "127.0.0.1:8080#AAAA-BBBB")
    }

    private func object(_ news: ServerNews) throws -> [String: String] {
        let line = JSONRenderer(room: "main").render(news, at: wall)
        #expect(line.hasPrefix("{\"event\":\"") && line.hasSuffix("}\n"))
        #expect(line.utf8.count { $0 == 0x0a } == 1)
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return (object ?? [:]).mapValues { "\($0)" }
    }

    @Test("the start shows date, addresses, key and where the server listens")
    func start() {
        let lines = text.render(.listening(listening), at: wall).split(separator: "\n")
        #expect(lines.first == "2025-11-21 06:40:12")
        #expect(lines.contains { $0.contains("127.0.0.1") && $0.contains("8080") })
        #expect(lines.contains("Key of this server: AAAA-BBBB"))
        #expect(lines.contains("Invite: 127.0.0.1:8080#AAAA-BBBB"))
        #expect(lines.last == "Server is listening at 0.0.0.0:8080")
    }

    @Test("the room is shown to people as it happens")
    func room() {
        func line(_ observation: RoomObservation) -> String { text.render(.room(observation), at: wall) }
        #expect(line(.message(id: 1, from: "bob", text: "hello", time: wall)) == "[06:40:12] bob: hello\n")
        #expect(line(.joined(name: "bob", address: address)) == "[06:40:12] bob joined from 127.0.0.1:5000\n")
        #expect(line(.left(name: "bob", reason: .timeout)) == "[06:40:12] bob left (timeout)\n")
        #expect(
            line(.refused(name: "", address: address, reason: .wrongPassword))
                == "[06:40:12] refused somebody from 127.0.0.1:5000: wrong-password\n")
    }

    @Test("rows 38 and 39: no text can control the terminal or pass for another line")
    func hostileText() {
        let hostile = "a\u{1b}[2J\u{9b}31m\r\n[06:40:12] ana: forged"
        let shown = text.render(.room(.message(id: 1, from: "bob", text: hostile, time: wall)), at: wall)
        #expect(!shown.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
        let lines = shown.split(separator: "\n")
        #expect(lines.count == 2 && lines[1].hasPrefix("                [06:40:12]"))
    }

    @Test("the first JSON line says where the server listens, its event in front")
    func listeningObject() throws {
        let line = JSONRenderer(room: "main").render(.listening(listening), at: wall)
        #expect(line.hasPrefix("{\"event\":\"listening\",\"address\":\"0.0.0.0\","))
        let fields = try object(.listening(listening))
        #expect(fields["port"] == "8080" && fields["server"] == "pub" && fields["room"] == "main")
        #expect(fields["fingerprint"] == "AAAA-BBBB" && fields["invite"] == "127.0.0.1:8080#AAAA-BBBB")
    }

    @Test("every observation has its fields in JSON")
    func objects() throws {
        let hostile = "\u{1b}\"\\\n\u{2028}"
        #expect(
            try object(.room(.message(id: 7, from: "bob", text: hostile, time: wall))) == [
                "event": "message", "id": "7", "from": "bob", "text": hostile, "room": "main",
                "time": "2025-11-21T06:40:12.345Z",
            ])
        let joined = try object(.room(.joined(name: "bob", address: address)))
        #expect(joined["name"] == "bob" && joined["address"] == "127.0.0.1:5000")
        let left = try object(.room(.left(name: "bob", reason: .quit)))
        #expect(left["event"] == "left" && left["reason"] == "quit")
        let renamed = try object(.room(.renamed(from: "bob", to: "bo")))
        #expect(renamed["from"] == "bob" && renamed["to"] == "bo")
        let refused = try object(.room(.refused(name: "bob", address: address, reason: .nameTaken)))
        #expect(refused["reason"] == "name-taken" && refused["address"] == "127.0.0.1:5000")
        #expect(
            try object(.notice(command: "list", text: "a\nb"))
                == ["event": "notice", "command": "list", "text": "a\nb"])
        #expect(try object(.stopping)["event"] == "stopping")
    }
}
