import Sentences

/// What completes a program's arguments in the shells.
extension OptionTable {
    /// The options with their values, in the order of the table.
    private var shown: [OptionRow<Settings>] { rows.filter { !$0.names.isEmpty } }

    /// The help, or how the manual begins where another row speaks for this one.
    private func summary(of row: OptionRow<Settings>) -> String {
        if let help = row.help { return help(.english) }
        let sentence = row.manual.prefix { $0 != "." && $0 != ":" }
        return sentence.prefix(1).lowercased() + sentence.dropFirst()
    }

    /// Text between single quotes of a shell, without them.
    private static func inQuotes(_ text: String) -> String { text.replacing("'", with: "'\\''") }

    private var functionName: String { "_" + program.replacing("-", with: "_") }

    // MARK: bash

    /// A function and its `complete`; bash 4.4 or newer.
    package var bashCompletion: String {
        var cases = ""
        for row in shown where row.label != nil {
            let names = row.names.joined(separator: "|")
            cases += "        \(names)) \(Self.bashReply(row.completion)); return ;;\n"
        }
        return """
            # Completes the arguments of \(program) in bash.
            \(functionName)() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
                # bash takes --option=value apart at the sign.
                if [[ $current == = ]]; then
                    current=
                elif [[ $previous == = && $COMP_CWORD -gt 1 ]]; then
                    previous=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                COMPREPLY=()
                case $previous in
            \(cases.dropLast())
                esac
            \(bashSubcommands)    if [[ $current == -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -W '\(shown.flatMap(\.names).joined(separator: " "))' -- "$current")
                fi
            }
            complete -F \(functionName) \(program)

            """
    }

    /// What is offered as the first word, and behind it; nothing where there are no subcommands.
    private var bashSubcommands: String {
        guard !subcommands.isEmpty else { return "" }
        let cases = subcommands.map { subcommand in
            let options = shown.filter(subcommand.takes).flatMap(\.names).joined(separator: " ")
            return """
                        \(subcommand.name))
                            if [[ $current == -* ]]; then
                                mapfile -t COMPREPLY < <(compgen -W '\(options)' -- "$current")
                            else
                                \(Self.bashReply(subcommand.operands.isEmpty ? .nothing : subcommand.completion))
                            fi
                            return ;;

                """
        }
        let names = subcommands.map(\.name).joined(separator: " ")
        return """
                if [[ $COMP_CWORD -eq 1 && $current != -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -W '\(names)' -- "$current")
                    return
                fi
                case ${COMP_WORDS[1]} in
            \(cases.joined().dropLast())
                esac

            """
    }

    private static func bashReply(_ completion: OptionCompletion) -> String {
        switch completion {
        case .nothing: ":"
        case .file: "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
        case .folder: "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$current\")"
        case .words(let words):
            "mapfile -t COMPREPLY < <(compgen -W '\(words.joined(separator: " "))' -- \"$current\")"
        }
    }

    // MARK: zsh

    /// A file for a folder of `$fpath`.
    package var zshCompletion: String {
        let lines = shown.map { row -> String in
            let text = Self.inQuotes(summary(of: row)).replacing("[", with: "\\[").replacing("]", with: "\\]")
                .replacing(":", with: "\\:")
            let value = row.label.map { ":\($0):\(Self.zshAction(row.completion))" } ?? ""
            let sign = { (name: String) in row.label == nil ? name : name + (name.hasPrefix("--") ? "=" : "+") }
            guard row.names.count > 1 else { return "    '\(sign(row.names[0]))[\(text)]\(value)'" }
            let names = row.names.map(sign).joined(separator: ",")
            return "    '(\(row.names.joined(separator: " ")))'{\(names)}'[\(text)]\(value)'"
        }
        return """
            #compdef \(program)
            # Completes the arguments of \(program) in zsh.
            \(zshSubcommands)_arguments -s -S \\
            \((lines + zshOperands).joined(separator: " \\\n"))

            """
    }

    /// A function that offers the subcommands beside the addresses; nothing where there are no subcommands.
    private var zshSubcommands: String {
        guard !subcommands.isEmpty else { return "" }
        let names = subcommands.map(\.name).joined(separator: " ")
        return """
            \(functionName)_first() {
                _alternative 'subcommands:subcommand:(\(names))' 'hosts:host:_hosts'
            }

            """
    }

    private var zshOperands: [String] {
        guard !subcommands.isEmpty else { return ["    '*: :_hosts'"] }
        let hasFiles = subcommands.contains { $0.completion != .nothing }
        return ["    '1: :\(functionName)_first'", "    '*: :\(hasFiles ? "_files" : "_hosts")'"]
    }

    private static func zshAction(_ completion: OptionCompletion) -> String {
        switch completion {
        case .nothing: " "
        case .file: "_files"
        case .folder: "_files -/"
        case .words(let words): "(\(words.joined(separator: " ")))"
        }
    }

    // MARK: fish

    /// A file for a folder of `$fish_complete_path`.
    package var fishCompletion: String {
        let lines = shown.map { row -> String in
            let names = row.names.map { name in
                name.hasPrefix("--") ? "-l \(name.dropFirst(2))" : "-s \(name.dropFirst())"
            }
            let value: String? = row.label.map { _ in
                switch row.completion {
                case .nothing: "-x"
                case .file: "-r -F"
                case .folder: "-x -a '(__fish_complete_directories)'"
                case .words(let words): "-x -a '\(words.joined(separator: " "))'"
                }
            }
            let text = Self.fishText(summary(of: row))
            return (["complete -c \(program)"] + names + [value].compactMap { $0 } + ["-d '\(text)'"])
                .joined(separator: " ")
        }
        return """
            # Completes the arguments of \(program) in fish.
            complete -c \(program) -f
            \((lines + fishSubcommands).joined(separator: "\n"))

            """
    }

    private var fishSubcommands: [String] {
        subcommands.flatMap { subcommand in
            let help = Self.fishText(subcommand.help(.english))
            let offer = "complete -c \(program) -n __fish_use_subcommand -a \(subcommand.name) -d '\(help)'"
            let behind = "complete -c \(program) -n '__fish_seen_subcommand_from \(subcommand.name)'"
            switch subcommand.operands.isEmpty ? .nothing : subcommand.completion {
            case .nothing: return [offer]
            case .file: return [offer, "\(behind) -F"]
            case .folder: return [offer, "\(behind) -a '(__fish_complete_directories)'"]
            case .words(let words): return [offer, "\(behind) -a '\(words.joined(separator: " "))'"]
            }
        }
    }

    private static func fishText(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    }
}
