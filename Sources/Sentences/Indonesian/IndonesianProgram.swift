import TextSafety

/// Arguments, files and the system, in both programs.
struct IndonesianProgram: ProgramSentences {
    // MARK: Help and usage

    var usage: String { "cara pakai:" }
    var or: String { "atau:" }
    var helpDoctor: String { "cari tahu apa yang salah di sini, dan obatnya" }
    func takesNoOption(_ subcommand: String, _ option: String) -> String {
        "\(subcommand) tidak memakai \(logged(option))"
    }
    func takesOperands(_ subcommand: String, _ wanted: String) -> String {
        wanted.isEmpty ? "\(subcommand) tidak memakai argumen" : "argumen \(subcommand): \(wanted)"
    }
    var helpLanguage: String { "bahasa; biasanya dari LC_ALL atau LANG" }
    var helpVersion: String { "tampilkan versi, atau bantuan ini, lalu selesai" }
    var expectsLanguage: String { "id atau en" }
    func misuse(_ reason: String, program: String) -> String { "\(reason); lihat \(program) --help" }
    func noOption(_ name: String) -> String { "tidak ada opsi \(logged(name))" }
    func needsValue(_ name: String, label: String) -> String { "\(name) perlu nilai: \(label)" }
    func takesNoValue(_ name: String) -> String { "\(name) tidak memakai nilai" }
    func takes(_ name: String, _ what: String, not value: String) -> String {
        "\(name) harus diisi \(what), bukan '\(logged(value))'"
    }

    // MARK: Passwords and names

    var builtInPassword: String { "password bawaan" }
    func passwordFileExposed(_ path: String) -> String {
        "file password \(logged(path)) bisa dibaca pengguna lain: jalankan chmod 600 untuk file itu"
    }
    func passwordFileTooLong(_ path: String, limit: Int) -> String {
        "baris pertama file password \(logged(path)) lebih dari \(limit) byte"
    }
    func passwordFileUnreadable(_ path: String, _ reason: String) -> String {
        "file password \(logged(path)) tidak bisa dibaca: \(reason)"
    }
    func reason(_ error: NameError) -> String {
        switch error {
        case .empty: "Username harus berisi paling sedikit satu karakter."
        case .tooLong: "Username paling panjang \(NameRule.scalarLimit) karakter dan \(NameRule.byteLimit) byte."
        case .forbidden(let scalar, let fault): "Username tidak boleh berisi \(words(fault)) (\(scalar.codeName))."
        case .badStart(let scalar): "Username tidak boleh diawali karakter ini (\(scalar.codeName))."
        case .tooManyMarks: "Username tidak boleh punya lebih dari \(NameRule.markLimit) tanda pada satu huruf."
        case .libraryFailed: "Username itu tidak bisa diperiksa."
        }
    }
    private func words(_ fault: NameFault) -> String {
        switch fault {
        case .whiteSpace: "spasi"
        case .control: "karakter kontrol"
        case .direction: "penanda arah tulisan"
        case .invisible: "karakter yang tidak terlihat"
        case .symbol: "tanda ini"
        case .unknown: "karakter yang belum ditetapkan"
        }
    }
    func reason(_ error: PasswordError) -> String {
        switch error {
        case .empty: "Passwordnya kosong."
        case .tooLong: "Passwordnya lebih dari \(PasswordRule.byteLimit) byte."
        case .notUTF8: "Passwordnya bukan UTF-8."
        case .forbidden: "Passwordnya berisi karakter yang tidak boleh dipakai (karakter kontrol atau tak terlihat)."
        case .libraryFailed: "Passwordnya tidak bisa diperiksa."
        }
    }

    // MARK: The system

    func systemError(_ symbol: String) -> String? { Self.systemErrors[symbol] }

    private static let systemErrors = [
        "EACCES": "Tidak diizinkan", "EPERM": "Tidak diizinkan", "ENOENT": "File atau folder tidak ada",
        "EEXIST": "File sudah ada", "ENOTDIR": "Bukan folder", "EISDIR": "Ini sebuah folder",
        "ENOSPC": "Tidak ada ruang tersisa di disk", "EDQUOT": "Kuota disk habis", "EROFS": "Disk hanya bisa dibaca",
        "EIO": "Kesalahan baca atau tulis", "EMFILE": "Terlalu banyak file terbuka",
        "ENFILE": "Terlalu banyak file terbuka di sistem", "ENOMEM": "Memori tidak cukup",
        "ELOOP": "Terlalu banyak tautan simbolik", "ENAMETOOLONG": "Nama file terlalu panjang",
        "EADDRINUSE": "Alamat sudah dipakai", "EADDRNOTAVAIL": "Alamat itu bukan milik komputer ini",
        "EAFNOSUPPORT": "Jenis alamat itu tidak didukung", "ENETUNREACH": "Jaringan tidak bisa dijangkau",
        "EHOSTUNREACH": "Host tidak bisa dijangkau", "ENOBUFS": "Ruang penyangga tidak cukup",
    ]

    func fileTooLarge(_ path: String, limit: Int) -> String { "\(path): lebih dari \(limit) byte" }
    func fileExposed(_ path: String, mode: String) -> String {
        "\(path): pengguna lain bisa membaca atau mengubahnya (mode 0\(mode)); chmod 600 membantu"
    }
    func unknownHost(_ host: String) -> String { "\(logged(host)): host dengan nama ini tidak dikenal" }
    func nameServiceSilent(_ host: String) -> String {
        "\(logged(host)): layanan nama tidak menjawab; coba lagi nanti"
    }
    func hostFailed(_ host: String, _ reason: String) -> String { "\(logged(host)): \(reason)" }
}
