/// Who may import whom. The compiler lets a module import whatever was built before it, so the rules are kept here.
enum ImportRules {
    /// What one module may import.
    struct Row: Sendable {
        /// Modules of this package.
        let own: Set<String>
        /// Modules that come with Swift or the system.
        let system: Set<String>

        /// Bytes and time come in, datagrams and events go out: no clock, no file, no thread.
        static func pure(_ own: Set<String>) -> Row { Row(own: own, system: []) }

        /// Pure to its users; inside, one C library that wants a lock or a once.
        static func overLibrary(_ own: Set<String>) -> Row { Row(own: own, system: ["Synchronization"]) }

        /// Sockets, clocks, files, terminals.
        static func edge(_ own: Set<String>) -> Row { Row(own: own, system: ImportRules.edgeSystem) }

        /// A system library or a thin C layer: headers and C, no Swift.
        static let c = Row(own: [], system: [])
    }

    static let edgeSystem: Set = [
        "Glibc", "Musl", "Darwin", "Foundation", "FoundationEssentials", "Dispatch", "Synchronization",
    ]

    static let server: Set = [
        "ServerCore", "Transport", "ChatDomain", "ChatProtocol", "TextSafety", "Crypto", "Basics",
    ]
    static let client: Set = [
        "ClientCore", "Transport", "ChatClient", "Sentences", "ChatProtocol", "TextSafety", "Crypto", "Basics",
    ]

    static let rows: [String: Row] = [
        "CSodium": .c, "CICU": .c, "CEdit": .c, "CLinux": .c, "CSQLite": .c, "CMicroHTTPD": .c,
        "CAllocations": .c,

        "Basics": .pure([]),
        "Crypto": .overLibrary(["Basics", "CSodium"]),
        "TextSafety": .overLibrary(["Basics", "CICU"]),
        "Transport": .pure(["Basics", "Crypto"]),
        "ChatProtocol": .pure(["Basics"]),
        "ChatDomain": .pure(["ChatProtocol", "Basics"]),
        "Sentences": .pure(["ChatProtocol", "TextSafety", "Basics"]),
        "ChatClient": .pure(["Sentences", "ChatProtocol", "Basics"]),
        "ServerCore": .pure(server.subtracting(["ServerCore"])),
        "ClientCore": .pure(client.subtracting(["ClientCore"])),
        "Diagnosis": .pure(["Transport", "Sentences", "ChatProtocol", "Crypto", "Basics"]),
        "Simulation": .pure(server.union(client)),
        // Our transport and others' rules in the same simulator, side by side.
        "LatencyModels": .pure(["Simulation", "Transport", "Crypto", "Basics"]),

        "SocketIO": .edge(["Basics", "CLinux"]),
        "History": .edge(["ChatProtocol", "Basics", "CSQLite"]),
        "Metrics": .edge(["SocketIO", "CMicroHTTPD", "Basics"]),
        "ProgramFrame": .edge(["SocketIO", "Sentences", "Crypto", "TextSafety", "ChatProtocol", "Basics"]),
        // Reads JSON5 by Foundation, so that nobody else needs to.
        "Configuration": .edge(["ProgramFrame", "SocketIO", "Sentences", "TextSafety"]),
        // Looks at this machine and at the way to another one, for both programs.
        "Doctor": .edge(["Diagnosis", "ProgramFrame", "SocketIO", "Sentences", "Basics"]),
        "LineEditing": .edge(["ProgramFrame", "SocketIO", "CEdit", "Crypto", "TextSafety", "Basics"]),
        "ServerRuntime": .edge(
            server.union([
                "Configuration", "Diagnosis", "Doctor", "LineEditing", "Metrics", "ProgramFrame", "SocketIO", "History",
                "Sentences",
            ])),
        "ClientRuntime": .edge(
            client.union(["Configuration", "Diagnosis", "Doctor", "LineEditing", "ProgramFrame", "SocketIO"])),
        "Bench": .edge([
            "LatencyModels", "Simulation", "ServerCore", "ClientCore", "ChatDomain", "ChatClient", "ChatProtocol",
            "History", "SocketIO", "Transport", "Crypto", "Basics", "CAllocations",
        ]),
        // Throws damaged input at the parsers and endpoints, which are all pure, and is as repeatable as they are.
        "Fuzz": .pure([
            "ServerCore", "ClientCore", "Transport", "ChatProtocol", "Crypto", "TextSafety", "Basics",
        ]),

        // Arguments and wiring only.
        "udp-server": .edge(["ServerRuntime"]),
        "udp-client": .edge(["ClientRuntime"]),
        "udp-sim": .edge(["Simulation"]),
        "udp-bench": .edge(["Bench"]),
        "udp-fuzz": .edge(["Fuzz"]),
    ]

    /// The modules that a file imports, whatever stands before the word: attributes, access levels, kinds.
    static func imports(of file: SwiftFile) -> [(module: String, offset: Int)] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "var", "let"]
        var imports: [(module: String, offset: Int)] = []
        for (index, word) in file.words.enumerated() where word.text == "import" {
            let before = file.byte(at: word.start - 1)
            guard before != UInt8(ascii: "."), before != UInt8(ascii: "`") else { continue }
            let names = file.words[(index + 1)...].prefix(2).map { $0 }
            guard let first = names.first, file.skippingBlanks(from: word.end) == first.start else { continue }
            imports.append((kinds.contains(first.text) ? names[names.count - 1].text : first.text, word.start))
        }
        return imports
    }

    /// Imports of one file against its module's row, and against what Package.swift declares for the module.
    ///
    /// - Parameter declared: the dependencies of the file's target; nil when Package.swift does not know the target.
    static func findings(in file: SwiftFile, declared: Set<String>?) -> [Finding] {
        guard let target = file.target else { return [] }
        guard let row = rows[target] else {
            return [Finding(path: file.path, line: 1, fault: "\(target) has no row in the import rules")]
        }
        return imports(of: file).compactMap { module, offset in
            if !row.own.contains(module), !row.system.contains(module) {
                return file.finding(at: offset, "\(target) may not import \(module)")
            }
            if row.own.contains(module), declared?.contains(module) != true {
                return file.finding(
                    at: offset, "\(target) imports \(module), which Package.swift does not declare for it")
            }
            return nil
        }
    }

    /// What Package.swift declares against the rows.
    static func findings(in manifest: Manifest) -> [Finding] {
        manifest.targets.filter { !$0.isTest }.flatMap { target -> [Finding] in
            guard let row = rows[target.name] else {
                let fault = "\(target.name) has no row in the import rules"
                return [Finding(path: manifest.file.path, line: target.line, fault: fault)]
            }
            return target.dependencies.filter { !row.own.contains($0) }.map {
                Finding(path: manifest.file.path, line: target.line, fault: "\(target.name) may not depend on \($0)")
            }
        }
    }
}
