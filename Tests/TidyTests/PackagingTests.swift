import Foundation
import Testing

/// What packages are made of, as far as it can be judged without making one.
@Suite("packaging")
struct PackagingTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
    }

    @Test("the package has the version of the programs")
    func version() throws {
        let source = try text("Sources/ProgramFrame/ProgramVersion.swift")
        let version = try #require(source.split(separator: "\"").dropFirst().first)
        #expect(try text("config/package/debian/changelog").hasPrefix("gaschat (\(version)) "))
    }

    @Test("every script of the package stops at the first error", arguments: ["postinst", "prerm", "postrm"])
    func scripts(name: String) throws {
        let script = try text("config/package/debian/\(name)")
        #expect(script.hasPrefix("#!/bin/sh\n") && script.contains("\nset -e\n"))
    }

    @Test("the file for the kernel allows the buffers that programs ask for, and is installed with the other examples")
    func buffers() throws {
        #expect(try text("Sources/SocketIO/UDPSocket.swift").contains("wantedBufferBytes = 8 << 20\n"))
        let settings = try text("config/sysctl/60-gaschat.conf").split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(settings == ["net.core.rmem_max = \(8 << 20)", "net.core.wmem_max = \(8 << 20)"])
        #expect(try text("Makefile").contains("find config/firewall config/grafana config/sysctl "))
    }

    /// Instructions with their continued lines, without comments.
    private func instructions() throws -> [(word: String, rest: String)] {
        let joined = try text("config/package/Containerfile").split(separator: "\n").filter { !$0.hasPrefix("#") }
            .joined(separator: "\n").replacing("\\\n", with: " ")
        return joined.split(separator: "\n").map { line in
            let word = line.prefix { $0 != " " }
            return (String(word), String(line.dropFirst(word.count + 1)))
        }
    }

    @Test("the Containerfile has instructions that there are, and its shell is shell")
    func containerSyntax() throws {
        let known: Set = [
            "FROM", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD", "ENV",
        ]
        let all = try instructions()
        #expect(all.first?.word == "FROM" && all.allSatisfy { known.contains($0.word) && !$0.rest.isEmpty })
        for (word, rest) in all where word == "RUN" {
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.arguments = ["-n", "-c", rest]
            try shell.run()
            shell.waitUntilExit()
            #expect(shell.terminationStatus == 0, "\(rest)")
        }
        for (word, rest) in all where word == "CMD" || word == "ENTRYPOINT" {
            #expect(throws: Never.self) { try JSONDecoder().decode([String].self, from: Data(rest.utf8)) }
        }
    }

    @Test("the container is built of named editions, keeps no package lists, and runs as a user without rights")
    func containerRules() throws {
        let all = try instructions()
        for (_, rest) in all.filter({ $0.word == "FROM" }) {
            let image = rest.prefix { $0 != " " }
            #expect(image.contains(":") && !image.hasSuffix(":latest"), "\(image)")
        }
        for (_, rest) in all where rest.contains("apt-get install") {
            #expect(rest.contains("--no-install-recommends") && rest.contains("rm -rf /var/lib/apt/lists/*"))
        }
        #expect(all.last { $0.word == "USER" }.map { $0.rest != "root" && $0.rest != "0" } == true)
    }
}
