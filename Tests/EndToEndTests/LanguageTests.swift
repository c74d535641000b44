import Foundation
import Testing

/// Each person reads their own language, whatever the server's.
@Suite("languages", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct LanguageTests {
    /// A server that speaks Indonesian to its operator.
    private func server(_ house: House) throws -> Server {
        let program = try house.server(
            exactly: [
                "127.0.0.1", "-p", "0", "--password-file", house.passwordFile, "--console", "--lang", "id", "--name",
                "lab",
            ])
        let line = try program.line(matching: #"Server siap di 127\.0\.0\.1:\d+"#)
        let port = line.split(separator: ":").last.flatMap { UInt16($0) }
        return Server(program: program, address: "127.0.0.1", port: try #require(port))
    }

    /// A client with text for people, whose language its locale tells.
    private func person(_ name: String, at server: Server, in house: House, locale: String) throws -> RunningProgram {
        try house.client(
            exactly: [
                "127.0.0.1", "\(server.port)", "0", "--name", name, "--password-file", house.passwordFile,
                "--timestamps", "off",
            ], home: name, environment: ["LC_ALL": locale])
    }

    @Test("a session in Indonesian says the seeds' own sentences, and names what is wrong")
    func session() throws {
        let house = try House()
        let server = try server(house)
        let ana = try person("ana", at: server, in: house, locale: "id_ID.UTF-8")
        try ana.line(matching: "Terkoneksi dengan Server!")
        try ana.line(matching: #"Kamu masuk ke lab sebagai ana, di ruang main\."#)
        let bob = try house.client("bob", at: server, json: false, "--lang", "id", "--timestamps", "off")
        try bob.line(matching: "Terkoneksi dengan Server!")
        try ana.line(matching: "bob Bergabung!")
        try server.program.line(matching: #"\[..:..:..\] bob Bergabung! \(dari 127\.0\.0\.1:\d+\)"#)
        bob.send("halo semua")
        try ana.line(matching: "bob: halo semua")
        bob.send("QUIT")
        try ana.line(matching: "bob keluar!")
        #expect(try bob.exit() == 0)
        ana.send(":pm budi halo")
        ana.send(":lst")
        ana.closeInput()
        #expect(try ana.exit() == 0)
        #expect(ana.complaints.contains { $0.hasSuffix("Pengguna budi tidak ditemukan.") }, "\(ana.transcript)")
        #expect(ana.complaints.contains { $0.contains("Tidak ada perintah :lst. Maksudmu :list?") })
        server.program.send(":list")
        try server.program.line(matching: "Tidak ada siapa-siapa di sini\\.")
        server.program.send(":shutdown")
        #expect(try server.program.exit() == 0)
    }

    @Test("who is not let in reads why in the own language, and scripts read the same words in each")
    func refusals() throws {
        let house = try House()
        let server = try server(house)
        let ana = try person("ana", at: server, in: house, locale: "C")
        try ana.line(matching: "Connected to lab as ana.*")
        let wrong = try house.write("not the password\n", to: "wrong")
        for (language, taken, refused) in [
            ("id", "Username sudah dipakai. Gunakan yang lain.", "Password salah. Silahkan coba lagi."),
            ("en", "The name ana is taken.", "The room password is wrong."),
        ] {
            let double = try house.client("ana", at: server, home: "double", json: false, "--lang", language)
            #expect(try double.exit() == 77)
            #expect(double.complaints == ["udp-client: \(taken)"])
            let mallory = try house.client("eve", at: server, passwordFile: wrong, json: true, "--lang", language)
            #expect(try mallory.exit() == 77)
            #expect(mallory.events("error").map { $0["code"] } == ["wrong-password"])
            #expect(mallory.events("error").map { $0["text"] } == [refused])
        }
    }

    @Test("what the server says about an order is read in the own language")
    func orders() throws {
        let house = try House()
        let server = try server(house)
        let ana = try house.member("ana", at: server, "--lang", "en")
        let bob = try house.member("bob", at: server, "--lang", "id")
        ana.send(":kick bob")
        bob.send(":kick ana")
        #expect(try ana.event("error")["text"] == "Only operators may do that.")
        #expect(try bob.event("error")["text"] == "Hanya operator yang boleh melakukan itu.")
        server.program.send(":mute bob 10")
        try server.program.line(matching: "bob dibisukan selama 10 menit\\.")
        try bob.event("notice") { $0["text"] == "SERVER membisukanmu selama 10 menit." }
        server.program.send(":op ana")
        try ana.event("notice") { $0["text"]?.hasPrefix("SERVER made you an operator") == true }
        server.program.send(":shutdown 3600")
        try ana.event("notice") { $0["text"] == "The server stops in 60 min." }
        try bob.event("notice") { $0["text"] == "Server berhenti 60 menit lagi." }
        server.program.send(":shutdown cancel")
        try ana.event("notice") { $0["text"] == "The server does not stop after all." }
        try bob.event("notice") { $0["text"] == "Server tidak jadi berhenti." }
    }

    @Test(
        "help, version and usage errors speak the language that is asked for", arguments: ["udp-client", "udp-server"])
    func help(program: String) throws {
        let house = try House()
        for (arguments, locale, begin) in [
            (["--help"], "C", "usage: "), (["--help"], "id_ID.UTF-8", "cara pakai: "),
            (["--help", "--lang", "id"], "en_US.UTF-8", "cara pakai: "), (["--lang=en", "-h"], "id_ID", "usage: "),
        ] {
            let run = try RunningProgram(
                program, arguments, environment: try house.environment(home: "x", adding: ["LC_ALL": locale]))
            #expect(try run.exit() == 0)
            #expect(run.output.lines.first?.hasPrefix(begin + program) == true, "\(run.transcript)")
            #expect(run.output.lines.count <= 24 && run.output.lines.allSatisfy { $0.count <= 80 })
        }
        for (locale, text) in [
            ("C", "--lang takes id or en, not 'fr'"), ("id", "--lang harus diisi id atau en, bukan 'fr'"),
        ] {
            let run = try RunningProgram(
                program, ["--lang", "fr"], environment: try house.environment(home: "x", adding: ["LC_ALL": locale]))
            #expect(try run.exit() == 64)
            #expect(run.complaints.count == 1 && run.complaints.first?.contains(text) == true, "\(run.transcript)")
        }
    }
}
