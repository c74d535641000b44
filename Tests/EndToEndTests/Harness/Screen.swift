/// What a terminal shows after everything that was written to it: as much of ECMA-48 and xterm as line editing uses.
struct Screen {
    private let columns: Int
    private var rows: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    /// The cursor stands behind the last column: the next character begins a new row.
    private var isWrapping = false
    /// Sequences that it does not know; a test should see none.
    private(set) var unknown: [String] = []

    init(columns: Int = PseudoTerminal.columns, showing bytes: [UInt8]) {
        self.columns = columns
        var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\u{1b}": escape(&rest)
            case "\r": moveTo(column: 0)
            case "\n": moveTo(row: row + 1)
            case "\u{8}": moveTo(column: column - 1)
            case "\t": moveTo(column: (column / 8 + 1) * 8)
            case "\u{0}"..<" ": break
            default: put(Character(scalar))
            }
        }
    }

    /// The rows from the first on, without the blanks at their ends; those that scrolled away are among them.
    var lines: [String] {
        rows.map { row in
            var text = String(row)
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// The last row with anything in it: where the line being typed is.
    var bottom: String { lines.last { !$0.isEmpty } ?? "" }

    private mutating func put(_ character: Character) {
        if isWrapping { moveTo(row: row + 1); column = 0; isWrapping = false }
        fill(to: column)
        if column < rows[row].count { rows[row][column] = character } else { rows[row].append(character) }
        if column == columns - 1 { isWrapping = true } else { column += 1 }
    }

    private mutating func fill(to column: Int) {
        while rows[row].count < column { rows[row].append(" ") }
    }

    private mutating func moveTo(row: Int) {
        self.row = max(0, row)
        while rows.count <= self.row { rows.append([]) }
        isWrapping = false
    }

    private mutating func moveTo(column: Int) {
        self.column = min(max(0, column), columns - 1)
        isWrapping = false
    }

    // MARK: Escape sequences

    private mutating func escape(_ rest: inout Substring.UnicodeScalarView) {
        guard let kind = rest.popFirst() else { return }
        switch kind {
        case "[":
            var parameters = ""
            while let scalar = rest.popFirst() {
                guard scalar.value >= 0x40 else { parameters.unicodeScalars.append(scalar); continue }
                control(Character(scalar), parameters)
                return
            }
        case "]":
            while let scalar = rest.popFirst(), scalar != "\u{7}" {}
        case "(", ")": _ = rest.popFirst()
        case "=", ">": break
        case "M": moveTo(row: row - 1)
        default: unknown.append("ESC \(kind)")
        }
    }

    private mutating func control(_ final: Character, _ parameters: String) {
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let count = max(1, numbers.first ?? 1)
        switch final {
        case "A": moveTo(row: row - count)
        case "B": moveTo(row: row + count)
        case "C": moveTo(column: column + count)
        case "D": moveTo(column: column - count)
        case "G": moveTo(column: count - 1)
        case "J": eraseBelow()
        case "K": eraseRow(numbers.first ?? 0)
        case "P":
            if column < rows[row].count { rows[row].removeSubrange(column..<min(column + count, rows[row].count)) }
        case "X": for offset in 0..<count where column + offset < rows[row].count { rows[row][column + offset] = " " }
        case "@":
            fill(to: column)
            rows[row].insert(contentsOf: repeatElement(" ", count: count), at: column)
            rows[row] = Array(rows[row].prefix(columns))
        case "m", "h", "l", "t", "n": break
        default: unknown.append("CSI \(parameters)\(final)")
        }
    }

    private mutating func eraseRow(_ what: Int) {
        switch what {
        case 0: rows[row] = Array(rows[row].prefix(column))
        case 1: for place in 0..<min(column + 1, rows[row].count) { rows[row][place] = " " }
        default: rows[row] = []
        }
    }

    private mutating func eraseBelow() {
        eraseRow(0)
        rows.removeSubrange((row + 1)...)
    }
}
