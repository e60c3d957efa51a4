internal import Core

/// The parts of Hugging Face's `tokenizer.json` that define the vocabulary.
struct TokenizerDocument: Decodable {
    struct Model: Decodable {
        let type: String?
        let suffix: String?
        let vocabulary: [String: Int]
        let merges: MergeList

        enum CodingKeys: String, CodingKey {
            case type, merges
            case suffix = "end_of_word_suffix"
            case vocabulary = "vocab"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decodeIfPresent(String.self, forKey: .type)
            suffix = try container.decodeIfPresent(String.self, forKey: .suffix)
            // Other kinds of models store them in other forms and are refused later.
            let isBPE = type == nil || type == "BPE"
            vocabulary = isBPE ? try container.decode([String: Int].self, forKey: .vocabulary) : [:]
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
    let addedTokens: [AddedToken]?

    enum CodingKeys: String, CodingKey {
        case model
        case addedTokens = "added_tokens"
    }

    /// Reads the vocabulary of the document at `path`.
    static func vocabulary(path: String) throws(Fault) -> Vocabulary {
        let document = try JSONDocument.read(Self.self, from: path, expected: "a tokenizer in Hugging Face's format")
        let model = document.model
        guard model.type == nil || model.type == "BPE", model.suffix == ByteAlphabet.wordEnd else {
            throw .badData(
                path, found: "a \(model.type ?? "BPE") model with '\(model.suffix ?? "")' at the end of words",
                expected: "CLIP's, BPE with '\(ByteAlphabet.wordEnd)'", remedy: "use the files of a CLIP model")
        }
        var pairs: [Merges.Pair] = []
        pairs.reserveCapacity(model.merges.pairs.count)
        for (index, symbols) in model.merges.pairs.enumerated() {
            pairs.append(try Merges.pair(symbols.joined(separator: " "), file: path, line: index + 2))
        }
        var ids = model.vocabulary
        for token in document.addedTokens ?? [] {
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
