public import Core

/// A tokenizer: text to the token ids that a text tower embeds.
public protocol TextTokenizer: Sendable {
    /// The number of tokens, special tokens included.
    var vocabularySize: Int { get }
    /// The identity of the vocabulary, in whichever files it is stored.
    var digest: Digest { get }

    /// Returns the token ids of `text` as the text tower takes them, padded to `context`.
    ///
    /// A longer text is an error, unless `truncates`.
    ///
    /// - Throws: `badData` for a text that is too long, `configuration` for an unusable `context`.
    func encode(_ text: String, context: Int, truncates: Bool) throws(Fault) -> [Int32]
}

/// A tokenizer that is read from the files of a vocabulary.
protocol VocabularyTokenizer: TextTokenizer {
    /// Whether the file or folder at `path` has a vocabulary of this kind.
    static func canRead(_ path: String) throws(Fault) -> Bool

    /// Reads the vocabulary at `path`; `embeddingCount` is the number of tokens that the model embeds.
    init(path: String, embeddingCount: Int?) throws(Fault)
}
