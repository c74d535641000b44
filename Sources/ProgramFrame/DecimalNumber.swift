extension FixedWidthInteger {
    /// Reads decimal digits and nothing else: no sign, no blanks. Nil also for a number that does not fit.
    package init?(decimal text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        self.init(text)
    }
}
