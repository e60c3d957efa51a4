public import CLIP
public import Core
public import Images
internal import Kernels

/// What a reader wants to know of an encoder at a glance.
public struct ModelPage: Sendable, Encodable {
    public let path: String
    public let model: ModelSummary
    public let preprocessing: Preprocessing
    /// Tokens of the vocabulary beside the weights, and its digest; nil where there is none.
    public let vocabulary: Vocabulary?
    /// The precision that `auto` means on this processor.
    public let precision: String

    public struct Vocabulary: Sendable, Encodable {
        public let size: Int
        public let digest: Digest
    }

    /// Reads all weights at `path` once.
    public init(path: String, activation: Activation? = nil) throws(Fault) {
        let weights = try ModelWeights(path: path, activation: activation)
        self.path = path
        model = try weights.summary()
        preprocessing = try Preprocessing(of: weights, augmentation: .tip, passes: .adaptive)
        let folder = FileKind(at: path) == .folder ? path : parentFolder(of: path)
        do throws(Fault) {
            let tokenizer = try Tokenizer(path: folder, embeddingCount: weights.architecture.text.vocabularySize)
            vocabulary = Vocabulary(size: tokenizer.vocabularySize, digest: tokenizer.digest)
        } catch {
            guard error.status == .noInput else { throw error }
            vocabulary = nil
        }
        precision = Precision.fastest.word
    }

    /// The facts as lines for a reader.
    public var page: String {
        let architecture = model.architecture
        var rows = [
            ("image tower", "\(architecture.image.words), \(Self.millions(model.imageParameters)) parameters"),
            ("text tower", "\(architecture.text.words), \(Self.millions(model.textParameters)) parameters"),
            ("features", "\(architecture.embeddingWidth) wide"),
            ("activation", "\(architecture.activationNames), from \(model.activationSource)"),
            ("images", preprocessing.words),
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

extension Architecture.TransformerShape {
    fileprivate var words: String { "\(layers) layers, width \(width), \(heads) heads" }
}

extension Architecture.TextShape {
    fileprivate var words: String { "\(transformer.words), \(contextLength) tokens of \(vocabularySize)" }
}

extension Architecture.ImageTower {
    fileprivate var words: String {
        switch self {
        case .visionTransformer(let shape): "ViT, \(shape.transformer.words), patches of \(shape.patchSize)"
        case .residualNetwork(let shape):
            "ResNet, \(shape.layers.map(String.init).joined(separator: "+")) blocks, width \(shape.width), \(shape.heads) heads"
        }
    }
}

extension Preprocessing {
    fileprivate var words: String {
        let numbers = [mean, std].map { $0.map { "\($0)" }.joined(separator: " ") }
        return
            "\(size) x \(size), \(resizeMode.rawValue), \(interpolation.rawValue), mean \(numbers[0]), std \(numbers[1])"
    }
}
