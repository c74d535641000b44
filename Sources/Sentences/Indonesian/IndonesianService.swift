/// Running as a service.
struct IndonesianService: ServiceSentences {
    // MARK: Options

    var helpMetrics: String { "angka untuk Prometheus, mis. 127.0.0.1:9180" }
    var helpLogFormat: String { "text (biasanya), atau json: satu objek per baris" }
    var helpBans: String { "file nama dan alamat yang ditolak" }
    var helpAskAgain: String { "tanyakan password baru juga kepada yang ada" }
    var expectsMetricsPlace: String { "alamat dan port, misalnya 127.0.0.1:9180 atau [::1]:9180" }
    var expectsLogFormat: String { "text atau json" }

    // MARK: The log

    func builtInPassword(command: String) -> String {
        "password ruang adalah GAS1, yang diketahui semua orang, dan alamat ini bisa dijangkau orang lain: siapa pun bisa"
            + " masuk, ikut membaca dan menulis. Perintah ini membuat password yang kuat dan menaruhnya di tempat yang"
            + " dibaca server: \(command)"
    }
    func listensAtPassedSocket(_ address: String) -> String {
        "soket di \(address) dipegang pengelola layanan; soket itu tetap terbuka selama server dijalankan ulang"
    }
    func passedSocketUnusable(_ reason: String) -> String {
        "soket dari pengelola layanan tidak bisa dipakai: \(reason)"
    }
    func passedSocketsTooMany(_ count: Int) -> String {
        "pengelola layanan memberi \(count) soket; server memakai yang pertama"
    }
    func metricsAt(_ address: String) -> String { "angka-angka ada di http://\(address)/metrics" }
    var metricsOpen: String {
        "angka-angka itu tidak di alamat loopback: siapa pun yang menjangkaunya bisa membaca pemakaian ruang"
    }
    func noMetrics(_ address: String, _ reason: String) -> String {
        "angka-angka tidak bisa diberikan di \(logged(address)): \(reason)"
    }
    func bansUnusable(_ reason: String) -> String { "daftar larangan tetap seperti semula: \(logged(reason))" }
    func banRefused(_ path: String, line: Int, _ reason: String) -> String { "\(logged(path)):\(line): \(reason)" }
    func tooManyBans(_ path: String, limit: Int) -> String {
        "\(logged(path)) menyebut lebih dari \(limit): sisanya dilewati"
    }
    var askedAgain: String { "password ruang berubah: semua orang ditanyai yang baru" }
    var stops: String { "server berhenti" }

    // MARK: A new password

    func passwordMade(_ path: String) -> String { "password ruang yang kuat sekarang ada di \(logged(path))" }
    var passwordTakes: String {
        "server yang membacanya memakainya saat dijalankan lagi; yang sudah berjalan dengan file ini, saat SIGHUP atau"
            + " :reload"
    }
    func passwordThere(_ path: String) -> String {
        "di \(logged(path)) sudah ada password: pindahkan dulu, atau sebutkan file lain"
    }
    func passwordNotKept(_ reason: String) -> String { "passwordnya tidak bisa disimpan: \(logged(reason))" }
    var noPasswordPlace: String {
        "HOME maupun folder XDG tidak diisi: sebutkan filenya, misalnya udp-server password FILE"
    }
}
