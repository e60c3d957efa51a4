/// How names of classes are compared.
enum ClassName {
    /// `name` with spaces for underscores, one between words, in lower case.
    static func loosely(_ name: String) -> String {
        name.lowercased().split { $0 == "_" || $0.isWhitespace }.joined(separator: " ")
    }
}
