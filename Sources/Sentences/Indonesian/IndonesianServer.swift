import ChatProtocol

/// The server's arguments, ends, log and output. Names and texts of members are made harmless here.
struct IndonesianServer: ServerSentences {
    // MARK: Help

    var helpOperands: String { "<ip> [-p PORT] [opsi]" }
    var helpBegin: String {
        "Membuka ruang obrolan di port UDP pada <ip>; 0.0.0.0 atau ::: semua antarmuka."
    }
    var helpEnd: String {
        "Tanpa --password-file: GAS_PASSWORD, atau GAS1. Selebihnya: udp-server(8)."
    }
    var helpPort: String { "port UDP, biasanya 8080; 0: dipilih sistem" }
    var helpPasswordFile: String { "baris pertamanya password ruang" }
    var helpData: String { "tempat riwayat dan kunci; :memory: melupakan" }
    var helpDurability: String { "tanda terima tahan: process (biasanya), power" }
    var helpKeep: String { "batas tiap log 90d,5000,200M; biasanya semua" }
    var helpName: String { "nama server ini, biasanya nama host" }
    var helpOperator: String { "nama konsol, biasanya SERVER" }
    var helpNoGuests: String { "hanya username terdaftar yang boleh masuk" }
    var helpJSON: String { "tampilkan satu objek JSON per baris" }
    var helpConsole: String { "baca baris operator dari pipa, atau tak pernah" }
    var helpTimestamps: String { "waktu pesan: long, short (bawaan) atau off" }
    var helpLogLevel: String { "error, warning, info (biasanya) atau debug" }

    var helpBackup: String { "salin riwayat dan kunci ke satu file, juga saat server berjalan" }
    var helpRestore: String { "kembalikan salinan ke folder data; isinya yang lama disimpan" }
    var helpExport: String { "tulis semua percakapan, satu objek JSON per baris" }
    var helpCheck: String { "periksa apakah folder data masih utuh" }
    var helpNewPassword: String { "buat password ruang yang kuat dan pasang untuk server" }

    // MARK: Usage

    var badPort: String { "port harus angka 0 sampai 65535" }
    var emptyFileName: String { "nama filenya kosong" }
    var emptyFolderName: String { "nama foldernya kosong" }
    var badLogLevel: String { "pilihannya error, warning, info atau debug" }
    var badDurability: String { "pilihannya process atau power" }
    var badRetention: String { "batasnya hari (90d), entri (5000) dan MiB (200M), dipisah koma" }
    var emptyName: String { "namanya kosong" }
    var nameTooLong: String { "nama server paling panjang \(ChatLimits.serverNameBytes) byte" }
    var nameUnprintable: String {
        "nama server hanya boleh berisi karakter yang bisa dicetak, tanpa garis miring balik"
    }
    var needsAddress: String { "alamat servernya belum ada, misalnya 127.0.0.1" }
    func tooMuch(_ argument: String) -> String {
        "alamat servernya hanya satu, jadi \"\(logged(argument))\" kelebihan"
    }
    func badOperatorName(_ reason: String) -> String { "nama operator tidak bisa dipakai: \(reason)" }

    // MARK: Listening

    func cannotListen(_ place: String, _ reason: String) -> String {
        "tidak bisa membuka \(logged(place)): \(reason)"
    }
    func port(_ port: UInt16) -> String { "port \(port)" }
    var noAddress: String { "tidak punya alamat" }
    func portInUse(_ port: UInt16, free: UInt16?) -> String {
        let hint = free.map { "port \($0) masih bebas (-p \($0))" } ?? "coba yang lain dengan -p"
        return "port \(port) sudah dipakai program lain; \(hint)"
    }
    func foreignAddress(_ address: String) -> String { "\(address) bukan alamat komputer ini" }
    func portNeedsRights(_ port: UInt16) -> String {
        "port \(port) butuh hak lebih; coba yang di atas 1023 dengan -p"
    }
    var familyUnsupported: String { "komputer ini tidak mengenal jenis alamat itu" }

    // MARK: Ends and failures

    func coreDumps(_ reason: String) -> String { "core dump tidak bisa dilarang: \(reason)" }
    func noSignals(_ reason: String) -> String { "sinyal tidak bisa diterima: \(reason)" }
    var noCrypto: String { "libsodium tidak bisa dipakai di sini" }
    func cannotGoOn(_ reason: String) -> String { "server tidak bisa melanjutkan: \(reason)" }
    var noDataFolder: String { "HOME maupun folder XDG tidak diisi: sebutkan folder dengan --data DIR" }
    func dataFolderUnusable(_ reason: String) -> String { "folder data tidak bisa dipakai: \(logged(reason))" }
    func keyUnusable(_ reason: String) -> String { "kunci server tidak bisa dipakai: \(logged(reason))" }
    func keyDamaged(_ path: String) -> String {
        "kunci server di \(logged(path)) rusak: kembalikan salinannya, atau pindahkan dan biarkan client mengingat yang"
            + " baru"
    }
    func ticketKeysUnusable(_ reason: String) -> String { "kunci tiket tidak bisa dipakai: \(logged(reason))" }

