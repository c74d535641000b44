import CSQLite
import FoundationEssentials
import Glibc

/// The files of a store, beside what SQLite does with them.
struct StoreFile {
    let path: String

    /// Makes an empty file, for its owner alone, where there is none. SQLite gives its other files the same rights.
    func makePrivate() throws(StoreError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, text: Self.lastError) }
        _ = close(descriptor)
    }

    /// What tells this file from a copy of it: its inode and, where the file system knows it, when it was made. 0 when
    /// the system does not tell.
    var identity: Int64 {
        Int64(bitPattern: unsafe csqlite_file_identity(path))
    }

    var byteCount: Int64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? Int64) ?? 0
    }

    /// Copies a damaged database and its write-ahead log, so that nothing that is tried on them later loses more. Only
    /// the first copy is kept: a server that is started again and again must not fill the disk.
    ///
    /// - Returns: where the copy lies; nil when there is none.
    func keepDamagedCopy() -> String? {
        let copy = path + "-damaged"
        if FileManager.default.fileExists(atPath: copy) { return copy }
        guard (try? FileManager.default.copyItem(atPath: path, toPath: copy)) != nil else {
            try? FileManager.default.removeItem(atPath: copy)
            return nil
        }
        // There need not be one.
        try? FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
        return copy
    }

    fileprivate static var lastError: String {
        unsafe String(cString: unsafe strerror(errno))
    }
}

/// Files that are put in the place of others.
extension StoreFile {
    /// Why a path can't be used, in the system's words.
    enum Fault {
        case exists
        case missing
    }

    static func text(of fault: Fault) -> String {
        unsafe String(cString: unsafe strerror(fault == .exists ? EEXIST : ENOENT))
    }

    var exists: Bool { unsafe access(path, F_OK) == 0 }

    /// The path with the symbolic links of its folder followed, and the file's own not: SQLite, which is told to follow
    /// none, refuses them anywhere in a path, and the state folder of a service is one (`DynamicUser=` of systemd).
    var resolved: String {
        guard let real = unsafe realpath(folder, nil) else { return path }
        defer { unsafe free(real) }
        return "\(unsafe String(cString: real))/\(name)"
    }

    /// Without its folder.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Removes the file and what SQLite may have left beside it; none need be there.
    func remove() {
        for suffix in ["", "-journal", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
    }

    /// Gives the file another name, under which nothing may be yet. It is on the disk then.
    func install(at file: StoreFile) throws(StoreError) {
        try link(to: file)
        _ = unsafe unlink(path)
        file.syncFolder()
    }

    /// Gives the file a second name, under which nothing may be yet; where the file system has no such thing, a copy.
    func link(to file: StoreFile) throws(StoreError) {
        if unsafe Glibc.link(path, file.path) == 0 { return }
        guard [EPERM, EOPNOTSUPP, EMLINK, EXDEV].contains(errno), !file.exists else {
            throw .cannotOpen(path: file.path, text: Self.lastError)
        }
        do {
            try FileManager.default.copyItem(atPath: path, toPath: file.path)
        } catch {
            throw .cannotOpen(path: file.path, text: "\(error)")
        }
    }

    /// Takes the place of a file.
    func rename(to file: StoreFile) throws(StoreError) {
        guard unsafe Glibc.rename(path, file.path) == 0 else {
            throw .cannotOpen(path: file.path, text: Self.lastError)
        }
    }

    /// Brings the names of the folder to the disk, where the file system can.
    func syncFolder() {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = close(descriptor)
    }

    /// Gives the file to the owner of its folder: what an administrator puts there is for the service to use. Only root
    /// can, and only root needs it.
    func adoptFolderOwner() {
        var status = stat()
        guard geteuid() == 0, unsafe stat(folder, &status) == 0 else { return }
        _ = unsafe lchown(path, status.st_uid, status.st_gid)
    }
}

/// One process at a time has a store open: SQLite itself would let several write to it in turn, each with its own idea
/// of the last number. The lock (flock) ends with its owner, also when the process is killed.
struct StoreLock: ~Copyable {
    private let descriptor: Int32

    init(for file: StoreFile) throws(StoreError) {
        let path = file.path + "-lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, text: StoreFile.lastError) }
        guard Self.take(descriptor) else {
            let isHeld = errno == EWOULDBLOCK
            let text = StoreFile.lastError
            _ = close(descriptor)
            throw isHeld ? .locked(path: file.path) : .cannotOpen(path: path, text: text)
        }
    }

    /// Takes the lock, and waits a little for whoever is about to let go: a former server that is ending, or a child of
    /// the owner that has not become its program yet and holds the descriptor for so long.
    private static func take(_ descriptor: Int32) -> Bool {
        let pause: Int32 = 10
        for _ in 0..<HistoryLimits.lockPatienceMilliseconds / pause {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { return false }
            _ = poll(nil, 0, pause)
        }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// The mark that was written last; 0 when there is none. The database has the same, unless it is another one than was
    /// there before: an older copy, for instance.
    var mark: Int64 {
        var mark: Int64 = 0
        let count = unsafe withUnsafeMutableBytes(of: &mark) { bytes in
            unsafe pread(descriptor, bytes.baseAddress, bytes.count, 0)
        }
        return count == MemoryLayout<Int64>.size ? mark : 0
    }

    /// Writes the mark, after the database has it. When that fails, numbers are skipped at the next start.
    borrowing func write(mark: Int64) {
        _ = unsafe withUnsafeBytes(of: mark) { bytes in
            unsafe pwrite(descriptor, bytes.baseAddress, bytes.count, 0)
        }
    }

    deinit {
        _ = close(descriptor)
    }
}
