import Sentences

/// What a key of a configuration file holds.
package enum ConfigurationValue: Hashable, Sendable {
    /// As if the key were not there.
    case null
    case boolean(Bool)
    case number(Int64)
    case text(String)
    /// A fraction, a list or an object: no key takes one.
    case other
}

/// One key of a configuration file, as it was read.
package struct ConfigurationEntry: Hashable, Sendable {
    package let key: String
    package let value: ConfigurationValue
    /// Where the key stands, counted from 1.
    package let line: Int

    package init(key: String, value: ConfigurationValue, line: Int) {
        self.key = key
        self.value = value
        self.line = line
    }
}

/// A configuration file, as it was read.
package struct ConfigurationContents: Hashable, Sendable {
    /// The file, as it was named.
    package let path: String
    /// In the order of the file; no key stands there twice.
    package let entries: [ConfigurationEntry]

    package init(path: String, entries: [ConfigurationEntry]) {
        self.path = path
        self.entries = entries
    }

    /// What a key holds; `null` where it is not there.
    package func value(of key: String) -> ConfigurationValue {
        entries.first { $0.key == key }?.value ?? .null
    }

    /// The folder that relative paths in the file start from, with a slash at its end; empty for the current one.
    var folder: String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}

/// What an option is called in a configuration file, and what it holds there.
package struct ConfigurationKey: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case boolean
        case number
        case text
        /// A file or folder: a relative one starts from the configuration file's folder. What begins with `:` is none.
        case path
        /// A number, or a word in its place.
        case numberOrText

        /// What the key takes, to follow after "takes".
        func expected(in language: Language) -> String {
            switch self {
            case .boolean: language.setup.expectsBoolean
            case .number: language.setup.expectsNumber
            case .text: language.setup.expectsText
            case .path: language.setup.expectsPath
            case .numberOrText: language.setup.expectsNumberOrText
            }
        }
    }

    package let name: String
    package let kind: Kind
    /// What holds where the key is not there; `null` where that depends on something else.
    package let standard: ConfigurationValue
    /// Whether a running program can take another value.
    package let isLive: Bool

    package static func boolean(_ name: String, _ standard: Bool?, isLive: Bool = false) -> ConfigurationKey {
        ConfigurationKey(
            name: name, kind: .boolean, standard: standard.map { .boolean($0) } ?? .null, isLive: isLive)
    }

    package static func number(_ name: String, _ standard: Int64?, isLive: Bool = false) -> ConfigurationKey {
        ConfigurationKey(name: name, kind: .number, standard: standard.map { .number($0) } ?? .null, isLive: isLive)
    }

    package static func text(_ name: String, _ standard: String?, isLive: Bool = false) -> ConfigurationKey {
        ConfigurationKey(name: name, kind: .text, standard: standard.map { .text($0) } ?? .null, isLive: isLive)
    }

    /// Nothing else knows where a file lies: there is no default.
    package static func path(_ name: String, isLive: Bool = false) -> ConfigurationKey {
        ConfigurationKey(name: name, kind: .path, standard: .null, isLive: isLive)
    }

    package static func numberOrText(_ name: String) -> ConfigurationKey {
        ConfigurationKey(name: name, kind: .numberOrText, standard: .null, isLive: false)
    }

    /// What holds by a configuration, or without one.
    package func value(in contents: ConfigurationContents?) -> ConfigurationValue {
        let value = contents?.value(of: name) ?? .null
        return value == .null ? standard : value
    }

    /// The value as an option's text; nil when it is of another kind. Numbers are decimal.
    func text(of value: ConfigurationValue, in folder: String) -> String? {
        switch (kind, value) {
        case (.number, .number(let number)), (.numberOrText, .number(let number)): String(number)
        case (.text, .text(let text)), (.numberOrText, .text(let text)): text
        case (.path, .text(let text)):
            text.isEmpty || text.hasPrefix("/") || text.hasPrefix(":") ? text : folder + text
        case (.boolean, _), (.number, _), (.text, _), (.path, _), (.numberOrText, _): nil
        }
    }
}

/// Finds and reads the configuration, given the value of `--config`; nil where no file is named and none is there.
package typealias ConfigurationSearch = (_ given: String?) throws(ProgramFailure) -> ConfigurationContents?
