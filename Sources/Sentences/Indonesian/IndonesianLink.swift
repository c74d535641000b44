/// The client's link to the server.
struct IndonesianLink: LinkSentences {
    var wrongPassword: String { "Password salah. Silahkan coba lagi." }
    func tooManyAttempts(seconds: Int64) -> String {
        "Terlalu banyak password salah yang dicoba dari alamatmu, atau oleh semua orang. Coba lagi "
            + (seconds <= 1 ? "satu detik lagi." : "\(seconds) detik lagi.")
    }
    var keyChanged: String {
        "Server ini menunjukkan kunci yang lain dari yang diingat untuk alamat ini: servernya dipasang ulang, atau ada"
            + " yang menjawab sebagai gantinya. Tidak ada yang dikirim. Tanyakan pada pengelolanya; kalau perubahan itu"
            + " benar, hapus kunci yang diingat lalu sambungkan lagi."
    }
    var notInvitedKey: String {
        "Server ini menunjukkan kunci yang lain dari undanganmu: undangannya sudah lama, atau ada yang menjawab sebagai"
            + " ganti server itu. Tidak ada yang dikirim. Minta undangan baru pada orang yang mengundangmu."
    }
    var inviteContradictsPin: String {
        "Undanganmu menyebut kunci yang lain dari yang diingat untuk alamat ini: servernya dipasang ulang, atau"
            + " undangannya bukan dari pengelolanya. Tidak ada yang dikirim. Tanyakan padanya; kalau undangan itu benar,"
            + " hapus kunci yang diingat lalu sambungkan lagi."
    }
    var notUnderstood: String { "Jawaban server tidak bisa dipahami; apakah versi keduanya sama?" }
    var passwordNeeded: String {
        "Server meminta password ruang lagi: perangkat ini sudah dua minggu tidak masuk, atau passwordnya diganti."
    }
    var notLetIn: String { "Ada yang lebih cepat: server tidak menerimamu masuk lagi." }
    var refused: String { "Server tidak menerimamu masuk." }
    var replaced: String { "Kamu masuk lagi dari tempat lain; sambungan ini berakhir." }
    var unreachable: String { "Server tidak menjawab: periksa alamat dan port, dan apakah UDP diizinkan lewat." }
    var lost: String { "Server hilang dan tidak kembali pada waktunya." }
    var registerNeedsPassword: String {
        "Tidak ada yang bisa ditanya password pribadimu: isi GAS_ACCOUNT_PASSWORD, atau pakai :register di terminal."
    }
    var registerLater: String {
        "Server masih mengerjakan permintaanmu sebelumnya; pakai :register lagi sebentar lagi."
    }
    var passwordNotHashed: String {
        "Password pribadi tidak bisa diolah: memorinya kurang, atau server meminta terlalu banyak."
    }
    func registered(_ name: String) -> String {
        "Username \(name) sekarang milikmu: dengan password pribadimu kamu bisa memakainya di perangkat lain juga."
    }
    var kicked: String { "Kamu dikeluarkan dari ruang ini." }
    var banned: String { "Kamu diblokir dari ruang ini." }

    // MARK: :stats

    func stats(_ parts: [String]) -> String { "Sambungan: " + parts.joined(separator: ", ") }
    var connecting: String { "menghubungkan" }
    var connected: String { "terkoneksi" }
    var leaving: String { "keluar" }
    func roundTrip(tenths: Int64) -> String { "pulang-pergi \(Indonesian.tenths(tenths)) ms" }
    func loss(perMille: Int) -> String { "hilang \(Indonesian.tenths(Int64(perMille))) %" }
    func lastHeard(seconds: Int64) -> String { "terakhir terdengar \(seconds) detik lalu" }
    func notConfirmed(_ count: Int) -> String { "\(count) belum terkonfirmasi" }
}