    // MARK: The log

    var ticketKeysDamaged: String {
        "kunci tiket rusak dan dibuat ulang: semua orang perlu memasukkan password sekali lagi"
    }
    func ticketKeysNotKept(_ reason: String) -> String {
        "kunci tiket tidak bisa disimpan, jadi server yang dijalankan ulang akan meminta password: \(logged(reason))"
    }
    func socketBuffers(receive: Int, send: Int) -> String {
        "soket punya \(receive) byte untuk menerima, \(send) untuk mengirim"
    }
    func socketBuffersSmall(receive: Int, send: Int, wanted: Int) -> String {
        "kernel memberi soket \(receive >> 10) KiB untuk menerima dan \(send >> 10) untuk mengirim, bukan "
            + "\(wanted >> 10) yang diminta, jadi kiriman serentak ratusan orang bisa hilang; untuk mengizinkannya: "
            + Indonesian.raise(buffersTo: wanted)
    }
    func storeStalled(_ reason: String) -> String {
        "sementara tidak ada yang bisa disimpan: \(reason); akan dicoba lagi"
    }
    var storeGoesOn: String { "penyimpanan berjalan lagi" }
    func storeFailed(_ reason: String) -> String { "penyimpanan gagal: \(reason)" }
    func historyNotWritten(_ reason: String) -> String { "riwayat tidak bisa ditulis: \(reason)" }
    func notAllStored(_ reason: String) -> String { "tidak semuanya bisa disimpan: \(reason)" }
    func eventsLeftOut(_ count: Int) -> String {
        "keluaran standar dibaca terlalu lambat: \(count) kejadian dilewati"
    }
    func outputUnwatched(_ reason: String) -> String { "keluaran standar tidak bisa ditunggu: \(reason)" }
    var passwordReadAgain: String { "file password sudah dibaca ulang" }
    func passwordStays(_ reason: String) -> String { "password tetap seperti semula: \(reason)" }

    // MARK: The store's faults

    func storeLocked(_ path: String) -> String { "\(logged(path)) sedang dipakai proses lain" }
    var storeBusy: String { "penyimpanan sedang sibuk" }
    var diskFull: String { "disknya penuh" }
    func storeUnreadable(_ reason: String) -> String { "penyimpanan tidak bisa dibaca atau ditulisi: \(reason)" }
    func storeDamaged(_ path: String, _ detail: String, copy: String?) -> String {
        "\(logged(path)) rusak: \(detail)" + (copy.map { "; salinannya ada di \(logged($0))" } ?? "")
    }
    func storeNewer(_ path: String, version: Int, known: Int) -> String {
        "\(logged(path)) berversi \(version), program ini mengenal versi sampai \(known)"
    }
    func storeForeign(_ path: String) -> String { "\(logged(path)) adalah file program lain" }
    func storeNotOpened(_ path: String, _ reason: String) -> String {
        "\(logged(path)) tidak bisa dibuka: \(reason)"
    }
    var storeClosed: String { "penyimpanan sudah ditutup" }

    // MARK: The room as it happens

    func reachable(_ server: String, at addresses: [String], port: UInt16) -> String {
        "Client menjangkau \(server) di \(addresses.joined(separator: ", ")), port \(port)"
    }
    func key(_ fingerprint: String) -> String { "Kunci server ini: \(fingerprint)" }
    func invite(_ invite: String) -> String { "Undangan: \(invite)" }
    func listening(_ address: String) -> String { "Server siap di \(address)" }
    var stops: String { "Server berhenti." }
    func personal(_ from: String, _ to: String) -> String { "\(shown(from)) menulis ke \(shown(to))" }
    func joined(_ name: String, from address: String) -> String { "\(shown(name)) Bergabung! (dari \(address))" }
    func left(_ name: String, _ reason: LeaveReason) -> String {
        reason == .quit ? "\(shown(name)) keluar!" : "\(shown(name)) keluar! (\(reason.rawValue))"
    }
    func renamed(_ old: String, _ new: String) -> String { "\(shown(old)) sekarang bernama \(shown(new))" }
    func ordered(_ by: String, _ act: String) -> String { "\(shown(by)) memerintahkan: \(shown(act))" }
    func topicAct(_ text: String) -> String { text.isEmpty ? "topic off" : "topic (\(text))" }
    func refused(_ name: String, from address: String, _ code: ErrorCode) -> String {
        "\(name.isEmpty ? "seseorang" : shown(name)) dari \(address) ditolak: \(code.rawValue)"
    }
}
