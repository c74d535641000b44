import Foundation

/// Links of Markdown files that lead to files: each file is there.
enum LinkRules {
    /// - Parameter paths: all files and folders, from the repository's root.
    static func findings(in file: TextFile, paths: Set<String>) -> [Finding] {
        links(of: file.text).compactMap { target, line in
            guard let path = resolve(target, from: file.path) else {
                return Finding(path: file.path, line: line, fault: "a link that leaves the repository: \(target)")
            }
            return path.isEmpty || paths.contains(path)
                ? nil : Finding(path: file.path, line: line, fault: "a link to nothing: \(target)")
        }
    }

    /// Targets of inline links, images and reference definitions outside of code, without those that name a scheme or
    /// only a heading of the same file.
    static func links(of text: String) -> [(target: String, line: Int)] {
        var links: [(target: String, line: Int)] = []
        var fence: Substring?
        for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
            let trimmed = line.drop { $0 == " " }
            let mark = trimmed.prefix { $0 == "`" || $0 == "~" }
            if mark.count >= 3 {
                if let open = fence {
                    if mark.hasPrefix(open) { fence = nil }
                } else {
                    fence = mark
                }
            } else if fence == nil, !line.hasPrefix("    ") {
                links += targets(in: withoutCode(line)).filter(isFile).map { ($0, number) }
            }
        }
        return links
    }

    /// The path from the repository's root that a link means; nil when it leads out of the repository.
    static func resolve(_ target: String, from file: String) -> String? {
        let plain = target.prefix { $0 != "#" && $0 != "?" }
        let decoded = plain.removingPercentEncoding ?? String(plain)
        var parts = decoded.hasPrefix("/") ? [] : file.split(separator: "/").dropLast().map(String.init)
        for part in decoded.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }

    private static func targets(in line: String) -> [String] {
        let inline = line.matches(of: /\]\(\s*(?:<([^>]*)>|([^\s()]*(?:\([^\s()]*\)[^\s()]*)*))[^)]*\)/)
            .compactMap { ($0.1 ?? $0.2).map(String.init) }
        let reference = line.prefixMatch(of: /\s{0,3}\[[^\]^]+\]:\s*<?([^\s>]+)/).map { [String($0.1)] } ?? []
        return inline + reference
    }

    private static func isFile(_ target: String) -> Bool {
        !target.isEmpty && !target.hasPrefix("#") && !target.hasPrefix("//")
            && target.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:/) == nil
    }

    /// The line without its code spans.
    private static func withoutCode(_ line: Substring) -> String {
        String(line).replacing(/(`+)[^`].*?\1/, with: "")
    }
}
