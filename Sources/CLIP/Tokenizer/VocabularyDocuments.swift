internal import Core

/// The parts of Hugging Face's `tokenizer.json` that define the vocabulary.
struct TokenizerDocument: Decodable {
    struct Model: Decodable {
        let type: String?
        let end_of_word_suffix: String?
        let vocab: [String: Int]
        let merges: MergeList

        private enum CodingKeys: CodingKey { case type, end_of_word_suffix, vocab, merges }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decodeIfPresent(String.self, forKey: .type)
            end_of_word_suffix = try container.decodeIfPresent(String.self, forKey: .end_of_word_suffix)
            // Other kinds of models store them in other forms and are refused later.
            let isBPE = type == nil || type == "BPE"
            vocab = isBPE ? try container.decode([String: Int].self, forKey: .vocab) : [:]
            merges = isBPE ? try container.decode(MergeList.self, forKey: .merges) : MergeList(pairs: [])
        }
    }

    /// Pairs in either form: "a b", or ["a", "b"].
    struct MergeList: Decodable {
        let pairs: [[String]]

        init(pairs: [[String]]) { self.pairs = pairs }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let lines = try? container.decode([String].self) {
                pairs = lines.map { [$0] }
            } else {
                pairs = try container.decode([[String]].self)
            }
        }
    }

    struct AddedToken: Decodable {
        let id: Int
        let content: String
    }

    let model: Model
    let added_tokens: [AddedToken]?

    /// Reads the vocabulary of the document at `path`.
    static func vocabulary(path: String) throws(Fault) -> Vocabulary {
        let document = try JSONDocument.read(Self.self, from: path, expected: "a tokenizer in Hugging Face's format")
        let model = document.model
        guard model.type == nil || model.type == "BPE", model.end_of_word_suffix == ByteAlphabet.wordEnd else {
            throw .badData(
                path,
                found: "a \(model.type ?? "BPE") model with '\(model.end_of_word_suffix ?? "")' at the end of words",
                expected: "CLIP's, BPE with '\(ByteAlphabet.wordEnd)'", remedy: "use the files of a CLIP model")
        }
        var pairs: [Merges.Pair] = []
        pairs.reserveCapacity(model.merges.pairs.count)
        for (index, symbols) in model.merges.pairs.enumerated() {
            pairs.append(try Merges.pair(symbols.joined(separator: " "), file: path, line: index + 2))
        }
        var ids = model.vocab
        for token in document.added_tokens ?? [] {
            if let id = ids[token.content], id != token.id {
                throw .badData(
                    path, found: "'\(token.content)' as \(id) and as \(token.id)", expected: "one id per token",
                    remedy: "copy the file again from where the model comes from")
            }
            ids[token.content] = token.id
        }
        return try Vocabulary(merges: Merges(pairs: pairs, file: path), ids: ids, file: path)
    }
}
