import ChatProtocol

/// What the client answers to what is typed. Texts of others stay as they came: whoever shows the line makes it harmless.
struct IndonesianChat: ChatSentences {
    // MARK: Help

    var forOperators: String { "(untuk operator)" }
    func also(_ words: String) -> String { "(juga \(words))" }
    var helpEscape: String { "::teks dan //teks mengirim teks yang diawali : atau /" }
    func example(_ example: String) -> String { "Contohnya: \(example)" }
    func unknownCommand(_ word: String, nearest: String?) -> String {
        "Tidak ada perintah \(word)." + (nearest.map { " Maksudmu :\($0)?" } ?? "")
            + " :help menunjukkan semua perintah; untuk mengirim teks yang diawali : atau /, ketik tandanya dua kali."
    }
    func usage(_ usage: String, example: String) -> String {
        usage == example ? "Cara pakainya: \(usage)" : "Cara pakainya: \(usage) - contohnya: \(example)"
    }

    // MARK: Lines

    func unfitText(_ fault: TextFault) -> String {
        switch fault {
        case .empty: "Baris kosong tidak ada isinya."
        case .tooLong: "Pesan tidak dikirim: lebih dari \(ChatLimits.textBytes) byte."
        case .containsNUL: "Pesan tidak dikirim: berisi karakter NUL."
        }
    }
    var outboxFull: String { "Pesan tidak dikirim: masih terlalu banyak yang menunggu server." }
    var tooManyQuestions: String { "Masih ada \(ChatLimits.pendingQuestions) jawaban yang ditunggu." }
    var historyBeganAnew: String {
        "Riwayat ruang mulai dari awal: server tidak lagi punya pesan-pesan sebelumnya."
    }
    func sentFromLastTime(_ line: String) -> String {
        "Belum terkonfirmasi waktu terakhir kamu di sini, dan dikirim sekarang: \(line)"
    }
    func doneEarlier(_ line: String) -> String { "Server sudah menerimanya: \(line)" }
    func fateUnknown(_ line: String) -> String {
        "Server sudah mengurusnya, tetapi hasilnya tidak disimpan lagi: \(line)"
    }
    func linesRemoved(group: String?) -> String {
        switch group {
        case nil: "Ada pesan yang belum kamu lihat sudah dihapus: terlalu lama, atau terlalu banyak."
        case "": "Ada pesan pribadi yang belum kamu lihat sudah dihapus: terlalu lama, atau terlalu banyak."
        case let group?: "Ada pesan di \(group) yang belum kamu lihat sudah dihapus."
        }
    }
    var nobodyToReplyTo: String { "Tidak ada yang bisa dibalas: belum ada pesan pribadi." }
    func noLineThere(_ word: String) -> String {
        "Tidak ada baris \(word) di sini; -1 adalah baris terakhir yang ditampilkan."
    }
    var noOwnLine: String { "Tidak ada pesanmu sendiri di sini." }
    var signTooLong: String {
        "Reaksi paling panjang \(ChatLimits.reactionBytes) byte: satu emoji atau kata pendek."
    }
    var searchTooLong: String { "Yang dicari paling panjang \(ChatLimits.searchBytes) byte." }
    var nameTooLong: String { "Tidak ada nama sepanjang itu." }
    var awayTooLong: String { "Keterangan sedang pergi paling panjang \(ChatLimits.awayBytes) byte." }
    var topicTooLong: String { "Topik paling panjang \(ChatLimits.topicBytes) byte." }
    var reasonTooLong: String { "Alasan paling panjang \(ChatLimits.explanationBytes) byte." }
    var awayWord: String { "sedang pergi" }
    var notConnected: String { "Server tidak terhubung." }
    func ignoring(_ names: [String]) -> String {
        names.isEmpty ? "Tidak ada yang diabaikan." : "Diabaikan: \(names.joined(separator: ", "))"
    }
    func ignoredNow(_ name: String) -> String {
        "Mulai sekarang pesan \(name) tidak ditampilkan; :ignore \(name) mengakhirinya."
    }
    func ignoredNoMore(_ name: String) -> String { "\(name) tidak diabaikan lagi." }
    var tooManyIgnored: String { "Paling banyak \(ChatLimits.ignoredNames) orang bisa diabaikan." }
    var nothingFound: String { "Tidak ada yang ditemukan." }
    var nothingSaid: String { "Belum ada pesan di sana." }

    // MARK: Commands

    var commandHelp: [String: String] {
        [
            "pm": "mengirim pesan ke satu orang, boleh juga yang sedang tidak ada",
            "reply": "membalas pesan pribadi terakhir",
            "group": "membuat, memasuki, meninggalkan, menampilkan, mengatur grup, dan menulis di grup",
            "join": "bergabung ke sebuah grup",
            "part": "keluar dari sebuah grup",
            "me": "menceritakan apa yang kamu lakukan",
            "re": "membalas sebuah baris: -1 adalah baris terakhir yang ditampilkan",
            "react": "menandai sebuah baris; - sebagai tanda mencabutnya",
            "edit": "mengganti teks pesanmu yang terakhir",
            "delete": "menarik kembali pesanmu yang terakhir",
            "list": "menampilkan siapa yang ada di ruang",
            "who": "menampilkan siapa yang ada di ruang dan keadaan sambungannya",
            "seen": "memberi tahu siapa yang sudah menerima sebuah baris",
            "nick": "mengganti namamu",
            "away": "mengatakan kamu sedang pergi; sekali lagi tanpa teks: kamu kembali",
            "history": "menampilkan pesan sebelumnya di ruang, di grup, atau dengan seseorang",
            "search": "mencari pesan di ruang yang berisi semua kata itu",
            "topic": "menampilkan topik, atau menggantinya; - menghapusnya",
            "ignore": "menyembunyikan pesan seseorang, atau menampilkannya lagi; tanpa nama: siapa saja",
            "register": "memasang password pribadi, supaya namamu tetap milikmu di perangkat lain",
            "op": "menjadikan seseorang operator",
            "deop": "menjadikan operator anggota biasa",
            "kick": "mengeluarkan seseorang, yang boleh kembali",
            "mute": "membisukan seseorang, selama sekian menit atau sampai :unmute",
            "unmute": "membolehkan menulis lagi",
            "ban": "memblokir seseorang: nama dan perangkat, atau sebuah alamat atau blok alamat",
            "unban": "membolehkan seseorang masuk lagi",
            "slow": "membatasi setiap anggota satu pesan dalam sekian detik",
            "stats": "menampilkan keadaan sambungan ke server",
            "clear": "membersihkan layar",
            "help": "menampilkan semua perintah, atau kegunaan salah satunya",
            "quit": "keluar dari ruang, sama seperti QUIT sendirian di satu baris",
        ]
    }
}
