/// Configuration files.
struct IndonesianSetup: SetupSentences {
    var helpConfig: String { "file JSON5 dengan kunci untuk setiap opsi" }
    func helpMembers(usual: Int) -> String { "paling banyak orang di ruang, biasanya \(usual)" }
    func expectsCount(limit: Int) -> String { "angka 1 sampai \(limit)" }
    var expectsServerPort: String { "angka 1 sampai 65535" }
    var expectsClientPort: String { "angka 0 sampai 65535, atau auto" }
    var expectsBoolean: String { "true atau false" }
    var expectsNumber: String { "bilangan bulat" }
    var expectsText: String { "teks dalam tanda kutip" }
    var expectsPath: String { "nama file dalam tanda kutip" }
    var expectsNumberOrText: String { "bilangan bulat, atau teks dalam tanda kutip" }
    func takes(_ key: String, _ what: String) -> String { "\(logged(key)) harus diisi \(what)" }
    func noKey(_ key: String, near: String?) -> String {
        let hint = near.map { "; maksudnya \($0)?" } ?? ""
        return "tidak ada kunci \(logged(key))\(hint)"
    }
    var noObject: String { "konfigurasi adalah objek: { kunci: nilai, ... }" }
    var tooManyKeys: String { "kuncinya terlalu banyak" }
    var commaMissing: String { "sebelum ini kurang koma atau kurung kurawal penutup" }
    var moreAfterEnd: String { "masih ada isi setelah kurung kurawal penutup" }
    var endMissing: String { "kurung kurawal penutup tidak ada" }
    var keyMissing: String { "di sini seharusnya ada kunci" }
    func colonMissing(_ key: String) -> String { "kurang titik dua setelah kunci \(logged(key))" }
    func valueMissing(_ key: String) -> String { "kunci \(logged(key)) tidak punya nilai" }
    var bracketOpen: String { "ada kurung yang tidak ditutup" }
    var commentOpen: String { "ada komentar yang tidak ditutup: */" }
    var textOpen: String { "ada teks dalam kutip yang tidak ditutup" }
    var notUTF8: String { "ini bukan UTF-8" }
    func broken(_ key: String) -> String { "kunci \(logged(key)) atau nilainya bukan JSON5" }
    func secondTime(_ key: String) -> String { "kunci \(logged(key)) muncul dua kali" }
    var brokenSomewhere: String { "ada bagian sampai di sini yang bukan JSON5" }
    func fileTooLong(_ path: String, limit: Int) -> String { "file konfigurasi \(path): lebih dari \(limit) byte" }
    func fileUnreadable(_ path: String, _ reason: String) -> String {
        "file konfigurasi \(path) tidak bisa dibaca: \(reason)"
    }
    var nothingToReadAgain: String { "tidak ada konfigurasi atau file password untuk dibaca ulang" }
    func configurationStays(_ reason: String) -> String { "konfigurasi tetap seperti semula: \(reason)" }
    func allStays(_ reason: String) -> String { "password dan konfigurasi tetap seperti semula: \(reason)" }
    func readAgain(withPassword: Bool, live: [String], later: [String]) -> String {
        let files = withPassword ? "konfigurasi dan file password" : "konfigurasi"
        let now = live.isEmpty ? "" : "; berubah: \(live.joined(separator: ", "))"
        let restart = later.isEmpty ? "" : "; baru setelah server dimulai ulang: \(later.joined(separator: ", "))"
        return "\(files) sudah dibaca ulang\(now)\(restart)"
    }
}
