/// Which edition of the product this is.
package enum ProgramVersion {
    /// Semantic Versioning 2.0.0.
    package static let text = "0.1.0"
}
