import TextSafety

/// Rows with their columns under one another.
enum TextTable {
    /// - Parameter rows: cells without controls; rows may have different numbers of them.
    /// - Returns: one line for each row, without a line end after the last.
    static func aligned(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? VisibleText.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                // Nothing follows the last cell.
                let blanks = column == row.count - 1 ? 0 : cell.1 - VisibleText.width(cell.0) + 2
                return cell.0 + String(repeating: " ", count: max(0, blanks))
            }
            .joined()
        }
        .joined(separator: "\n")
    }
}
