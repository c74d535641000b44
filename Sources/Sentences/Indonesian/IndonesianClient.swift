import ChatProtocol

/// The client's arguments, questions and ends. What comes from elsewhere is made harmless here.
struct IndonesianClient: ClientSentences {
    // MARK: Help

    var helpOperands: String { "(<ip> <port-server> | <undangan>) <port-client> [opsi]" }
    var helpBegin: String {
        """
        Masuk ke ruang obrolan udp-server. QUIT keluar; :help menampilkan perintah.
        <undangan> ditampilkan server. <port-client> adalah port UDP di sini: angka,
        auto (bebas pertama dari 5000-5010) atau 0 (apa saja). Tanpa argumen: ditanya.
        """
    }
    var helpEnd: String {
        """
        Password ruang: --password-file, atau GAS_PASSWORD, atau ditanyakan; pribadi:
        GAS_ACCOUNT_PASSWORD. Arti status akhir dan lain-lain: udp-client(1).
        """
    }
    var helpName: String { "username; kalau tidak ada, ditanyakan" }
    var helpPasswordFile: String { "baris pertamanya password ruang; chmod 600" }
    var helpJSON: String { "tampilkan kejadian, satu objek JSON per baris" }
    func helpHistory(usual: Int) -> String { "jumlah pesan lama saat bergabung, biasanya \(usual)" }
    var helpReconnect: String { "berapa detik server dicari, biasanya 120" }
    var helpSend: String { "kirim satu pesan; status 0 hanya kalau tersimpan" }
    var helpFollow: String { "tampilkan pesan saja, masukan tidak dibaca" }
    var helpNoColour: String { "tanpa warna; sama dengan NO_COLOR di lingkungan" }
    var helpTyping: String { "beri tahu dan diberi tahu siapa yang sedang menulis" }
    var helpNoBell: String { "tanpa bunyi bel untuk pesan yang ditujukan padamu" }
    var helpTimestamps: String { "waktu pesan: long (biasanya), short atau off" }

    // MARK: Usage

    var expectsText: String { "sebuah teks" }
    var expectsHistory: String { "angka 0 sampai \(ChatLimits.historyOnLogin)" }
    var expectsSeconds: String { "jumlah detik dalam angka bulat" }
    var expectsTimestamps: String { "long, short atau off" }
    var sendAndFollow: String {
        "--send selesai begitu pesan tersimpan sedangkan --follow tetap tinggal: pilih salah satu"
    }
    var emptyServer: String { "alamat servernya kosong" }
    var needsPositions: String {
        "berikan alamat server, port server dan port komputer ini, atau undangan dan port komputer ini"
    }
    var needsName: String { "berikan username dengan --name NAME" }
    var needsPassword: String { "berikan password ruang dengan --password-file FILE atau di GAS_PASSWORD" }
    var noAnswer: String { "pertanyaannya tidak dijawab" }
    func wrongPositionCount(_ count: Int) -> String { "\(needsPositions); ini ada \(count)" }
    func wrongCountWithInvite(_ count: Int) -> String {
        "setelah undangan berikan port komputer ini saja, jadi 2 argumen, bukan \(count)"
    }
    func badInvite(_ text: String, _ reason: String) -> String {
        "undangan '\(shown(text))' tidak bisa dipakai: \(reason)"
    }
    var inviteAddress: String { "sebelum # harus ada host:port, alamat IPv6 dalam kurung siku" }
    var invitePort: String { "portnya bukan angka 1 sampai 65535" }
    var inviteFingerprint: String { "setelah # harus ada 24 huruf dan angka dari kunci server" }
    func wrongServerPort(_ value: String) -> String {
        "port server harus angka 1 sampai 65535, bukan '\(shown(value))'"
    }
    func wrongClientPort(_ value: String) -> String {
        "port komputer ini harus angka 0 sampai 65535 atau auto, bukan '\(shown(value))'"
    }

    // MARK: Questions

    var askServer: String { "Masukkan alamat IP Server atau undangan [127.0.0.1]: " }
    var askServerPort: String { "Masukkan Port Server [8080]: " }
    var askClientPort: String { "Masukkan Port Client, atau auto [auto]: " }
    var askName: String { "Masukkan username: " }
    var askPassword: String { "Masukkan password: " }
    var tryPasswordAgain: String { "Password salah. Silahkan coba lagi." }
    func askPersonalPassword(_ name: String) -> String { "Password pribadi untuk \(shown(name)): " }
    var choosePassword: String { "Password pribadi baru: " }
    var choosePasswordAgain: String { "Sekali lagi yang sama: " }
    var passwordsDiffer: String { "Kedua password tidak sama; pakai :register lagi." }
    var notRegistered: String { "Tidak ada yang didaftarkan." }
    func thisMachine(_ addresses: [String]) -> String { "Alamat IP Client: \(addresses.joined(separator: ", "))" }

    // MARK: Ends and failures

    var noDataFolder: String { "tidak ada tempat untuk kunci client: isi HOME atau XDG_DATA_HOME" }
    var outputFailed: String { "keluaran standar tidak bisa ditulisi" }
    var leftUnconfirmed: String { "keluar sebelum server mengonfirmasi semuanya" }
    var restNotRead: String { "sisa masukan tidak dibaca" }
    var notStored: String { "pesan itu tidak tersimpan" }
    func badName(_ name: String, _ reason: String) -> String {
        "username '\(shown(name))' tidak bisa dipakai: \(reason)"
    }
    func damaged(_ path: String) -> String {
        "\(shown(path)): rusak; pulihkan, atau hapus untuk mulai dari awal"
    }
    func portInUse(_ port: UInt16, free: UInt16?) -> String {
        guard let free else { return "port UDP \(port) sudah dipakai, begitu juga 5000-5010" }
        return "port UDP \(port) sudah dipakai; \(free) masih bebas"
    }
    var noPortFree: String { "semua port UDP 5000-5010 sudah dipakai" }
    func removePin(_ path: String) -> String { "Kunci yang diingat ada di \(shown(path))" }
    func notConfirmed(_ line: String) -> String { "belum terkonfirmasi: \(shown(line))" }
    func noServer(_ reason: String) -> String { "tidak ada server: \(reason)" }
    func damagedState(_ path: String) -> String {
        "Simpanan client ini rusak dan sekarang ada di \(shown(path)); semuanya mulai dari awal."
    }
    func stateNotKept(_ reason: String) -> String {
        "Yang kamu ketik tidak bisa disimpan untuk lain kali: \(shown(reason))"
    }
}
