internal import Core

/// The kind and the sizes of a tower.
///
/// A conforming type recognizes its tower by the tensors, reads the sizes, and builds the tower. ``SupportedModels``
/// lists all of them.
protocol TowerArchitecture: Sendable, Encodable {
    /// Whether `weights` hold a tower of this kind.
    static func matches(_ weights: StoredWeights) -> Bool
    /// Reads the sizes.
    init(_ reader: ArchitectureReader) throws(Fault)
    /// The activation of the MLP blocks; nil for a tower without them.
    var activation: Activation? { get }
    /// The sizes in words.
    var summary: String { get }
}

protocol ImageArchitecture: TowerArchitecture {
    /// The name of the kind in JSON.
    static var kind: String { get }
    /// The side of an input image, in pixels.
    var imageSize: Int { get }
    /// The width D of the features.
    var embeddingWidth: Int { get }
    /// The published name for these sizes, or a description of other sizes.
    var name: String { get }
    /// Whether models with this tower have a text tower.
    var hasTextTower: Bool { get }
    /// The names and shapes of the tower's tensors.
    var tensors: TensorTable { get }
    /// Packs the weights for this processor.
    func tower(_ loader: LayerLoader) throws(Fault) -> any ImageTower
}

extension ImageArchitecture {
    var hasTextTower: Bool { true }
}

protocol TextArchitecture: TowerArchitecture {
    /// The maximum number of tokens in a prompt.
    var contextLength: Int { get }
    /// The number of tokens that the tower embeds.
    var vocabularySize: Int { get }
    /// The names and shapes of the tensors of a tower with features of width `embeddingWidth`.
    func tensors(embeddingWidth: Int) -> TensorTable
    /// Packs the weights for this processor.
    func tower(_ loader: LayerLoader) throws(Fault) -> any TextTower
}
