public import Core
internal import Synchronization

/// CLIP's tokenizer: text to the numbers that its text tower embeds.
///
/// Numbers are those of open_clip's `SimpleTokenizer` with its default cleaning, which is OpenAI's; see `CleanedText` for what that
/// covers. `<start_of_text>` and `<end_of_text>` in a text are the special tokens, as in open_clip.
public struct Tokenizer: Sendable {
    /// Stands before every text.
    public var startToken: Int32 { vocabulary.startToken }
    /// Stands after every text; the text tower reads its features there.
    public var endToken: Int32 { vocabulary.endToken }
    /// How many numbers there are, the special tokens' included.
    public var vocabularySize: Int { vocabulary.size }
    /// The identity of the vocabulary: its tokens in order and its merges, whichever files they came in.
    public var digest: Digest { vocabulary.digest }

    private let vocabulary: Vocabulary
    private let cache = WordCache()

    /// No prompt is nearly as long; cleaning may pass over a text as often as it has characters.
    private static let longestText = 1 << 16

    /// Reads the vocabulary at `path`, a file or a folder that holds one.
    ///
    /// It is a `merges.txt`, with or without the `vocab.json` beside it in a folder, a `tokenizer.json`, or
    /// `bpe_simple_vocab_16e6.txt.gz`. An empty last line of merges without numbers counts as a token, as in open_clip, unless
    /// `embeddingCount`, which is how many tokens the model embeds, says that it did not.
    public init(path: String, embeddingCount: Int? = nil) throws(Fault) {
        vocabulary = try VocabularyFiles.vocabulary(at: path, embeddingCount: embeddingCount)
    }

    /// The tokens of `text` between start and end, with zeros after them up to `context`.
    ///
    /// A text that is longer is an error, unless `truncates`: then its last tokens are left out, and the end token stays last.
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

    /// The tokens of `text` between start and end, however many.
    package func tokens(of text: String) throws(Fault) -> [Int32] {
        guard text.utf8.count <= Self.longestText else {
            throw .badData(
                Self.name(text), found: "\(text.utf8.count) bytes", expected: "at most \(Self.longestText)",
                remedy: "shorten the text")
        }
        let cleaned = CleanedText(text)
        var tokens = [startToken]
        tokens.reserveCapacity(32)
        // Another thread's turn is not waited for: without the cache it takes longer, and gives the same.
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
        var place = 0
        while let range = text.word(from: place) {
            place = range.upperBound
            if text.bytes[range.lowerBound] == UInt8(ascii: "<") {
                // Spelled with a long s they match the pattern, and are no special tokens.
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

    /// How an error names a text: by how it starts, without control characters, which a terminal might obey.
    private static func name(_ text: String) -> String {
        let head = text.unicodeScalars.prefix(48)
        let visible = head.map { $0.properties.generalCategory == .control ? " " : $0 }
        let isWhole = head.endIndex == text.unicodeScalars.endIndex
        return "the text '\(String(String.UnicodeScalarView(visible)))\(isWhole ? "" : "…")'"
    }
}
