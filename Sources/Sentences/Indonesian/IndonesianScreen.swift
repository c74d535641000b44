/// What stands around the line being typed, in both programs. What comes from elsewhere is made harmless here, but for
/// the pattern of a search, which comes harmless.
struct IndonesianScreen: ScreenSentences {
    // MARK: The status

    func connecting(seconds: Int64?) -> String { seconds.map { "menghubungkan, \($0) detik lagi" } ?? "menghubungkan" }
    func reconnecting(seconds: Int64?) -> String {
        seconds.map { "menyambung ulang, \($0) detik lagi" } ?? "menyambung ulang"
    }
    func passwordWait(seconds: Int64) -> String { "terlalu banyak password salah: coba lagi \(seconds) detik lagi" }
    var leaving: String { "keluar" }
    func here(count: Int, in room: String) -> String { "\(shown(room)): \(count) orang" }
    func unsent(_ count: Int) -> String { "\(count) belum terkirim" }
    func lastHeard(seconds: Int64) -> String { "terdengar \(seconds) detik lalu" }
    func milliseconds(tenths: Int64) -> String { "\(Indonesian.tenths(tenths)) ms" }
    func loss(tenths: Int64) -> String { "hilang \(Indonesian.tenths(tenths)) %" }
    var stored: String { "tersimpan" }
    var allHaveIt: String { "sampai ke semua" }
    func haveIt(_ count: Int64, of total: Int64) -> String { "sampai ke \(count) dari \(total)" }
    func stops(seconds: Int64) -> String { "berhenti \(seconds) detik lagi" }
    var stopping: String { "sedang berhenti" }

    // MARK: Lines

    func sendingMore(_ count: Int) -> String { "dan \(count) sebelumnya" }
    var forYou: String { "<- kamu" }
    func firstContact(_ fingerprint: String) -> String {
        "Pertama kali di sini. Kunci server yang diingat: \(shown(fingerprint))"
    }
    func data(_ path: String?) -> String {
        path.map { "Riwayat dan akun: \(shown($0))" } ?? "Riwayat dan akun: tidak ada yang disimpan"
    }

    // MARK: Typing

    func search(_ pattern: String, isFound: Bool) -> String {
        isFound ? "cari '\(pattern)': " : "tidak ada '\(pattern)': "
    }
    func paste(lines: Int) -> String { "Kirim \(lines) baris ini sebagai satu pesan? Enter: ya, tombol lain: tidak" }
}
