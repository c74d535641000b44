import ChatProtocol

/// What is seen of the room. Names in `joined`, `left`, `renamed`, `typing` and the marks may be coloured: they come
/// harmless. Lines of `topic`, `away`, `moderated` and `membership` are made harmless as a whole by whoever shows them;
/// all else is made harmless here.
struct IndonesianRoom: RoomSentences {
    // MARK: Coming and going

    var greetingHint: String { "Ketik pesan lalu tekan Enter; QUIT keluar, :help menampilkan perintah." }
    var earlier: String { "-- sebelumnya --" }
    var now: String { "-- sekarang --" }
    var tooLongLine: String { "Pesan tidak dikirim: terlalu panjang." }
    var bye: String { "Kamu keluar dari ruang." }
    func connecting(_ server: String) -> String { "Menghubungkan ke \(shown(server)) ..." }
    func greeting(name: String, server: String, room: String) -> [String] {
        [
            "Terkoneksi dengan Server!",
            "Kamu masuk ke \(shown(server)) sebagai \(shown(name)), di ruang \(shown(room)).",
        ]
    }
    func here(_ names: [String]) -> String { "Di sini (\(names.count)): \(list(names))" }
    func members(_ names: [String], room: String) -> String {
        "Di \(shown(room)) (\(names.count)): \(list(names))"
    }
    func joined(_ name: String) -> String { "\(name) Bergabung!" }
    func left(_ name: String, _ reason: LeaveReason) -> String {
        switch reason {
        case .quit: "\(name) keluar!"
        case .timeout: "\(name) keluar! (koneksi terputus)"
        case .kicked: "\(name) keluar! (dikeluarkan)"
        case .banned: "\(name) keluar! (diblokir)"
        case .shutdown: "\(name) keluar! (server berhenti)"
        }
    }
    func renamed(_ old: String, _ new: String) -> String { "\(old) sekarang bernama \(new)" }
    func error(_ line: String) -> String { "! \(line)" }
    func disconnected(_ reason: String) -> String {
        switch reason {
        case "shutdown": "-- server berhenti --"
        case "timeout": "-- server tidak terdengar lagi --"
        case "replaced": "-- masuk dari tempat lain --"
        case "restarted": "-- server dijalankan ulang --"
        default: "-- koneksi terputus (\(shown(reason))) --"
        }
    }
    func reconnecting(seconds: Int64) -> String {
        "-- mencari server sampai \(seconds) detik; yang kamu ketik dikirim setelahnya --"
    }
    func resumed(missed: Int) -> String {
        switch missed {
        case 0: "-- terhubung lagi; tidak ada yang terlewat --"
        default: "-- terhubung lagi; \(missed) pesan terlewat, ada di atas --"
        }
    }

    // MARK: The prompt

    var promptConnecting: String { "menghubungkan> " }
    var promptLeaving: String { "keluar> " }

    // MARK: Lines

    var you: String { "kamu" }
    func answers(_ target: EntryNumber, _ quote: String) -> String {
        quote.isEmpty ? "  (untuk baris \(target))" : "  (untuk: \(shown(quote)))"
    }
    func line(_ target: EntryNumber, _ quote: String) -> String {
        quote.isEmpty ? "baris \(target)" : "\"\(shown(quote))\""
    }
    func edited(_ name: String, _ line: String, _ text: String) -> String { "* \(name) mengubah \(line): \(text)" }
    func deleted(_ name: String, _ line: String) -> String { "* \(name) menarik kembali \(line)" }
    func reaction(_ name: String, _ line: String, _ sign: String) -> String {
        sign.isEmpty ? "* \(name) mencabut tanda dari \(line)" : "* \(name) menandai \(line): \(sign)"
    }
    func typing(_ name: String) -> String { "\(name) sedang menulis" }
    func topic(_ text: String, by name: String?, in place: String) -> String {
        guard let name else { return text.isEmpty ? "\(place) tidak punya topik" : "Topik \(place): \(text)" }
        return text.isEmpty ? "\(name) menghapus topik \(place)" : "\(name) mengganti topik \(place): \(text)"
    }
    func away(_ name: String, _ text: String) -> String {
        text.isEmpty ? "\(name) sudah kembali" : "\(name) sedang pergi: \(text)"
    }
    func moderated(_ action: Moderation, by: String, name: String, seconds: UInt32, text: String) -> String {
        let reason = text.isEmpty ? "" : ": \(text)"
        let time = seconds == 0 ? "" : " selama \(Indonesian.exactSpan(Int64(seconds)))"
        return switch action {
        case .op: "\(by) menjadikan \(name) operator\(reason)"
        case .deop: "\(name) bukan operator lagi, kata \(by)\(reason)"
        case .kick: "\(by) mengeluarkan \(name)\(reason)"
        case .ban: "\(by) memblokir \(name)\(time)\(reason)"
        case .unban: "\(by) membolehkan \(name) masuk lagi\(reason)"
        case .mute: "\(by) membisukan \(name)\(time)\(reason)"
        case .unmute: "\(by) membolehkan \(name) menulis lagi\(reason)"
        case .slow where seconds == 0: "\(by) mengakhiri mode lambat"
        case .slow: "\(by) memasang mode lambat: satu pesan dalam \(Indonesian.exactSpan(Int64(seconds)))"
        }
    }
    func membership(group: String, _ action: GroupAction, by name: String, person: String) -> String {
        switch action {
        case .create: "\(name) membuat grup \(group)"
        case .join: "\(name) bergabung ke grup \(group)"
        case .leave: "\(name) keluar dari grup \(group)"
        case .invite: "\(name) mengundang \(person) ke grup \(group)"
        case .remove: "\(name) mengeluarkan \(person) dari grup \(group)"
        case .makePrivate: "\(name) menutup grup \(group) untuk umum"
        case .makePublic: "\(name) membuka grup \(group) untuk semua orang"
        case .handOver: "\(name) menyerahkan grup \(group) kepada \(person)"
        }
    }

    // MARK: Lists

    var noGroups: String { "Belum ada grup; :group create <nama> membuatnya." }
    func group(_ group: GroupSummary) -> String {
        let notes = [group.isOwn ? "milikmu" : nil, group.isPrivate ? "tertutup" : nil].compactMap { $0 }
        return "\(shown(group.name)): " + (["\(group.memberCount) anggota"] + notes).joined(separator: ", ")
    }
    func person(_ person: Presence) -> String {
        var parts = [shown(person.name)]
        if person.isOperator { parts.append("operator") }
        if person.roundTripMicroseconds > 0 {
            parts.append("pulang-pergi \(Indonesian.tenths(Int64(person.roundTripMicroseconds / 100))) ms")
        }
        parts.append("hilang \(Indonesian.tenths(Int64(person.lossPerMille))) %")
        parts.append("terakhir terdengar \(person.silenceMilliseconds / 1_000) detik lalu")
        if !person.away.isEmpty { parts.append("sedang pergi: \(shown(person.away))") }
        return parts.joined(separator: ", ")
    }
    var seenByNobody: String { "Tidak ada orang lain yang bisa menerimanya." }
    func seen(_ have: Int64, of total: Int64, missing: [String], more: Int64) -> String {
        guard have < total else { return "\(have) dari \(total)" }
        return "\(have) dari \(total); belum sampai ke \(list(missing))" + (more > 0 ? " dan \(more) lainnya" : "")
    }
}
