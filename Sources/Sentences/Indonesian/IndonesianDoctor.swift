/// What `doctor` finds.
struct IndonesianDoctor: DoctorSentences {
    // MARK: Words at the beginning of a line

    var well: String { "baik" }
    var unknown: String { "?" }
    var fault: String { "SALAH" }
    var address: String { "alamat" }
    var port: String { "port" }
    var loopback: String { "loopback" }
    var server: String { "server" }
    var firewall: String { "firewall" }
    var size: String { "ukuran paket" }
    var buffers: String { "buffer soket" }
    var clock: String { "jam" }
    var data: String { "folder data" }
    var password: String { "password" }
    func summary(faults: Int) -> String {
        faults == 0 ? "Semuanya baik." : "Ada \(faults) kesalahan; cara memperbaikinya tertulis di atas."
    }

    // MARK: Address and port

    func addressFine(_ address: String) -> String { logged(address) }
    func addressesFine(_ addresses: [String], host: String, port: UInt16) -> String {
        "klien memakai \(list(addresses)); periksa dari sana dengan: udp-client doctor \(host) \(port) auto"
    }
    func addressUnknown(_ reason: String) -> String { "\(reason); periksa namanya, atau berikan alamat dalam angka" }
    func addressForeign(_ address: String, own: [String]) -> String {
        "\(logged(address)) bukan alamat komputer ini; pakai 0.0.0.0 untuk semua, atau salah satu dari \(list(own))"
    }
    func addressFamily(_ address: String) -> String {
        "komputer ini tidak mengenal jenis alamat \(logged(address)); pakai jenis yang lain (IPv4 atau IPv6)"
    }
    func addressUnroutable(_ address: String) -> String {
        "tidak ada jalan dari sini ke \(logged(address)); periksa alamatnya, dan jaringan komputer ini (ip route)"
    }
    func portFine(_ port: UInt16) -> String { "port UDP \(port) bebas" }
    func portServes(_ port: UInt16) -> String { "server dengan folder data ini berjalan di port UDP \(port)" }
    func portTaken(_ port: UInt16, free: UInt16?) -> String {
        let other = free.map { "pakai \($0) yang masih bebas" } ?? "pakai port lain"
        return "program lain memakai port UDP \(port); hentikan (ss -ulpn menyebut namanya), atau \(other)"
    }
    func portTakenByServer(_ port: UInt16, key: String) -> String {
        "server chat lain (kunci \(key)) memakai port UDP \(port); hentikan, atau sebut folder datanya dengan --data"
    }
    func portNeedsRights(_ port: UInt16) -> String { "port UDP \(port) butuh hak lebih; pakai yang di atas 1023" }
    func portFailed(_ port: UInt16, _ reason: String) -> String {
        "port UDP \(port) tidak bisa dipakai: \(reason); pakai port lain"
    }

    // MARK: Ways

    var loopbackFine: String { "komputer ini mendengar dirinya sendiri" }
    func loopbackBroken(_ reason: String) -> String {
        "komputer ini tidak bisa mengirim ke dirinya sendiri (\(reason)); nyalakan antarmukanya: ip link set lo up"
    }
    func loopbackFiltered(_ address: String, port: UInt16) -> String {
        "komputer ini tidak mendengar dirinya di \(logged(address)); buka port UDP \(port) di firewallnya"
    }
    func serverFine(_ address: String, tenths: Int64) -> String {
        "\(logged(address)) menjawab dalam \(Indonesian.tenths(tenths)) ms"
    }
    func serverAnswersShort(_ address: String) -> String { "\(logged(address)) menjawab datagram pendek" }
    func serverSilent(_ address: String, port: UInt16) -> String {
        "tidak ada jawaban dari \(logged(address)); periksa alamat dan port, jalankan servernya, dan buka port UDP"
            + " \(port) di firewallnya dan di router di antaranya"
    }
    func serverRefuses(_ address: String, port: UInt16) -> String {
        "\(logged(address)) berkata tidak ada yang mendengar di port UDP \(port); jalankan server di sana, atau berikan"
            + " portnya"
    }
    func serverUnreachable(_ address: String) -> String {
        "jaringan berkata \(logged(address)) tidak terjangkau; periksa alamatnya, atau izinkan UDP di router yang"
            + " berkata begitu"
    }
    func serverKeyChanged(_ path: String) -> String {
        "kunci server bukan yang dulu: tanyakan kepada pengelolanya apakah benar; kalau ya, hapus \(logged(path))"
    }
    var notLookedAt: String { "tidak diperiksa, karena kesalahan di atas" }

    // MARK: Firewalls

