import Basics
import ChatClient
import ChatProtocol
import Testing

@testable import ClientRuntime

@Suite("Events as NDJSON")
struct EventJSONTests {
    private static let time = WallTime(milliseconds: 1_769_869_820_007)

    @Test(
        "each event has exactly its pinned fields",
        arguments: [
            (
                ClientEvent.connected(name: "ana", server: "s", room: "main", members: ["ana", "bo"]),
                #"{"event":"connected","name":"ana","server":"s","room":"main","members":["ana","bo"]}"#
            ),
            (
                .message(id: 7, from: "bo", text: "hi", time: time, room: "main", isHistory: false),
                #"{"event":"message","id":7,"from":"bo","text":"hi","time":"2026-01-31T14:30:20.007Z","room":"main"}"#
            ),
            (
                .message(id: 7, from: "bo", text: "hi", time: time, room: "main", isHistory: true),
                #"{"event":"message","id":7,"from":"bo","text":"hi","time":"2026-01-31T14:30:20.007Z","#
                    + #""room":"main","history":true}"#
            ),
            (
                .sent(id: 9, text: "x", time: time, room: "main"),
                #"{"event":"sent","id":9,"text":"x","time":"2026-01-31T14:30:20.007Z","room":"main"}"#
            ),
            (.sent(id: nil, text: "x", time: nil, room: "main"), #"{"event":"sent","text":"x","room":"main"}"#),
            (.joined(name: "bo"), #"{"event":"joined","name":"bo"}"#),
            (.left(name: "bo", reason: .timeout), #"{"event":"left","name":"bo","reason":"timeout"}"#),
            (.renamed(from: "a", to: "b"), #"{"event":"renamed","from":"a","to":"b"}"#),
            (.members(names: []), #"{"event":"members","names":[]}"#),
            (.notice(text: "n"), #"{"event":"notice","text":"n"}"#),
            (.error(code: .nameTaken, text: "t"), #"{"event":"error","code":"name-taken","text":"t"}"#),
            (.disconnected(reason: "timeout"), #"{"event":"disconnected","reason":"timeout"}"#),
            (
                .reconnecting(attempt: 2, remaining: .milliseconds(118_001)),
                #"{"event":"reconnecting","attempt":2,"remaining":119}"#
            ),
            (.resumed(missed: 3), #"{"event":"resumed","missed":3}"#),
            (.bye(reason: "quit"), #"{"event":"bye","reason":"quit"}"#),
        ])
    func fieldsArePinned(event: ClientEvent, line: String) {
        #expect(EventJSON.line(event) == line)
    }
}
