/// The source of a method's implementation.
public enum MethodOrigin: String, Sendable, Codable, CaseIterable {
    /// The code that the paper's authors published.
    case publishedCode = "published code"
    /// The paper alone, since its authors published no code.
    case reconstruction
    /// This project: the method has no paper.
    case ours

    /// The remark that stands beside the name of a method; nil for published code.
    public var remark: String? { self == .publishedCode ? nil : rawValue }
}