    func firewallFine(_ port: UInt16) -> String { "port UDP \(port) terbuka dua arah" }
    func firewallBlocksSending(_ port: UInt16) -> String {
        "firewall komputer ini tidak mengizinkan kiriman ke port UDP \(port); izinkan di sana (rantai output)"
    }
    func firewallDropsAnswers(_ port: UInt16) -> String {
        "setengah terbuka: jawaban sampai di komputer ini tetapi dibuang firewallnya; buka port UDP \(port) untuk masuk"
            + " (5000-5010 untuk klien)"
    }
    func firewallClosesPort(_ port: UInt16, open: UInt16) -> String {
        "sebuah firewall tertutup untuk port UDP \(port), padahal \(open) dijawab; buka \(port) di sana, atau pakai \(open)"
    }
    func firewallOpen(_ port: UInt16) -> String {
        "aturan komputer ini mengizinkan port UDP \(port) masuk dan jawabannya keluar"
    }
    func firewallClosed(_ port: UInt16, chain: String) -> String {
        "aturan komputer ini (\(logged(chain))) membuang yang datang ke port UDP \(port); buka: udp dport \(port) accept"
    }
    func firewallHalfOpen(_ port: UInt16, chain: String) -> String {
        "setengah terbuka: aturan (\(logged(chain))) membuang jawaban dari port UDP \(port); buka: udp sport \(port) accept"
    }
    func firewallUnread(_ reason: String) -> String {
        "aturan komputer ini tidak bisa dibaca (\(reason)); jalankan ini sebagai root supaya diperiksa"
    }
    func firewallUnclear(_ port: UInt16) -> String {
        "masuk tidaknya port UDP \(port) tidak hanya bergantung pada port; periksa dari klien dengan udp-client doctor"
    }

    // MARK: Sizes, the clock, files

    func sizeFine(_ bytes: Int) -> String { "datagram \(bytes) byte bisa lewat" }
    func sizeInterface(_ name: String, mtu: Int, needed: Int) -> String {
        "antarmuka \(logged(name)) memuat \(mtu) byte, perlu \(needed); jalankan ip link set \(logged(name)) mtu 1500"
    }
    func sizePath(needed: Int) -> String {
        "sebuah sambungan di jalan memuat terlalu sedikit; atur MTU VPN, terowongan atau antarmuka menjadi \(needed) atau"
            + " lebih"
    }
    func buffersFine(_ kibibytes: Int) -> String { "sebesar \(kibibytes) KiB" }
    func buffersModest(_ kibibytes: Int, wanted: Int) -> String {
        "\(kibibytes) KiB, cukup untuk satu kelas; untuk ratusan orang: \(Indonesian.raise(buffersTo: wanted))"
    }
    func buffersSmall(_ kibibytes: Int, wanted: Int) -> String {
        "hanya \(kibibytes) KiB, jadi kiriman serentak hilang; jalankan: \(Indonesian.raise(buffersTo: wanted))"
    }
    var clockFine: String { "sesuai" }
    var clockUnkept: String {
        "tidak ada yang membantahnya; apakah ada yang menjaganya tidak diketahui (lihat timedatectl)"
    }
    var clockUnknown: String { "tidak dibandingkan: server menyebut jamnya hanya kepada yang punya password" }
    func clockOff(seconds: Int64, isAhead: Bool) -> String {
        let side = isAhead ? "lebih cepat" : "lebih lambat"
        let difference = "\(Indonesian.span(seconds)) \(side) dari jam server"
        return "jam komputer ini \(difference); atur yang salah: timedatectl set-ntp true"
    }
    func clockBehind(_ path: String, seconds: Int64) -> String {
        "jamnya \(Indonesian.span(seconds)) lebih lambat dari \(logged(path)), yang ditulis dengannya;"
            + " atur jamnya: timedatectl set-ntp true"
    }
    func dataFine(_ path: String, free mebibytes: Int64) -> String { "\(logged(path)), sisa \(mebibytes) MiB" }
    var dataInMemory: String { "tidak ada yang disimpan" }
    func dataUnwritable(_ path: String, _ reason: String) -> String {
        "\(logged(path)) tidak bisa ditulisi (\(reason)); berikan kepada pengguna yang menjalankan ini, atau sebut yang"
            + " lain dengan --data"
    }
    func dataInUse(_ path: String) -> String {
        "server lain memakai \(logged(path)); hentikan, atau sebut folder lain dengan --data"
    }
    func dataFull(_ path: String, free mebibytes: Int64) -> String {
        "sisa tempat di \(logged(path)) \(mebibytes) MiB; kosongkan, atau biarkan server melupakan dengan --keep"
    }
    func dataFile(_ reason: String) -> String { "\(reason); perbaiki, atau ambil dari cadangan" }

    // MARK: The password

    var passwordFine: String { "server menerimanya" }
    var passwordReadable: String { "bisa dibaca" }
    var passwordBuiltIn: String {
        "belum diatur, jadi dipakai yang diketahui semua orang; udp-server password membuatnya"
    }
    var passwordWrong: String { "server tidak menerimanya; tanyakan yang benar kepada pengelola server" }
    func passwordMuted(seconds: Int64) -> String {
        "terlalu banyak yang salah dari sini; tunggu \(Indonesian.span(seconds)), lalu coba yang benar"
    }
    var passwordNotGiven: String { "tidak diberikan; dengan --password-file atau GAS_PASSWORD ikut diperiksa" }
    func passwordUnusable(_ reason: String) -> String { reason }
}
