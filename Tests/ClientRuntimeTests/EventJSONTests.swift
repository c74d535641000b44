import Basics
import ChatClient
import ChatProtocol
import Testing

@testable import ClientRuntime

@Suite("Events as NDJSON")
struct EventJSONTests {
    private static let time = WallTime(milliseconds: 1_769_869_820_007)

    private static func said(isHistory: Bool = false) -> ShownLine {
        var line = ShownLine(id: 7, from: "bo", text: "hi", time: time)
        line.isHistory = isHistory
        return line
    }

    private static func mark(in place: ShownPlace) -> ShownMark {
        ShownMark(id: 9, target: 7, from: "bo", time: time, place: place)
    }

    private static var marked: ShownLine {
        var line = said(isHistory: true)
        line.isAction = true
        line.replyTo = 3
        line.isMention = true
        line.isFound = true
        return line
    }

    private static let when = #""time":"2026-01-31T14:30:20.007Z""#

    @Test(
        "each event beside the pinned ones has the fields that the README names",
        arguments: [
            (
                ClientEvent.message(said(), in: .person("ana")),
                #"{"event":"private","id":7,"from":"bo","to":"ana","text":"hi",\#(when)}"#
            ),
            (
                .message(said(), in: .group("tea")),
                #"{"event":"group","id":7,"group":"tea","from":"bo","text":"hi",\#(when)}"#
            ),
            (
                .message(marked, in: .room("main")),
                #"{"event":"message","id":7,"from":"bo","text":"hi",\#(when),"room":"main","action":true,"#
                    + #""reply_to":3,"mention":true,"history":true,"search":true}"#
            ),
            (
                .sent(id: 9, text: "x", time: time, in: .person("bo")),
                #"{"event":"sent","id":9,"text":"x",\#(when),"to":"bo"}"#
            ),
            (
                .sent(id: 9, text: "x", time: time, in: .group("tea")),
                #"{"event":"sent","id":9,"text":"x",\#(when),"group":"tea"}"#
            ),
            (
                .edited(mark(in: .room("main")), text: "ho"),
                #"{"event":"edited","id":9,"target":7,"from":"bo","text":"ho",\#(when),"room":"main"}"#
            ),
            (
                .deleted(mark(in: .group("tea"))),
                #"{"event":"deleted","id":9,"target":7,"from":"bo",\#(when),"group":"tea"}"#
            ),
            (
                .reaction(mark(in: .person("ana")), sign: "+1"),
                #"{"event":"reaction","id":9,"target":7,"from":"bo","reaction":"+1",\#(when),"to":"ana"}"#
            ),
            (.members(names: ["a"], group: "tea"), #"{"event":"members","names":["a"],"group":"tea"}"#),
            (
                .people([
                    Presence(
                        name: "a", away: "tea", isOperator: true, roundTripMicroseconds: 900, lossPerMille: 12,
                        silenceMilliseconds: 5)
                ]),
                #"{"event":"members","names":["a"],"people":[{"name":"a","away":"tea","operator":true,"#
                    + #""round_trip_us":900,"loss_per_mille":12,"last_heard_ms":5}]}"#
            ),
            (
                .groups([GroupSummary(name: "tea", memberCount: 2, isPrivate: true, isOwn: false)]),
                #"{"event":"groups","names":["tea"],"groups":[{"name":"tea","members":2,"private":true}]}"#
            ),
            (
                .seen(ShownReceipts(id: 7, total: 30, missingCount: 2, missing: ["a", "b"]), in: .room("main")),
                #"{"event":"seen","id":7,"total":30,"have":28,"missing":["a","b"],"room":"main"}"#
            ),
            (.typing(name: "bo", in: .room("main")), #"{"event":"typing","name":"bo","room":"main"}"#),
            (
                .topic(text: "t", by: "bo", in: .room("main")),
                #"{"event":"topic","text":"t","by":"bo","room":"main"}"#
            ),
            (.away(name: "bo", text: ""), #"{"event":"away","name":"bo","away":false,"text":""}"#),
            (
                .moderated(ShownModeration(action: .mute, by: "a", name: "bo", seconds: 60, text: "")),
                #"{"event":"moderated","action":"mute","by":"a","name":"bo","seconds":60}"#
            ),
            (
                .membership(group: "tea", action: .invite, by: "a", person: "bo"),
                #"{"event":"membership","group":"tea","action":"invite","by":"a","name":"bo"}"#
            ),
        ])
    func fieldsAreTold(event: ClientEvent, line: String) {
        #expect(EventJSON.line(event) == line)
    }

    @Test(
        "each event has exactly its pinned fields",
        arguments: [
            (
                ClientEvent.connected(name: "ana", server: "s", room: "main", members: ["ana", "bo"]),
                #"{"event":"connected","name":"ana","server":"s","room":"main","members":["ana","bo"]}"#
            ),
            (
                .message(said(), in: .room("main")),
                #"{"event":"message","id":7,"from":"bo","text":"hi","time":"2026-01-31T14:30:20.007Z","room":"main"}"#
            ),
            (
                .message(said(isHistory: true), in: .room("main")),
                #"{"event":"message","id":7,"from":"bo","text":"hi","time":"2026-01-31T14:30:20.007Z","#
                    + #""room":"main","history":true}"#
            ),
            (
                .sent(id: 9, text: "x", time: time, in: .room("main")),
                #"{"event":"sent","id":9,"text":"x","time":"2026-01-31T14:30:20.007Z","room":"main"}"#
            ),
            (.sent(id: nil, text: "x", time: nil, in: .room("main")), #"{"event":"sent","text":"x","room":"main"}"#),
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
