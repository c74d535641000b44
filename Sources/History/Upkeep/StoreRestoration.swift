/// Putting a backup in the place of a store, which nobody may have open meanwhile.
///
///     lock -> unpack beside the store -> keep what is there -> rename
///
/// Until the last step the old store stands where it stood, and from then on the new one: after a fall it is the one or
/// the other, and what was kept is whole in any case.
package struct StoreRestoration: ~Copyable {
    private let file: StoreFile
    /// Held to the end, so that no server begins with half of it.
    private let lock: StoreLock

    /// What the store's files are called behind the name of the store; the lock's own file stays.
    private static let besides = ["-wal", "-shm", "-journal"]

    /// - Parameter store: the store's file; there need not be one, but its folder.
    /// - Throws: `StoreError.locked` while a server has the store open.
    package init(of store: String) throws(StoreError) {
        file = StoreFile(path: store)
        lock = try StoreLock(for: file)
    }

    private var draft: StoreFile { StoreFile(path: file.path + "-restored") }

    /// Unpacks a backup beside the store.
    ///
    /// - Returns: the files that came with it. They are the caller's to judge and to write.
    /// - Throws: `StoreError` when it is no whole backup; nothing has changed then.
    package func unpack(_ backup: String) throws(StoreError) -> [CompanionFile] {
        draft.remove()
        do throws(StoreError) {
            return try StoreBackup.unpack(backup, into: draft)
        } catch {
            draft.remove()
            throw error
        }
    }

    /// Whether there is a store already.
    package var hasStore: Bool { file.exists }

    /// Puts what was unpacked in the store's place.
    ///
    /// - Parameter kept: an existing folder that takes what was there, and has nothing of these names.
    /// - Throws: `StoreError`.
    package func install(keeping kept: String) throws(StoreError) {
        let old = StoreFile(path: "\(kept)/\(file.name)")
        if file.exists { try file.link(to: old) }
        // Before the new store comes: it must never meet the write-ahead log of the old one.
        for suffix in Self.besides {
            let part = StoreFile(path: file.path + suffix)
            if part.exists { try part.rename(to: StoreFile(path: old.path + suffix)) }
        }
        draft.adoptFolderOwner()
        StoreFile(path: file.path + "-lock").adoptFolderOwner()
        try draft.rename(to: file)
        file.syncFolder()
    }

    /// Gives a file or folder that was made beside the store to the owner of the folder that it is in: what an
    /// administrator puts there is for the service to use. Only root can, and only root needs it.
    package static func giveToFolderOwner(_ path: String) {
        StoreFile(path: path).adoptFolderOwner()
    }
}
