import Basics
import Foundation
import SocketIO
import Testing

/// A machine that leaves Wi-Fi for mobile, with the real programs on real interfaces.
@Suite(
    "roaming", .serialized, .ownThread, .timeLimit(.minutes(5)),
    .enabled("network namespaces can be made here") { TwoLinks.arePossible })
struct RoamingTests {
    /// How soon a client is found that says nothing by itself: long before its next sign of life.
    private static let notice: Duration = .seconds(8)

    @Test(
        "whose address changes is found again at once, under the same port, though nobody there says a word",
        arguments: ["ip link set wifi down", "ip address delete 10.77.1.2/24 dev wifi"])
    func leavesWiFi(change: String) throws {
        let house = try House()
        let links = try TwoLinks()
        func run(_ name: String, _ side: TwoLinks.Side, _ arguments: [String], home: String) throws -> RunningProgram {
            try RunningProgram(
                name, arguments + ["--json", "--password-file", house.passwordFile],
                environment: try house.environment(home: home), launcher: links.launcher(side))
        }
        let server = try run(
            "udp-server", .server, [TwoLinks.serverAddress, "-p", "8080", "--console"], home: "server")
        try server.event("listening")
        let place = [TwoLinks.serverAddress, "8080"]
        let bob = try run("udp-client", .server, place + ["0", "--name", "bob"], home: "bob")
        try bob.event("connected")
        let ana = try run("udp-client", .client, place + ["5005", "--name", "ana"], home: "ana")
        try ana.event("connected")
        let joined = try server.event("joined") { $0["name"] == "ana" }
        #expect(joined["address"] == "\(TwoLinks.wifiAddress):5005")
        try ana.say("still on Wi-Fi")
        try bob.hear(["still on Wi-Fi"])

        try links.run(.client, change)
        let begin = MonotonicClock.now
        bob.send("where are you?")
        try ana.hear(["where are you?"])
        let took = MonotonicClock.now - begin
        #expect(took < Self.notice, "\(took)")
        server.send(":list")
        try server.event("notice") { $0["text"]?.contains("\(TwoLinks.mobileAddress):5005") == true }
        try ana.say("on the train")
        try bob.hear(["on the train"])
        #expect(ana.events("disconnected") == [])
    }
}
