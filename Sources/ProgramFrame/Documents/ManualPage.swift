import Sentences

/// The manual page, in the macros of man(7).
extension OptionTable {
    package var manualPage: String {
        var page = Roff()
        let edition = "gaschat \(ProgramVersion.text)"
        page.macro("TH", program.uppercased(), "\(manual.section)", "", edition, "GAS Chatroom")
        page.macro("SH", "NAME")
        page.text("\(program) - \(manual.summary)")
        page.macro("SH", "SYNOPSIS")
        page.synopsis(program, operands(.english))
        for subcommand in subcommands {
            page.macro("br")
            page.synopsis("\(program) \(subcommand.name)", subcommand.operands)
        }
        page.macro("SH", "DESCRIPTION")
        page.paragraphs(manual.description)
        page.entries(manual.operands)
        appendSubcommands(to: &page)
        page.macro("SH", "OPTIONS")
        for row in rows where !row.names.isEmpty {
            page.option(names: row.names, label: row.label)
            page.text(([row.manual] + details(of: row)).filter { !$0.isEmpty }.joined(separator: " "))
        }
        appendConfiguration(to: &page)
        page.section("ENVIRONMENT", manual.environment)
        page.section("FILES", manual.files)
        page.section("EXIT STATUS", manual.statuses)
        page.macro("SH", "EXAMPLES")
        for example in manual.examples { page.example(example.word, example.text) }
        page.macro("SH", "SEE ALSO")
        page.text(manual.seeAlso)
        return page.source
    }

    private func appendSubcommands(to page: inout Roff) {
        guard let first = subcommands.first else { return }
        page.macro("SH", "SUBCOMMANDS")
        page.paragraphs([
            "A subcommand is the first argument that is no option, and wins over an address of that name: a host that is"
                + " called \(first.name) is ./\(first.name). Each answers \(program) NAME --help, and reads the"
                + " configuration file as the program itself does."
        ])
        page.entries(
            subcommands.map { subcommand in
                let options = subcommand.options.joined(separator: ", ")
                let details = options.isEmpty ? "" : " Options: \(options)."
                return .init(subcommand.usage, subcommand.manual + details)
            })
    }

    /// What the row itself tells of its values and of its key.
    private func details(of row: OptionRow<Settings>) -> [String] {
        var details: [String] = []
        if case .words(let words) = row.completion { details.append("One of: \(words.joined(separator: ", ")).") }
        if let key = row.key {
            let standard = key.standard == .null ? "" : ", default \(ConfigurationDocument.literal(key.standard))"
            details.append("Key: \(key.name)\(standard).")
        }
        return details
    }

    private func appendConfiguration(to page: inout Roff) {
        page.macro("SH", "CONFIGURATION")
        page.paragraphs([
            "A configuration file is JSON5: an object of the keys that are named above, with comments. It is the file of"
                + " --config; else the first there is of $XDG_CONFIG_HOME/gaschat/\(manual.configuration)"
                + " (~/.config where the variable is not set) and gaschat/\(manual.configuration) in the folders of"
                + " $XDG_CONFIG_DIRS (/etc/xdg). What the command line says counts before the environment, that before"
                + " the file, and the file before the defaults. A relative path in the file starts from the file's folder."
                + " An unknown key, a wrong value or broken JSON5 is answered with file, line and key, and status 78."
                + " \(program) --generate config prints a file with every key at its default."
        ])
        let alone = rows.filter { $0.names.isEmpty }
        if !alone.isEmpty { page.paragraphs(["Keys that are no options:"]) }
        page.entries(alone.compactMap { row in row.key.map { .init($0.name, row.manual) } })
    }
}

/// Source text of a manual page, line by line.
private struct Roff {
    private(set) var source = ""

    /// Text in which nothing is a command to the formatter.
    private static func quoted(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
    }

    mutating func macro(_ name: String, _ arguments: String...) {
        source += ".\(name)"
        for argument in arguments { source += " \"\(Self.quoted(argument).replacing("\"", with: "\\(dq"))\"" }
        source += "\n"
    }

    /// A paragraph's text.
    mutating func text(_ text: String) {
        let quoted = Self.quoted(text)
        // A dot at a line's beginning would be a command.
        source += quoted.hasPrefix(".") ? "\\&\(quoted)\n" : "\(quoted)\n"
    }

    mutating func synopsis(_ program: String, _ operands: String) {
        source += ".B \(Self.quoted(program))\n"
        if !operands.isEmpty { source += "\(Self.quoted(operands))\n" }
    }

    mutating func paragraphs(_ paragraphs: [String]) {
        for paragraph in paragraphs {
            macro("PP")
            text(paragraph)
        }
    }

    mutating func option(names: [String], label: String?) {
        macro("TP")
        source += names.map { "\\fB\(Self.quoted($0))\\fR" }.joined(separator: ", ")
        source += label.map { " \\fI\(Self.quoted($0))\\fR\n" } ?? "\n"
    }

    mutating func entries(_ entries: [ProgramManual.Entry]) {
        for entry in entries {
            macro("TP")
            source += "\\fB\(Self.quoted(entry.word))\\fR\n"
            text(entry.text)
        }
    }

    mutating func section(_ title: String, _ entries: [ProgramManual.Entry]) {
        guard !entries.isEmpty else { return }
        macro("SH", title)
        self.entries(entries)
    }

    mutating func example(_ command: String, _ text: String) {
        macro("PP")
        self.text(text)
        source += ".PP\n.in +4n\n.nf\n\\fB\(Self.quoted(command))\\fR\n.fi\n.in\n"
    }
}
