internal import Core

/// Reads the sizes of towers from the shapes of tensors and from the configuration.
///
/// Sizes come from files, so each is checked against a limit before anything is computed with it.
struct ArchitectureReader {
    let weights: StoredWeights
    let configuration: ModelConfiguration

    private static let maximumSize = 1 << 20
    private static let maximumBlockCount = 1000

    /// The architecture of the image tower.
    func imageArchitecture() throws(Fault) -> any ImageArchitecture {
        for kind in SupportedModels.imageArchitectures where kind.matches(weights) { return try kind.init(self) }
        throw otherModel("no known image tower")
    }

    /// The architecture of the text tower.
    func textArchitecture() throws(Fault) -> any TextArchitecture {
        for kind in SupportedModels.textArchitectures where kind.matches(weights) { return try kind.init(self) }
        throw otherModel("no known text tower")
    }

    /// The shape of the blocks `TOWER.blocks.N`.
    ///
    /// Without a configuration there is one head per 64 channels, as in all of OpenAI's models, for towers up to the
    /// width `widestImpliedHeads`.
    ///
    /// - Throws: `badData` for sizes that the configuration contradicts.
    func transformer(
        _ tower: String, width: Int, _ settings: ModelConfiguration.Tower, widestImpliedHeads: Int = .max
    ) throws(Fault) -> TransformerShape {
        let isStated = settings.heads != nil || settings.headWidth != nil
        guard isStated || (width % 64 == 0 && width <= widestImpliedHeads) else {
            throw .configuration(
                weights.path, found: "a tower of width \(width) without its number of heads",
                expected: "their number in config.json or open_clip_config.json",
                remedy: "put the model's configuration beside its weights")
        }
        let heads = try heads(of: width, settings)
        guard let activation = settings.activation else { throw missingActivation() }
        let shape = TransformerShape(
            width: width, layers: try blockCount("\(tower).blocks"), heads: heads,
            hiddenWidth: try shape("\(tower).blocks.0.mlp.fc1.weight", rank: 2)[0], activation: activation,
            epsilon: settings.epsilon ?? 1e-5)
        try settings.sizes[.width]?.check([width])
        try settings.sizes[.layers]?.check([shape.layers])
        try settings.sizes[.hiddenWidth]?.check([shape.hiddenWidth], width: width)
        return shape
    }

    /// The number of heads for the attention over `width` channels.
    func heads(of width: Int, _ settings: ModelConfiguration.Tower) throws(Fault) -> Int {
        let heads = settings.heads ?? width / max(1, settings.headWidth ?? 64)
        guard heads > 0, width % heads == 0, settings.headWidth ?? 1 > 0 else {
            throw fault("\(heads) heads for a width of \(width)", "a number of heads that divides the width")
        }
        return heads
    }

    private func missingActivation() -> Fault {
        .configuration(
            weights.path, found: "no configuration that names the activation, which weights do not show",
            expected: "quick_gelu (OpenAI's weights) or gelu (most of open_clip's)",
            remedy:
                "say which with \(option: "activation"), or put config.json or open_clip_config.json beside the weights"
        )
    }

    /// The number of blocks `PREFIX.N`; the comparison of all names finds one that is missing between others.
    func blockCount(_ prefix: String) throws(Fault) -> Int {
        let numbers = weights.blockNumbers(prefix)
        guard (1 ... Self.maximumBlockCount).contains(numbers.count) else {
            throw fault(
                "\(numbers.count) blocks '\(prefix)'",
                "1 to \(Self.maximumBlockCount), as in a CLIP of OpenAI's kind")
        }
        return numbers.count
    }

    /// The side of the grid of a positional embedding whose first row is the class token.
    func gridSide(_ name: String) throws(Fault) -> Int {
        let rows = try shape(name, rank: 2)[0]
        let side = Int(Double(rows - 1).squareRoot().rounded())
        guard side > 0, side * side == rows - 1 else {
            throw fault("\(rows) rows in '\(weights.storedName(name))'", "one more than a square number")
        }
        return side
    }

    /// The shape of the tensor `name`, which has `rank` axes.
    func shape(_ name: String, rank: Int) throws(Fault) -> [Int] {
        guard let shape = weights.shape(name) else {
            throw fault(
                "no tensor '\(weights.storedName(name))' among \(weights.overview)",
                "the weights of a CLIP of OpenAI's kind")
        }
        guard shape.count == rank, shape.allSatisfy({ (1 ... Self.maximumSize).contains($0) }) else {
            throw fault("'\(weights.storedName(name))' of shape \(shape)", "\(rank) sizes of 1 to \(Self.maximumSize)")
        }
        return shape
    }

    /// The fault of weights without a tower that can be read.
    private func otherModel(_ found: String) -> Fault {
        let expected = "a CLIP of OpenAI's kind"
        guard let kind = OtherModels.kind(of: weights.unknown) else {
            return fault("\(found) among \(weights.overview)", "the weights of \(expected)")
        }
        return .badData(
            weights.path, found: kind, expected: expected,
            remedy: "use another model, or compute its features elsewhere and import them")
    }

    /// A fault about the weights.
    func fault(_ found: String, _ expected: String) -> Fault {
        .badData(
            weights.path, found: found + weights.layout.note, expected: expected,
            remedy: "copy the whole model, in OpenAI's, open_clip's or transformers' CLIP layout")
    }
}
