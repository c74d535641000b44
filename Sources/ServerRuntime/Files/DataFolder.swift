import ProgramFrame

/// Where files of the server lie.
enum DataFolder {
    /// The folder of the server's key.
    ///
    /// - Throws: `ProgramFailure` with the status `file` when nothing tells where it is.
    static func path(for place: DataPlace, in environment: Environment) throws(ProgramFailure) -> String {
        let path: String? =
            switch place {
            case .folder(let path): path
            case .standard: environment.dataFolder
            case .memory: environment.stateFolder
            }
        guard let path else {
            throw ProgramFailure(.file, "neither HOME nor XDG folders are set: name a folder with --data DIR")
        }
        return path
    }
}
