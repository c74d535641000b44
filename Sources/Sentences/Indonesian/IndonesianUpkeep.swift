/// Backups, moves and checks of the data folder.
struct IndonesianUpkeep: UpkeepSentences {
    var needsFolder: String { "dengan --data :memory: tidak ada apa pun di disk untuk dikerjakan" }
    func noStore(_ folder: String) -> String {
        "tidak ada riwayat di \(logged(folder)): sebutkan folder data server dengan --data DIR"
    }
    func backedUp(_ folder: String, _ path: String) -> String {
        "riwayat dan kunci di \(logged(folder)) sudah disalin ke \(logged(path)): jaga seperti servernya sendiri"
    }
    func notBackedUp(_ path: String, _ reason: String) -> String {
        "salinan di \(logged(path)) tidak jadi dibuat: \(reason)"
    }
    func backupUnusable(_ path: String, _ reason: String) -> String {
        "\(logged(path)) tidak bisa dikembalikan, dan tidak ada yang berubah: \(reason)"
    }
    func backupKeyDamaged(_ path: String, _ key: String) -> String {
        "\(logged(path)) tidak bisa dikembalikan, dan tidak ada yang berubah: \(logged(key)) di dalamnya rusak"
    }
    func inUse(_ folder: String) -> String {
        "sebuah server sedang memakai \(logged(folder)): hentikan dulu, baru kembalikan salinannya"
    }
    func restored(_ path: String, _ folder: String, kept: String?) -> String {
        "\(logged(path)) sudah dikembalikan ke \(logged(folder))"
            + (kept.map { "; isi yang lama ada di \(logged($0))" } ?? "")
    }
    func notRestored(_ folder: String, _ reason: String) -> String {
        "salinan tidak bisa dikembalikan ke \(logged(folder)): \(reason)"
    }
    func exported(_ count: Int, _ path: String) -> String { "\(count) baris ada di \(logged(path))" }
    func notExported(_ reason: String) -> String { "riwayat tidak bisa diekspor: \(reason)" }
    func exportNotTaken(_ path: String?) -> String {
        "barisnya tidak bisa ditulis ke \(path.map(logged) ?? "keluaran standar")"
    }
    func whole(_ folder: String, version: Int, logs: Int, entries: Int64) -> String {
        "\(logged(folder)) utuh: ada \(entries) entri di \(logs) catatan, berformat \(version)"
    }
    func folderExposed(_ folder: String, mode: String) -> String {
        "pengguna lain bisa menukar file di \(logged(folder)) (mode \(mode)): jalankan chmod 700 untuk folder itu"
    }
    func keyMissing(_ path: String) -> String {
        "kunci server \(logged(path)) tidak ada: client tidak akan mengenali server ini lagi"
    }
    func ticketKeysDamaged(_ path: String) -> String {
        "kunci tiket di \(logged(path)) rusak: semua orang perlu memasukkan password sekali lagi"
    }
    func damaged(_ detail: String) -> String {
        "riwayatnya rusak: \(logged(detail)); kembalikan salinan yang terbaru"
    }
    func schema(_ detail: String) -> String {
        "tabel riwayatnya tidak seperti seharusnya: \(logged(detail)); kembalikan salinan yang terbaru"
    }
    func numbers(log: UInt32) -> String { "catatan \(log) berisi entri dengan nomor yang tidak pernah diberikan" }
    func totals(log: UInt32) -> String { "isi catatan \(log) tidak sesuai dengan hitungannya" }
    func stray(_ count: Int64) -> String { "\(count) entri tidak termasuk catatan mana pun" }
    func counter(_ name: String) -> String { "pencacah \(logged(name)) melewati yang dicadangkan untuknya" }
    func unreadable(log: UInt32, _ count: Int) -> String {
        "\(count) entri di catatan \(log) tidak bisa dimengerti"
    }
}
