import ChatProtocol

/// The server's console. Whatever members chose (names, reasons, topics, groups) is made harmless here.
struct IndonesianConsole: ConsoleSentences {
    // MARK: Help

    var commandHelp: [String: String] {
        [
            "list": "siapa yang ada di sini, dari mana, sejak kapan",
            "pm": "mengirim pesan ke satu orang",
            "rename": "mengganti nama seorang anggota",
            "kick": "mengeluarkan seorang anggota, yang boleh kembali",
            "ban": "memblokir nama dan perangkatnya, atau sebuah alamat atau blok",
            "unban": "mencabut blokir",
            "bans": "siapa yang diblokir, dan siapa yang dibisukan",
            "mute": "membisukan seseorang, sementara atau sampai :unmute",
            "unmute": "membolehkan seseorang menulis lagi",
            "op": "menjadikan seseorang operator di client",
            "deop": "menjadikan operator anggota biasa",
            "audit": "tindakan operator terakhir, paling banyak \(ChatLimits.auditEntries)",
            "topic": "mengganti topik ruang; - menghapusnya",
            "slow": "membatasi setiap anggota satu pesan dalam sekian detik",
            "group": "semua grup, atau anggota salah satunya",
            "stats": "hitungan sejak server dijalankan",
            "reload": "membaca ulang konfigurasi dan password",
            "shutdown": "memberi tahu semua orang lalu berhenti, langsung atau setelah hitungan mundur",
            "help": "daftar ini, atau satu perintah dengan contohnya",
        ]
    }
    var textForm: String { "teks" }
    var textHelp: String { "mengirimnya ke ruang; ::teks mengirim :teks" }
    func help(_ form: String, _ help: String, example: String) -> String { "\(form): \(help). Contohnya: \(example)" }
    func usage(_ form: String, example: String) -> String { "Cara pakainya: \(form). Contohnya: \(example)" }
    func unknownCommand(_ word: String, nearest: String?) -> String {
        let hint = nearest.map { "maksudmu :\($0)? " } ?? ""
        return "Tidak ada perintah :\(logged(word)); \(hint):help menampilkan semuanya."
    }
    func longLine(limit: Int) -> String { "Baris ini lebih dari \(limit) byte dan dilewati." }

    // MARK: What was done

    func renamed(_ old: String, _ new: String) -> String { "\(shown(old)) sekarang bernama \(shown(new))." }
    func told(_ name: String) -> String { "Pesan untuk \(shown(name)) terkirim." }
    func topic(_ text: String) -> String {
        text.isEmpty ? "Ruang tidak punya topik lagi." : "Topik ruang: \(shown(text))"
    }
    func done(_ action: Moderation, _ person: String, seconds: UInt32) -> String {
        let name = shown(person)
        return switch action {
        case .op: "\(name) sekarang operator."
        case .deop: "\(name) anggota biasa lagi."
        case .kick: "\(name) dikeluarkan."
        case .ban: "\(name) diblokir; :unban \(name) mencabutnya."
        case .unban: "\(name) tidak diblokir lagi."
        case .mute where seconds == 0: "\(name) dibisukan sampai :unmute."
        case .mute: "\(name) dibisukan selama \(seconds / 60) menit."
        case .unmute: "\(name) boleh menulis lagi."
        case .slow where seconds == 0: "Mode lambat dimatikan."
        case .slow: "Mode lambat: satu pesan dalam \(seconds) detik untuk setiap anggota."
        }
    }
    var stopsAlready: String { "Server memang sedang berhenti." }
    var stopsNow: String { "Server berhenti sekarang." }
    var countdownHint: String { ":shutdown cancel membatalkan hitungan mundur." }
    var noCountdown: String { "Tidak ada hitungan mundur." }
    var goesOn: String { "Server berjalan terus." }

    // MARK: Lists

    var nobodyHere: String { "Tidak ada siapa-siapa di sini." }
    var listColumns: [String] { ["nama", "alamat", "sejak", "pulang-pergi", "hilang", "tertinggal", "terdengar", ""] }
    var isOperator: String { "operator" }
    var isMuted: String { "dibisukan" }
    func milliseconds(tenths: Int64) -> String {
        tenths < 100 ? "\(Indonesian.tenths(tenths)) ms" : "\(tenths / 10) ms"
    }
    func ago(seconds: Int64) -> String { "\(seconds) detik lalu" }
    var noGroups: String { "Belum ada grup." }
    var groupColumns: [String] { ["grup", "anggota", ""] }
    var isPrivate: String { "tertutup" }
    var isOpen: String { "terbuka" }
    func noSuchGroup(_ name: String) -> String { "Tidak ada grup bernama \(shown(name))." }
    func members(_ names: [String], of group: String) -> String { "\(shown(group)) (\(names.count)): \(list(names))" }
    var noBans: String { "Tidak ada yang diblokir atau dibisukan." }
    var banned: String { "diblokir" }
    var muted: String { "dibisukan" }
    func left(minutes: Int64) -> String { "\(minutes) menit lagi" }
    var untilUnmute: String { "sampai :unmute" }
    var noActs: String { "Belum ada tindakan operator." }

    // MARK: :stats

    var statsRows: StatsRows {
        StatsRows(
            uptime: "berjalan", members: "anggota", people: "orang dikenal", groups: "grup",
            bansAndMutes: "blokir, bisu", topic: "topik", slowMode: "mode lambat", lastEntry: "entri terakhir ruang",
            messages: "pesan", refusals: "login ditolak", datagrams: "datagram", dropped: "dibuang",
            droppedByKernel: "hilang di kernel")
    }
    func members(_ count: Int, reserved: Int) -> String {
        "\(count), dan \(reserved) nama disimpan untuk yang terputus"
    }
    func slow(seconds: UInt32) -> String { seconds == 0 ? "mati" : "\(seconds) detik" }
    func uptime(days: Int64, clock: String) -> String { days == 0 ? clock : "\(days) hari \(clock)" }
    func datagrams(received: UInt64, sent: UInt64) -> String { "\(received) diterima, \(sent) dikirim" }
    func dropped(
        foreign: Int, malformed: Int, unknown: Int, unauthenticated: Int, overLimit: Int
    ) -> String {
        "\(foreign) asing, \(malformed) rusak, \(unknown) tanpa koneksi, \(unauthenticated) tidak asli, "
            + "\(overLimit) melebihi batas"
    }
}
