/// How Indonesian counts and measures. Nouns have one form for every number.
enum Indonesian {
    /// How the kernel is told to allow larger buffers, until the machine starts again and beyond.
    static func raise(buffersTo bytes: Int) -> String {
        "sysctl -w net.core.rmem_max=\(bytes) net.core.wmem_max=\(bytes), "
            + "dan kedua baris itu di /etc/sysctl.d/60-gaschat.conf supaya tetap"
    }

    /// `45 detik`, `10 menit`; what is longer than two minutes is rounded up to whole ones.
    static func span(_ seconds: Int64) -> String {
        seconds >= 60 && seconds % 60 == 0 || seconds >= 120 ? "\((seconds + 59) / 60) menit" : "\(seconds) detik"
    }

    /// `1,5`
    static func tenths(_ tenths: Int64) -> String { "\(tenths / 10),\(tenths % 10)" }

    /// The same without rounding: `125 detik`, `2 menit`.
    static func exactSpan(_ seconds: Int64) -> String {
        seconds >= 60 && seconds % 60 == 0 ? "\(seconds / 60) menit" : "\(seconds) detik"
    }
}
