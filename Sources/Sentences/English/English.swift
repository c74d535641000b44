/// How English counts and measures.
enum English {
    /// How the kernel is told to allow larger buffers, until the machine starts again and beyond.
    static func raise(buffersTo bytes: Int) -> String {
        "sysctl -w net.core.rmem_max=\(bytes) net.core.wmem_max=\(bytes), "
            + "and both lines in /etc/sysctl.d/60-gaschat.conf to keep it"
    }

    /// `1 member`, `2 members`.
    static func count(_ number: Int64, _ one: String, _ many: String) -> String {
        number == 1 ? "1 \(one)" : "\(number) \(many)"
    }

    /// `45 s`, `10 min`; what is longer than two minutes is rounded up to whole ones.
    static func span(_ seconds: Int64) -> String {
        seconds >= 60 && seconds % 60 == 0 || seconds >= 120 ? "\((seconds + 59) / 60) min" : "\(seconds) s"
    }

    /// `1.5`
    static func tenths(_ tenths: Int64) -> String { "\(tenths / 10).\(tenths % 10)" }

    /// The same without rounding: `125 s`, `2 min`.
    static func exactSpan(_ seconds: Int64) -> String {
        seconds >= 60 && seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }
}
