import Basics
import ChatDomain
import ChatProtocol
import Sentences
import ServerCore
import SocketIO
import Testing

@testable import ServerRuntime

struct ConsoleAnswerTests {
    private static let hostile = "a\u{1b}]0;x\u{7}\u{9b}2J\r\n[06:40:12] SERVER: forged\u{202e}"

    private func expectHarmless(_ text: String, lines: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        let harmful = text.unicodeScalars.filter {
            $0 != "\n" && ($0.properties.generalCategory == .control || $0.value == 0x202e)
        }
        #expect(harmful.isEmpty, sourceLocation: sourceLocation)
        #expect(text.split(separator: "\n").count == lines, "\(text)", sourceLocation: sourceLocation)
    }

    @Test("row 39: names, reasons, topics and groups in the console's answers control nothing and forge no line")
    func hostileTexts() {
        let hostile = Self.hostile
        let member = MemberSummary(
            name: hostile, address: .loopback(port: 5_000), since: WallTime(milliseconds: 0), isOperator: true,
            isMuted: true, roundTrip: nil, lastHeard: nil)
        expectHarmless(ConsoleAnswer(.english).list([member], at: Instant(nanoseconds: 0)), lines: 2)
        let group = GroupSummary(name: hostile, memberCount: 1, isPrivate: true, isOwn: false)
        expectHarmless(ConsoleAnswer(.english).groups([group]), lines: 2)
        expectHarmless(ConsoleAnswer(.english).members([hostile, hostile], of: hostile), lines: 1)
        expectHarmless(ConsoleAnswer(.english).members(nil, of: hostile), lines: 1)
        expectHarmless(ConsoleAnswer(.english).bans([(hostile, hostile)], mutes: [(hostile, .seconds(1))]), lines: 2)
        expectHarmless(ConsoleCommand.unknown(hostile, in: .english), lines: 1)
        var orders: [OperatorOrder] = Moderation.allCases.map {
            .moderate($0, name: hostile, seconds: 0, text: hostile)
        }
        orders += [.rename(from: hostile, to: hostile), .personal(to: hostile, text: hostile), .topic(hostile)]
        for order in orders { expectHarmless(ConsoleAnswer(.english).done(order), lines: 1) }
    }

    @Test("row 39: what members order is one line at the console, whatever the reason")
    func hostileOrders() {
        let text = TextRenderer(.english, civilTime: { CivilTime(utc: $0) })
        let wall = WallTime(milliseconds: 0)
        let observations: [RoomObservation] = [
            .moderated(.kick, by: Self.hostile, name: Self.hostile, seconds: 0, text: Self.hostile),
            .topic(by: Self.hostile, text: Self.hostile), .renamed(from: Self.hostile, to: Self.hostile),
            .personal(id: 1, from: Self.hostile, to: Self.hostile, time: wall),
            .joined(name: Self.hostile, address: .loopback(port: 1)),
            .refused(name: Self.hostile, address: .loopback(port: 1), reason: .banned),
        ]
        for observation in observations { expectHarmless(text.render(.room(observation), at: wall), lines: 1) }
        let json = JSONRenderer(room: "main")
        for observation in observations {
            let line = json.render(.room(observation), at: wall)
            #expect(line.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
        }
    }

    @Test("what members order is shown as they typed it")
    func orders() {
        let text = TextRenderer(.english, civilTime: { CivilTime(utc: $0) })
        let wall = WallTime(milliseconds: 0)
        let mute = RoomObservation.moderated(.mute, by: "ana", name: "bob", seconds: 300, text: "too loud")
        #expect(text.render(.room(mute), at: wall) == "[00:00:00] ana ordered: mute bob 300 s (too loud)\n")
        let slow = RoomObservation.moderated(.slow, by: "ana", name: "", seconds: 0, text: "")
        #expect(text.render(.room(slow), at: wall) == "[00:00:00] ana ordered: slow off\n")
        let topic = RoomObservation.topic(by: "ana", text: "Friday")
        #expect(text.render(.room(topic), at: wall) == "[00:00:00] ana ordered: topic (Friday)\n")
    }

    @Test("a private line has from, to and id in JSON, and nothing else")
    func privateLine() {
        let line = RoomObservation.personal(id: 7, from: "ana", to: "bob", time: WallTime(milliseconds: 5))
        #expect(
            JSONRenderer(room: "main").render(.room(line), at: WallTime(milliseconds: 0))
                == "{\"event\":\"private\",\"from\":\"ana\",\"to\":\"bob\",\"id\":7}\n")
    }

    @Test("lists that are empty say so")
    func emptyLists() {
        #expect(ConsoleAnswer(.english).list([], at: Instant(nanoseconds: 0)) == "Nobody is here.")
        #expect(ConsoleAnswer(.english).groups([]) == "There are no groups.")
        #expect(ConsoleAnswer(.english).bans([], mutes: []) == "Nobody is banned or muted.")
        #expect(ConsoleAnswer(.english).audit([]) == "No operator has done anything.")
    }

    @Test(
        "how long the server is up",
        arguments: [(0, "00:00:00"), (3_661, "01:01:01"), (86_400 * 3 + 59, "3 d 00:00:59")])
    func uptime(seconds: Int, text: String) {
        #expect(LoopCounters.span(.seconds(seconds), in: .english) == text)
    }

    @Test("what the kernel dropped adds up beyond the numbers that it counts by, if it tells at all")
    func kernelDrops() {
        var counters = LoopCounters()
        counters.note(kernelDrops: nil)
        #expect(counters.droppedByKernel == nil)
        for drops: UInt32 in [0, 5, 5, .max, 2] { counters.note(kernelDrops: drops) }
        counters.note(kernelDrops: nil)
        #expect(counters.droppedByKernel == 1 << 32 + 2)
    }

    // MARK: The countdown

    @Test("a countdown tells the last ten seconds and rounder ones before, each once, and then is over")
    func countdown() {
        let start = Instant(nanoseconds: 7)
        var countdown = Countdown(seconds: 45, at: start)
        var told: [Int] = []
        var now = start
        while !countdown.isOver(at: now) {
            #expect(countdown.next > now)
            now = countdown.next
            if let mark = countdown.takeMark(at: now) { told.append(mark) }
        }
        #expect(told == [30, 10, 5, 4, 3, 2, 1])
        #expect(now == start + .seconds(45))
    }

    @Test("a countdown that was slept through tells the last mark only, and one of a second tells nothing")
    func sleptThrough() {
        var countdown = Countdown(seconds: 600, at: .origin)
        let mark = countdown.takeMark(at: Instant.origin + .seconds(592))
        let none = countdown.takeMark(at: Instant.origin + .seconds(592))
        #expect(mark == 10 && none == nil)
        #expect(Countdown(seconds: 1, at: .origin).next == Instant.origin + .seconds(1))
    }
}
