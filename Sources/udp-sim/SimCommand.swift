#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the arguments ask for.
enum SimCommand {
    case world(seed: UInt64, isVerbose: Bool, crashes: Bool)
    case worlds(ClosedRange<UInt64>, crashes: Bool)
    case soak(seconds: UInt64, from: UInt64, crashes: Bool)
    case logins(tries: UInt64, loss: Double)

    /// - Returns: nil when the arguments mean nothing.
    init?(arguments: [String]) {
        var words = arguments[...]
        let isLogin = words.first == "login"
        if isLogin { words.removeFirst() }
        var values: [String: String] = [:]
        var isVerbose = false
        var crashes = false
        while let word = words.popFirst() {
            if word == "--verbose" {
                isVerbose = true
            } else if word == "--crashes" {
                crashes = true
            } else if word.hasPrefix("--"), let value = words.popFirst() {
                values[String(word.dropFirst(2))] = value
            } else {
                return nil
            }
        }
        let command =
            isLogin ? Self.login(values) : Self.play(values, isVerbose: isVerbose, crashes: crashes)
        guard let command else { return nil }
        self = command
    }

    private static func login(_ values: [String: String]) -> SimCommand? {
        guard values.keys.allSatisfy({ ["tries", "loss"].contains($0) }),
            let tries = UInt64(values["tries"] ?? "1000"), tries > 0,
            let loss = Double(values["loss"] ?? "0.2"), (0...1).contains(loss)
        else { return nil }
        return .logins(tries: tries, loss: loss)
    }

    private static func play(_ values: [String: String], isVerbose: Bool, crashes: Bool) -> SimCommand? {
        guard values.keys.allSatisfy({ ["seed", "seeds", "from", "time"].contains($0) }),
            let first = UInt64(values["from"] ?? "1")
        else { return nil }
        if let seed = values["seed"] {
            guard values.count == 1 else { return nil }
            return UInt64(seed).map { .world(seed: $0, isVerbose: isVerbose, crashes: crashes) }
        }
        guard !isVerbose else { return nil }
        if let time = values["time"] {
            // Without a given beginning every soak plays worlds that were not played before.
            let start = values["from"] == nil ? UInt64.random(in: 1...1_000_000_000) : first
            guard values["seeds"] == nil else { return nil }
            return UInt64(time).map { .soak(seconds: $0, from: start, crashes: crashes) }
        }
        guard let count = UInt64(values["seeds"] ?? "100"), count > 0 else { return nil }
        let (last, overflow) = first.addingReportingOverflow(count - 1)
        return overflow ? nil : .worlds(first...last, crashes: crashes)
    }
}

/// Ends the program.
func exitWith(_ status: Int32) -> Never {
    exit(status)
}
