/// The comparison of class names.
enum ClassName {
    /// Returns `name` in lower case, with single spaces for underscores and other white space.
    static func loosely(_ name: String) -> String {
        name.lowercased().split { $0 == "_" || $0.isWhitespace }.joined(separator: " ")
    }
}
