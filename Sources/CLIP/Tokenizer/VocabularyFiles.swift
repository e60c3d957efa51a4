internal import Core

/// Reads a vocabulary from the files in which models publish it.
enum VocabularyFiles {
    /// Reads the vocabulary of the file or folder at `path`.
    ///
    /// A folder is searched for `merges.txt` with or without `vocab.json`, for `tokenizer.json` and for
    /// `bpe_simple_vocab_16e6.txt.gz`; all that it has must agree. `embeddingCount` is the number of tokens that the
    /// model embeds.
    static func vocabulary(at path: String, embeddingCount: Int?) throws(Fault) -> Vocabulary {
        let vocabulary: Vocabulary
        switch try FileKind.found(at: path) {
        case .absent:
            throw Fault(
                .noInput, path, found: "no such file or directory", expected: "a vocabulary, or a folder with one",
                remedy: "check the path")
        case .folder: vocabulary = try inFolder(path, embeddingCount)
        case .file, .other: vocabulary = try inFile(path, embeddingCount)
        }
        if let embeddingCount, vocabulary.size > embeddingCount {
            throw .badData(
                path, found: "\(vocabulary.size) tokens",
                expected: "at most the \(embeddingCount) that the model embeds",
                remedy: "use the vocabulary that the model was trained with")
        }
        return vocabulary
    }

    private static func inFolder(_ folder: String, _ embeddingCount: Int?) throws(Fault) -> Vocabulary {
        func holds(_ name: String) throws(Fault) -> Bool {
            if case .file = try FileKind.found(at: folder.appending(path: name)) { true } else { false }
        }
        var found: [(name: String, vocabulary: Vocabulary)] = []
        if try holds("merges.txt") {
            let path = folder.appending(path: "merges.txt")
            if try holds("vocab.json") {
                found.append(
                    ("merges.txt and vocab.json", try numbered(merges: path, ids: folder.appending(path: "vocab.json")))
                )
            } else {
                found.append(("merges.txt", try inFile(path, embeddingCount)))
            }
        }
        for name in ["tokenizer.json", "bpe_simple_vocab_16e6.txt.gz"] where try holds(name) {
            found.append((name, try inFile(folder.appending(path: name), embeddingCount)))
        }
        guard let first = found.first else {
            throw Fault(
                .noInput, folder, found: try holds("vocab.json") ? "vocab.json without merges.txt" : "no vocabulary",
                expected: "merges.txt with or without vocab.json, tokenizer.json, or bpe_simple_vocab_16e6.txt.gz",
                remedy: "copy one from where the model comes from")
        }
        for other in found.dropFirst() where other.vocabulary.digest != first.vocabulary.digest {
            throw .badData(
                folder, found: "\(first.name) and \(other.name) that disagree", expected: "one vocabulary",
                remedy: "remove what does not belong to the model")
        }
        return first.vocabulary
    }

    /// Reads gzip, JSON or plain text, as the first bytes show.
    private static func inFile(_ path: String, _ embeddingCount: Int?) throws(Fault) -> Vocabulary {
        let file = try MappedFile(path: path)
        let bytes = Span<UInt8>(_bytes: file.bytes)
        if bytes.count > 1, bytes[0] == 0x1F, bytes[1] == 0x8B {
            let text = try GzipText.head(of: bytes, lines: Merges.greatestCount + 1, file: path)
            return constructed(try Merges(text: text.span, file: path), embeddingCount)
        }
        if bytes[0] == UInt8(ascii: "{") {
            try checkSize(file.byteCount, path)
            return try TokenizerDocument.vocabulary(path: path)
        }
        if let content = FileContent(bytes) {
            throw .badData(
                path, found: content.name, expected: "a vocabulary, such as merges.txt or tokenizer.json",
                remedy: "copy the file again from where the model comes from")
        }
        return constructed(try Merges(text: bytes, file: path), embeddingCount)
    }

    private static func constructed(_ merges: Merges, _ embeddingCount: Int?) -> Vocabulary {
        let counting = Vocabulary(merges: merges, countsEmptyLine: merges.endsInEmptyLine)
        // The number of embeddings shows whether the last line was counted when the model was trained.
        guard merges.endsInEmptyLine, let embeddingCount, counting.size == embeddingCount + 1 else { return counting }
        return Vocabulary(merges: merges, countsEmptyLine: false)
    }

    private static func numbered(merges path: String, ids: String) throws(Fault) -> Vocabulary {
        let file = try MappedFile(path: path)
        let merges = try Merges(text: Span<UInt8>(_bytes: file.bytes), file: path)
        if case .file(let size) = try FileKind.found(at: ids) { try checkSize(size, ids) }
        let numbers = try JSONDocument.read([String: Int].self, from: ids, expected: "the id of each token")
        return try Vocabulary(merges: merges, ids: numbers, file: ids)
    }

    /// Refuses large documents, since parsing takes several times their size in memory.
    private static func checkSize(_ byteCount: Int, _ path: String) throws(Fault) {
        let limit = 64 << 20
        guard byteCount <= limit else {
            throw .badData(
                path, found: "\(byteCount) bytes", expected: "at most \(limit) (CLIP's has two million)",
                remedy: "use the files of a CLIP model")
        }
    }
}
