/// What no text of the repository may hold, code or not.
enum TextRules {
    /// Words that mark what is not finished. They are put together here, so that this file does not hold them.
    static let unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

    static func unfinishedWords(in file: TextFile) -> [Finding] {
        lines(of: file).flatMap { number, line in
            let words = line.split { !SwiftFile.isWordByte($0) }.map { String(decoding: $0, as: UTF8.self) }
            return words.filter { unfinished.contains($0) }.map {
                Finding(path: file.path, line: number, fault: "unfinished: \($0)")
            }
        }
    }

    /// Beginnings of paths that exist on somebody's machine only, put together as above.
    static let machineFolders = ["/ho" + "me/", "/Us" + "ers/", "/ro" + "ot/", "/wo" + "rk/", "/op" + "t/swift"]

    /// A path counts when it begins there, not when it is a part of a longer one or of an address.
    static func machinePaths(in file: TextFile) -> [Finding] {
        let partOfPath = Array("._-~$})".utf8)
        return lines(of: file).flatMap { number, line in
            machineFolders.filter { folder in
                let bytes = Array(folder.utf8)
                return line.indices.contains { index in
                    guard line[index...].starts(with: bytes) else { return false }
                    guard index > line.startIndex else { return true }
                    return !SwiftFile.isWordByte(line[index - 1]) && !partOfPath.contains(line[index - 1])
                }
            }
            .map { Finding(path: file.path, line: number, fault: "a path of one machine: \($0)") }
        }
    }

    private static func lines(of file: TextFile) -> [(number: Int, bytes: ArraySlice<UInt8>)] {
        let bytes = Array(file.text.utf8)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return zip(1..., lines).map { ($0, $1) }
    }
}
