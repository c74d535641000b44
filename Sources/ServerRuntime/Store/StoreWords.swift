import History
import Sentences

extension StoreError {
    /// Why the store did not do what it was told.
    func text(in language: Language) -> String {
        let words = language.server
        return switch self {
        case .locked(let path): words.storeLocked(path)
        case .busy: words.storeBusy
        case .full: words.diskFull
        case .io(let code, let text): words.storeUnreadable("\(text) (SQLite \(code))")
        case .corrupt(let path, let detail, let copy): words.storeDamaged(path, detail, copy: copy)
        case .newer(let path, let version, let known): words.storeNewer(path, version: version, known: known)
        case .foreign(let path): words.storeForeign(path)
        case .cannotOpen(let path, let text): words.storeNotOpened(path, text)
        case .invalid(let change): words.storeFailed("\(change)")
        case .failed(let code, let text): words.storeFailed("\(text) (SQLite \(code))")
        case .closed: words.storeClosed
        }
    }
}
