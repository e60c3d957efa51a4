/// The origin of a prompt, spelled as in a feature folder's `text.h5`.
public enum PromptKind: String, Codable, Sendable, CaseIterable {
    /// A template with the class name inserted.
    case template
    /// A sentence about the class.
    case sentence
}
