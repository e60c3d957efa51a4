public import Core
internal import Synchronization
internal import TextCleaning

/// CLIP's tokenizer: byte pair encoding of cleaned text.
///
/// Token ids are those of open_clip's `SimpleTokenizer` with its default cleaning, which is OpenAI's; see `CleanedText`
/// for its extent. `<start_of_text>` and `<end_of_text>` in a text are the special tokens, as in open_clip.
public struct BPETokenizer: VocabularyTokenizer {
    /// The token before every text.
    public var startToken: Int32 { vocabulary.startToken }
    /// The token after every text, where the text tower reads its features.
    public var endToken: Int32 { vocabulary.endToken }
    /// The number of tokens, special tokens included.
    public var vocabularySize: Int { vocabulary.size }
    /// The identity of the vocabulary: its tokens in order and its merges, in whichever files they are stored.
    public var digest: Digest { vocabulary.digest }

    private let vocabulary: Vocabulary
    private let cache = WordCache()

    /// The maximum length of a text in bytes; the time for cleaning grows with its square.
    private static let longestText = 1 << 16

    /// Whether the path may have merges: any does, as a folder without them is refused with the names of such files.
    static func canRead(_ path: String) throws(Fault) -> Bool { true }

    /// Reads the vocabulary at `path`, a file or a folder.
    ///
    /// The files are a `merges.txt`, with or without the `vocab.json` beside it in a folder, a `tokenizer.json`, or
    /// `bpe_simple_vocab_16e6.txt.gz`. An empty last line of merges counts as a token, as in open_clip, unless
    /// `embeddingCount`, the number of tokens that the model embeds, shows that it was not counted.
    ///
    /// - Throws: `noInput` where there is no vocabulary, `badData` for a damaged one or one of another model.
    public init(path: String, embeddingCount: Int? = nil) throws(Fault) {
        vocabulary = try VocabularyFiles.vocabulary(at: path, embeddingCount: embeddingCount)
    }

    /// Returns the token ids of `text` between start and end, padded with zeros to `context`.
    ///
    /// A longer text is an error, unless `truncates`: then its last tokens are dropped, and the end token stays last.
    ///
    /// - Throws: `badData` for a text that is too long, `configuration` for a `context` without room for start and end.
    public func encode(
        _ text: String, context: Int = 77, truncates: Bool = false
    ) throws(Fault) -> [Int32] {
        guard context >= 2 else {
            throw .configuration("context", found: "\(context)", expected: "room for start and end", remedy: "pass 77")
        }
        var tokens = try tokens(of: text)
        if tokens.count > context {
            guard truncates else {
                throw .badData(
                    Self.name(text), found: "\(tokens.count) tokens",
                    expected: "at most \(context), start and end included",
                    remedy: "shorten the text, or let it be truncated")
            }
            tokens.removeSubrange(context...)
            tokens[context - 1] = endToken
        }
        tokens += repeatElement(0, count: context - tokens.count)
        return tokens
    }

    /// Returns the token ids of `text` between start and end.
    package func tokens(of text: String) throws(Fault) -> [Int32] {
        guard text.utf8.count <= Self.longestText else {
            throw .badData(
                Self.name(text), found: "\(text.utf8.count) bytes", expected: "at most \(Self.longestText)",
                remedy: "shorten the text")
        }
        let cleaned = CleanedText(text)
        var tokens = [startToken]
        tokens.reserveCapacity(32)
        // While another thread holds the cache, encoding without it is faster than waiting and gives the same ids.
        let isDone: Void? = cache.words.withLockIfAvailable { words in
            append(cleaned, to: &tokens) { range, pairs, tokens in
                words.append(range, of: cleaned.bytes, to: &tokens) { pairs.append(cleaned.bytes[range], to: &$0) }
            }
        }
        if isDone == nil {
            append(cleaned, to: &tokens) { range, pairs, tokens in pairs.append(cleaned.bytes[range], to: &tokens) }
        }
        tokens.append(endToken)
        return tokens
    }

    private func append(
        _ text: CleanedText, to tokens: inout [Int32], word: (Range<Int>, inout BytePairs, inout [Int32]) -> Void
    ) {
        var pairs = BytePairs(vocabulary)
        var position = 0
        while let range = text.word(from: position) {
            position = range.upperBound
            if text.bytes[range.lowerBound] == UInt8(ascii: "<") {
                // With a long s they match the pattern, and are not special tokens.
                if text.bytes[range].elementsEqual(CleanedText.start) {
                    tokens.append(startToken)
                    continue
                }
                if text.bytes[range].elementsEqual(CleanedText.end) {
                    tokens.append(endToken)
                    continue
                }
            }
            word(range, &pairs, &tokens)
        }
    }

    /// The start of a text as errors quote it, without control characters, which a terminal might obey.
    private static func name(_ text: String) -> String {
        let head = text.unicodeScalars.prefix(48)
        let visible = head.map { $0.properties.generalCategory == .control ? " " : $0 }
        let isWhole = head.endIndex == text.unicodeScalars.endIndex
        return "the text '\(String(String.UnicodeScalarView(visible)))\(isWhole ? "" : "…")'"
    }
}
