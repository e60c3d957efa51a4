public import Core
public import Images
internal import Kernels

/// The facts about a model's weights that ``ModelPage`` shows.
public struct ModelSummary: Sendable, Encodable {
    /// The published name, such as `ViT-B/32`.
    public let name: String
    /// The kinds and sizes of the towers.
    public let architecture: Architecture
    /// The layout of the tensors: `openAI` or `huggingFace`.
    public let naming: String
    /// The origin of the activation.
    public let activationSource: String
    /// The types in which the weights are stored.
    public let storedTypes: [String]
    /// The number of values of the image tower.
    public let imageParameters: Int
    /// The number of values of the text tower.
    public let textParameters: Int
    /// The digest of the weights' content, ``CLIPModel/contentDigest()``.
    public let digest: Digest
}

extension CLIPModel {
    /// Returns sizes, parameter counts and the digest, for which all weights are read once.
    ///
    /// - Throws: `badData` for weights that are not finite.
    public func summary() throws(Fault) -> ModelSummary {
        ModelSummary(
            name: architecture.name, architecture: architecture, naming: weights.layout.name,
            activationSource: activationSource, storedTypes: weights.storedTypes,
            imageParameters: imageParameterCount, textParameters: textParameterCount, digest: try contentDigest())
    }
}

/// An overview of an encoder for readers.
public struct ModelPage: Sendable, Encodable {
    /// The model's file or folder as the user named it.
    public let path: String
    /// The weights.
    public let model: ModelSummary
    /// The preprocessing of images.
    public let preprocessing: Preprocessing
    /// The vocabulary beside the weights; nil if there is none.
    public let vocabulary: Vocabulary?
    /// The precision that `auto` selects on this processor, `bf16` or `f32`.
    public let precision: String

    /// A vocabulary's size and identity.
    public struct Vocabulary: Sendable, Encodable {
        /// The number of tokens.
        public let size: Int
        /// The digest of tokens and merges.
        public let digest: Digest
    }

    /// Reads all weights at `path` once.
    ///
    /// - Throws: what opening the model or its files throws.
    public init(path: String, activation: Activation? = nil) throws(Fault) {
        let model = try CLIPModel(path: path, activation: activation)
        self.path = path
        self.model = try model.summary()
        preprocessing = try model.preprocessing()
        do throws(Fault) {
            let tokenizer = try model.tokenizer()
            vocabulary = Vocabulary(size: tokenizer.vocabularySize, digest: tokenizer.digest)
        } catch {
            guard error.status == .noInput else { throw error }
            vocabulary = nil
        }
        precision = Precision.fastest.word
    }

    /// The facts as lines of text.
    public var page: String {
        let architecture = model.architecture
        var rows = [
            ("image tower", "\(architecture.image.summary), \(Self.millions(model.imageParameters)) parameters")
        ]
        if let text = architecture.text {
            rows.append(("text tower", "\(text.summary), \(Self.millions(model.textParameters)) parameters"))
        }
        rows += [
            ("features", "\(architecture.embeddingWidth) wide"),
            ("activation", "\(architecture.activationName), from \(model.activationSource)"),
            ("images", preprocessing.summary),
            ("stored as", "\(model.storedTypes.joined(separator: ", ")), names of \(model.naming)"),
            ("precision", "auto is \(precision) on this processor"),
        ]
        if let vocabulary {
            rows.append(("vocabulary", "\(vocabulary.size) tokens \(vocabulary.digest)"))
        } else {
            rows.append(("vocabulary", "none beside the weights: name one with \(OptionName("vocabulary"))"))
        }
        rows.append(("weights", "\(model.digest)"))
        return "\(path): \(model.name)\n"
            + rows.map { "  \($0)\(String(repeating: " ", count: 14 - $0.count))\($1)\n" }.joined()
    }

    private static func millions(_ count: Int) -> String {
        let tenths = (count + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) million"
    }
}

extension Preprocessing {
    fileprivate var summary: String {
        let numbers = [mean, std].map { $0.map { "\($0)" }.joined(separator: " ") }
        let resizing = "\(size) x \(size), \(resizeMode.rawValue), \(interpolation.rawValue)"
        return "\(resizing), mean \(numbers[0]), std \(numbers[1])"
    }
}
