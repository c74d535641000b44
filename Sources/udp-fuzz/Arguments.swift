import Fuzz

/// What was asked for on the command line.
struct Arguments {
    enum Task {
        case help
        case list
        case fuzz
        /// One file, in this process, so that a trap shows where it is.
        case replay(path: String)
        case writeCorpus(folder: String)
        /// The child that tries inputs; it may trap.
        case work(isCareful: Bool)
    }

    /// What is wrong with the words.
    struct Misuse: Error {
        let text: String
    }

    private(set) var task = Task.fuzz
    private(set) var seconds = 60.0
    private(set) var seed: UInt64?
    private(set) var target: FuzzTarget?
    private(set) var start: UInt64 = 0
    private(set) var count: UInt64?
    private(set) var corpus: String?

    /// - Parameter words: the command line without the program's name.
    init(_ words: [String]) throws(Misuse) {
        var words = words[...]
        while let word = words.popFirst() {
            switch word {
            case "--help", "-h": task = .help
            case "--list": task = .list
            case "--time": seconds = try Self.value(of: word, &words, Self.time)
            case "--seed": seed = try Self.value(of: word, &words) { UInt64($0) }
            case "--target": target = try Self.value(of: word, &words) { FuzzTarget.named($0) }
            case "--from": start = try Self.value(of: word, &words) { UInt64($0) }
            case "--count": count = try Self.value(of: word, &words) { UInt64($0) }
            case "--corpus": corpus = try Self.value(of: word, &words) { $0 }
            case "--replay": task = .replay(path: try Self.value(of: word, &words) { $0 })
            case "--write-corpus": task = .writeCorpus(folder: try Self.value(of: word, &words) { $0 })
            case "--work": task = .work(isCareful: false)
            case "--work-carefully": task = .work(isCareful: true)
            default: throw Misuse(text: "what is \(word)?")
            }
        }
        try checkTogether()
    }

    private func checkTogether() throws(Misuse) {
        switch task {
        case .replay, .work:
            if target == nil { throw Misuse(text: "--replay needs --target") }
        case .help, .list, .fuzz, .writeCorpus: break
        }
        if start != 0 || count != nil, target == nil { throw Misuse(text: "--from and --count need --target") }
    }

    private static func time(_ word: String) -> Double? {
        guard let seconds = Double(word), seconds > 0, seconds <= 1_000_000 else { return nil }
        return seconds
    }

    private static func value<Value>(
        of option: String, _ words: inout ArraySlice<String>, _ parse: (String) -> Value?
    ) throws(Misuse) -> Value {
        guard let word = words.popFirst() else { throw Misuse(text: "\(option) needs a value") }
        guard let value = parse(word) else { throw Misuse(text: "\(option) can't be \(word)") }
        return value
    }

    static let usage = """
        Usage: udp-fuzz [--time SECONDS] [--seed N] [--target NAME] [--corpus DIR]
               udp-fuzz --target NAME --seed N [--from I] [--count N]
               udp-fuzz --target NAME --replay FILE
               udp-fuzz --list | --write-corpus DIR | --help

        Throws damaged input at everything that reads bytes of strangers, and checks what must hold whatever they are:
        nothing traps or hangs, what parses is emitted again as the same value, garbage gets no answer, an honest
        member gets through.

          --time SECONDS      shared by all targets (60)
          --seed N            the same seed makes the same inputs (random, and printed)
          --target NAME       only this target
          --corpus DIR        inputs to begin with, in DIR/<target>/ (Tests/Corpus, where it exists)
          --from I, --count N the first input, and how many; without --count as long as the time lasts
          --replay FILE       tries the bytes of one file, in this process
          --write-corpus DIR  writes valid samples of each format
          --list              names the targets

        Inputs are tried by a child process, so a trap is reported like any other fault: the input is written to a
        file in the current folder, with the command that replays it.

        Exit status: 0 nothing found, 1 a fault, 64 wrong usage, 74 a file could not be read or written.
        """
}
