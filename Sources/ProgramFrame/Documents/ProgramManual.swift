/// What a program's manual page has besides its options. All texts are plain; the page quotes them.
package struct ProgramManual: Hashable, Sendable {
    /// A word, and what it means.
    package struct Entry: Hashable, Sendable {
        package let word: String
        package let text: String

        package init(_ word: String, _ text: String) {
            self.word = word
            self.text = text
        }
    }

    /// The section of the manual, 1 for everybody's commands and 8 for administrators'.
    package let section: Int
    /// What the program is, in a few words.
    package let summary: String
    /// What the words that are no options mean.
    package let operands: [Entry]
    /// Paragraphs.
    package let description: [String]
    /// Variables.
    package let environment: [Entry]
    /// Its configuration file's name, in the folders that the page lists.
    package let configuration: String
    package let files: [Entry]
    package let statuses: [Entry]
    package let examples: [Entry]
    package let seeAlso: String

    package init(
        section: Int, summary: String, operands: [Entry], description: [String], environment: [Entry],
        configuration: String, files: [Entry], statuses: [Entry], examples: [Entry], seeAlso: String
    ) {
        self.section = section
        self.summary = summary
        self.operands = operands
        self.description = description
        self.environment = environment
        self.configuration = configuration
        self.files = files
        self.statuses = statuses
        self.examples = examples
        self.seeAlso = seeAlso
    }
}
