/// A configuration file with every key at its default, explained.
extension OptionTable {
    package var configurationFile: String {
        var named: Set<String> = []
        let sections = rows.compactMap { row -> String? in
            guard let key = row.key, named.insert(key.name).inserted else { return nil }
            // Several options may share a key: all of them explain it.
            let sharing = rows.filter { $0.key?.name == key.name }
            let options = sharing.filter { !$0.names.isEmpty }.map(\.usage).joined(separator: "; ")
            var text = sharing.map(\.manual).joined(separator: " ")
            if case .words(let words) = row.completion { text += " One of: \(words.joined(separator: ", "))." }
            if !options.isEmpty { text += " (\(options))" }
            let comment = ConfigurationDocument.lines(text).map { "  // \($0)" }.joined(separator: "\n")
            return "\(comment)\n  \(key.name): \(ConfigurationDocument.literal(key.standard)),"
        }
        let head = """
            Configuration of \(program), in JSON5. Every key stands here with its default; leave out what you do not \
            change, null is as if the key were not there. It is read from --config FILE, else from the first there is of \
            $XDG_CONFIG_HOME/gaschat/\(manual.configuration) (~/.config/gaschat/\(manual.configuration)) and \
            gaschat/\(manual.configuration) in the folders of $XDG_CONFIG_DIRS (/etc/xdg). An option on the command line \
            counts before the environment, that before this file. Relative paths start from this file's folder.
            """
        return ConfigurationDocument.lines(head).map { "// \($0)\n" }.joined()
            + "{\n\(sections.joined(separator: "\n\n"))\n}\n"
    }
}

/// How a configuration file is written.
enum ConfigurationDocument {
    /// The longest line of a comment, without its sign.
    private static let width = 112

    /// The value as JSON5.
    static func literal(_ value: ConfigurationValue) -> String {
        switch value {
        case .null, .other: "null"
        case .boolean(let isOn): isOn ? "true" : "false"
        case .number(let number): "\(number)"
        case .text(let text): JSONLine.quoted(text)
        }
    }

    /// Breaks a text at its blanks.
    static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
