import Basics
import TextSafety

extension FuzzTarget {
    /// The rules for what people type.
    static let texts: [FuzzTarget] = [
        FuzzTarget(
            "name-rule", "names of people, prepared for showing and comparing", limit: 512,
            sample: { Array(SampleText.name(using: &$0).utf8) }, check: checkName),
        FuzzTarget(
            "password-rule", "room passwords, prepared", limit: 1200,
            sample: { Array(SampleText.make(limit: 200, using: &$0).utf8) }, check: checkPassword),
        FuzzTarget(
            "visible-text", "text of others, made safe for a terminal and for a log",
            sample: { Array(SampleText.make(limit: 400, using: &$0).utf8) }, check: checkVisibleText),
    ]

    private static func prepare(_ name: String) -> SafeName? {
        try? NameRule.prepare(name)
    }

    @Sendable private static func checkName(_ input: [UInt8]) throws(FuzzFault) -> Bool {
        guard let name = prepare(String(decoding: input, as: UTF8.self)) else { return false }
        let scalars = name.display.unicodeScalars
        guard !scalars.isEmpty, scalars.count <= NameRule.scalarLimit, name.display.utf8.count <= NameRule.byteLimit
        else { throw FuzzFault("a name of \(scalars.count) scalars passed") }
        guard prepare(name.display) == name else { throw FuzzFault("preparing \(name.display) again changes it") }
        guard VisibleText.forLog(name.display) == name.display else {
            throw FuzzFault("a name passed that a log must escape: \(VisibleText.forLog(name.display))")
        }
        for other in [name.display.lowercased(), name.display.uppercased()] {
            guard let prepared = prepare(other) else { continue }
            guard prepared.key == name.key else { throw FuzzFault("\(other) and \(name.display) count as two names") }
        }
        return true
    }

    @Sendable private static func checkPassword(_ input: [UInt8]) throws(FuzzFault) -> Bool {
        guard let prepared = try? PasswordRule.prepare(input.span) else { return false }
        guard (1...PasswordRule.byteLimit).contains(prepared.count) else {
            throw FuzzFault("a prepared password has \(prepared.count) bytes")
        }
        guard let text = String(validating: prepared, as: UTF8.self) else { throw FuzzFault("no UTF-8 came out") }
        guard (try? PasswordRule.prepare(prepared.span)) == prepared else {
            throw FuzzFault("preparing a password again changes it")
        }
        guard text.unicodeScalars.allSatisfy({ !isControl($0) }) else { throw FuzzFault("a control passed") }
        return true
    }

    @Sendable private static func checkVisibleText(_ input: [UInt8]) throws(FuzzFault) -> Bool {
        let text = String(decoding: input, as: UTF8.self)
        for line in VisibleText.linesForTerminal(text) + [VisibleText.forTerminal(text)] {
            var shown = Substring(line).unicodeScalars
            if shown.first?.value == 0x2068, shown.last?.value == 0x2069 { shown = shown.dropFirst().dropLast() }
            guard let harm = shown.first(where: { isControl($0) || isDirection($0) }) else { continue }
            throw FuzzFault("U+\(String(harm.value, radix: 16)) reaches the terminal")
        }
        let logged = VisibleText.forLog(text)
        if let harm = logged.unicodeScalars.first(where: { isControl($0) || isDirection($0) }) {
            throw FuzzFault("U+\(String(harm.value, radix: 16)) reaches the log")
        }
        guard unescaped(logged).elementsEqual(text.unicodeScalars.map(\.value)) else {
            throw FuzzFault("two texts look alike in a log: \(logged)")
        }
        guard (0...4 * max(1, input.count)).contains(VisibleText.width(text)) else {
            throw FuzzFault("a width of \(VisibleText.width(text)) columns")
        }
        return true
    }

    /// C0, DEL, C1 and the separators that end a line or paragraph.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029: true
        default: false
        }
    }

    /// What reorders text (Unicode Standard Annex #9).
    private static func isDirection(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x61c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    /// Undoes the escapes of a log, written apart from the code that makes them.
    private static func unescaped(_ logged: String) -> [UInt32] {
        var values: [UInt32] = []
        var rest = Substring(logged).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let kind = rest.popFirst() else {
                values.append(scalar.value)
                continue
            }
            switch kind {
            case "n": values.append(0x0a)
            case "r": values.append(0x0d)
            case "t": values.append(0x09)
            case "x":
                values.append(UInt32(String(String.UnicodeScalarView(rest.prefix(2))), radix: 16) ?? .max)
                rest = rest.dropFirst(2)
            case "u":
                let digits = rest.dropFirst().prefix { $0 != "}" }
                values.append(UInt32(String(String.UnicodeScalarView(digits)), radix: 16) ?? .max)
                rest = rest.dropFirst(digits.count + 2)
            default: values.append(kind.value)
            }
        }
        return values
    }
}
