// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is compiled alike: Swift 6 mode, strict memory safety, no warning let through.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "gaschat",
    products: [
        .executable(name: "udp-server", targets: ["udp-server"]),
        .executable(name: "udp-client", targets: ["udp-client"]),
        .executable(name: "udp-sim", targets: ["udp-sim"]),
        .executable(name: "udp-bench", targets: ["udp-bench"]),
        .executable(name: "udp-fuzz", targets: ["udp-fuzz"]),
    ],
    dependencies: [],
    targets: [
        // C libraries and the thin C layers that Swift can't import directly.
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]),
        .systemLibrary(
            name: "CICU", pkgConfig: "icu-uc",
            providers: [.apt(["libicu-dev"]), .brew(["icu4c"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        .systemLibrary(
            name: "CMicroHTTPD", pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"]), .brew(["libmicrohttpd"])]),
        .target(name: "CEdit", linkerSettings: [.linkedLibrary("edit")]),
        .target(name: "CLinux", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "CAllocations"),

        // Pure: bytes and time in; datagrams, events and the next deadline out.
        library("Basics", []),
        library("Crypto", ["Basics", "CSodium"]),
        library("TextSafety", ["Basics", "CICU"]),
        library("Transport", ["Basics", "Crypto"]),
        library("ChatProtocol", ["Basics"]),
        library("Sentences", ["TextSafety", "ChatProtocol", "Basics"]),
        library("ChatDomain", ["ChatProtocol", "Basics"]),
        library("ChatClient", ["Sentences", "ChatProtocol", "Basics"]),
        library("ServerCore", ["Transport", "ChatDomain", "ChatProtocol", "TextSafety", "Crypto", "Basics"]),
        library(
            "ClientCore",
            ["Transport", "ChatClient", "Sentences", "ChatProtocol", "TextSafety", "Crypto", "Basics"]),
        library("Diagnosis", ["Transport", "Sentences", "ChatProtocol", "Crypto", "Basics"]),

        // The edge: sockets, clocks, files, terminals.
        library("SocketIO", ["Basics", "CLinux"]),
        library("History", ["ChatProtocol", "Basics", "CSQLite"]),
        library("Metrics", ["SocketIO", "CMicroHTTPD", "Basics"]),
        library("ProgramFrame", ["SocketIO", "Sentences", "Crypto", "TextSafety", "ChatProtocol", "Basics"]),
        library("Doctor", ["Diagnosis", "ProgramFrame", "SocketIO", "Sentences", "Basics"]),
        library("LineEditing", ["ProgramFrame", "SocketIO", "CEdit", "Crypto", "TextSafety", "Basics"]),
        library("Configuration", ["ProgramFrame", "SocketIO", "Sentences", "TextSafety"]),
        library(
            "ServerRuntime",
            [
                "ServerCore", "Transport", "ChatDomain", "ChatProtocol", "History", "LineEditing", "ProgramFrame",
                "SocketIO", "Metrics", "Configuration", "Doctor", "Diagnosis", "Sentences", "Crypto", "TextSafety",
                "Basics",
            ]),
        library(
            "ClientRuntime",
            [
                "ClientCore", "Transport", "ChatClient", "ChatProtocol", "LineEditing", "ProgramFrame", "SocketIO",
                "Configuration", "Doctor", "Diagnosis", "Sentences", "Crypto", "TextSafety", "Basics",
            ]),
        library(
            "Simulation",
            [
                "ServerCore", "ClientCore", "Transport", "ChatDomain", "ChatClient", "Sentences", "ChatProtocol",
                "Crypto", "TextSafety", "Basics",
            ]),
        library("LatencyModels", ["Simulation", "Transport", "Crypto", "Basics"]),
        library("Fuzz", ["ServerCore", "ClientCore", "Transport", "ChatProtocol", "Crypto", "TextSafety", "Basics"]),
        library(
            "Bench",
            [
                "LatencyModels", "Simulation", "ServerCore", "ClientCore", "ChatDomain", "ChatClient", "ChatProtocol",
                "History", "SocketIO", "Transport", "Crypto", "Basics", "CAllocations",
            ]),
        program("udp-server", ["ServerRuntime"]),
        program("udp-client", ["ClientRuntime"]),
        program("udp-sim", ["Simulation"]),
        program("udp-bench", ["Bench"]),
        program("udp-fuzz", ["Fuzz"]),

        tests("BasicsTests", ["Basics"]),
        tests("CryptoTests", ["Crypto", "Basics"], resources: [.copy("Vectors")]),
        tests("TextSafetyTests", ["TextSafety", "Basics"]),
        tests("TransportTests", ["Transport", "Crypto", "Basics"], resources: [.copy("Vectors")]),
        tests("ChatProtocolTests", ["ChatProtocol", "Basics"]),
        tests("ChatDomainTests", ["ChatDomain", "Simulation", "ChatProtocol", "Basics"]),
        tests("SentencesTests", ["Sentences", "ChatClient", "ChatProtocol", "TextSafety", "Basics"]),
        tests("ChatClientTests", ["ChatClient", "Sentences", "ChatProtocol", "Basics"]),
        tests(
            "CoreTests",
            [
                "Simulation", "Transport", "ServerCore", "ClientCore", "ChatClient", "ChatDomain", "ChatProtocol",
                "Crypto", "Basics",
            ]),
        tests("DiagnosisTests", ["Diagnosis", "Sentences", "Basics"]),
        tests("SocketIOTests", ["SocketIO", "Basics"]),
        tests("MetricsTests", ["Metrics", "SocketIO", "Basics"]),
        tests("HistoryTests", ["History", "ChatProtocol", "Basics", "CSQLite"]),
        tests(
            "ServerRuntimeTests",
            [
                "ServerRuntime", "ServerCore", "Transport", "ChatDomain", "ChatProtocol", "History", "ProgramFrame",
                "SocketIO", "Configuration", "Sentences", "Crypto", "TextSafety", "Basics",
            ]),
        tests(
            "ClientRuntimeTests",
            [
                "ClientRuntime", "ClientCore", "Transport", "ChatClient", "ChatProtocol", "ProgramFrame", "SocketIO",
                "Configuration", "Sentences", "Crypto", "TextSafety", "Basics",
            ]),
        tests("LineEditingTests", ["LineEditing", "SocketIO", "Crypto", "Basics"]),
        tests("ConfigurationTests", ["Configuration", "ProgramFrame", "SocketIO", "Sentences", "Basics"]),
        tests("ProgramFrameTests", ["ProgramFrame", "SocketIO", "Sentences", "Crypto", "Basics"]),
        tests(
            "ScenarioTests",
            [
                "Simulation", "ServerCore", "ClientCore", "Transport", "ChatClient", "ChatDomain", "ChatProtocol",
                "Crypto", "Basics",
            ]),
        tests("LatencyModelTests", ["LatencyModels", "Simulation", "Transport", "Basics"]),
        tests("BenchTests", ["Bench", "Basics"]),
        tests("FuzzTests", ["Fuzz", "Basics"]),
        tests("OracleTests", ["Fuzz", "Transport", "ChatProtocol", "Basics"]),
        tests(
            "EndToEndTests",
            [
                "udp-server", "udp-client", "udp-sim", "udp-bench", "ClientRuntime", "Doctor", "Diagnosis",
                "ProgramFrame", "Sentences", "SocketIO", "Basics",
            ]),
        tests("TidyTests", []),
    ]
)
