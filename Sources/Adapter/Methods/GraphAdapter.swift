public import Core
public import Kernels

/// GraphAdapter: class texts with a residual from their neighbors among the classes' texts and images.
///
///     o_cq = tanh(n_cq·W + b_c)     u = η·t0 + (1 − η)·¼Σ_q(0.7·o_cq of texts + 0.3·o_cq of images)
///     t = norm(u)    z = σ·f·tᵀ
///
/// The classes are divided into four blocks q, with every fourth class in one block. n_cq [D] is the result of one
/// graph convolution at the text of class c over itself and the texts (or mean images) of block q: edges are cosines
/// clamped at zero, one more from a node to itself, normalized by the degrees. Only W [D×D] and b [C×D] of each graph
/// are trained, so n is computed once. The lengths of features matter. Li et al., "GraphAdapter", NeurIPS 2023;
/// `baseclip_graph_v1.py`.
///
/// The settings of its training were not released: η, the rate and the number of steps are this project's. A step costs
/// the products of the graphs whatever its batch, so batches are large. Departures: blocks may differ in size, any
/// width works, the images of a class are the mean of its items' stored augmented views whatever their number, and a
/// class without items uses its text instead.
public struct GraphAdapter: TrainedMethod {
    public struct Settings: TrainingSettings {
        /// η: the share of the class texts.
        public var eta: Float = 0.7
        /// The share of the text graph against the image graph.
        public var text_share: Float = 0.7
        /// The length assumed for prompts that were given as unit rows; CLIP's encoder gives about 10.
        public var text_length: Float = 1
        public var lr: Float = 1e-3
        public var epochs = 40
        public var batch_size = 4096
        public var weight_decay: Float = 0
        public init() {}

        public func check() throws(Fault) {
            try require("eta", eta, in: 0 ... 1)
            try require("text_length", text_length, in: 1e-3 ... 1e3)
            try require("text_share", text_share, in: 0 ... 1)
            try checkTraining()
        }
    }

    public struct Parameters: ParameterSet {
        public var textWeight: Matrix  // W [D×D]
        public var textBias: Matrix  // b [C×D]
        public var imageWeight: Matrix
        public var imageBias: Matrix

        public init(textWeight: Matrix, imageWeight: Matrix, classCount: Int) {
            self.textWeight = textWeight
            self.imageWeight = imageWeight
            textBias = .zeros(classCount, textWeight.columns)
            imageBias = textBias
        }

        public func tensors() -> [ParameterTensor<Self>] {
            [
                ParameterTensor("text_weight", \.textWeight), ParameterTensor("text_bias", \.textBias),
                ParameterTensor("image_weight", \.imageWeight), ParameterTensor("image_bias", \.imageBias),
            ]
        }
    }

    public static let name = "graph-adapter"
    public static let summary = "class texts with a residual from their neighbours among texts and images"
    public static let needsText = true
    public static let readsLengths: Lengths = [.images, .text]
    public static let readsClassOrder = true
    public var schedule: Schedule {
        settings.schedule(.adam(Adam(weightDecay: settings.weight_decay)), rate: .constant)
    }

    private let settings: Settings
    private let base: Matrix  // t0 [C×D]
    private let logitScale: Float  // σ
    private let texts: ClassGraph
    private let images: ClassGraph

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        self.settings = settings
        let text = try Self.requiredText(task)
        base = text.rawMeans(length: settings.text_length)
        logitScale = text.logitScale
        let support = try task.requiredSupport(Self.name)
        var (means, counts) = classMeans(
            try support.rawMeans(), labels: support.labels, classCount: support.classCount)
        // The image node of a class without items is its text.
        for (c, count) in counts.enumerated() where count == 0 {
            for d in 0 ..< means.columns { means[c, d] = base[c, d] }
        }
        texts = ClassGraph(of: base, neighbors: base)
        images = ClassGraph(of: base, neighbors: means)
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        let width = base.columns
        return Parameters(
            textWeight: uniformLayer(width, width, using: &generator),
            imageWeight: uniformLayer(width, width, using: &generator), classCount: base.rows)
    }

    public func classifier(_ p: Parameters) -> Classifier {
        var u = mixed(texts.outputs(p.textWeight, p.textBias), images.outputs(p.imageWeight, p.imageBias))
        normalizeRows(&u)
        return Classifier(TextTerm(u, scale: logitScale), classCount: base.rows)
    }

    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        let ofTexts = texts.outputs(p.textWeight, p.textBias)  // [4C×D]
        let ofImages = images.outputs(p.imageWeight, p.imageBias)
        let (t, norms) = normalizeRows(mixed(ofTexts, ofImages))
        var z = product(f, t, transposingB: true, scale: logitScale)
        let value = crossEntropyGradient(&z, labels: labels)

        var du = product(z, f, transposingA: true, scale: logitScale)
        normalizeRowsGradient(&du, unit: t, norms: norms)
        let (textWeight, textBias) = texts.gradient(du, scale: share(settings.text_share), outputs: ofTexts)
        let (imageWeight, imageBias) = images.gradient(du, scale: share(1 - settings.text_share), outputs: ofImages)
        return (
            Loss([("cross_entropy", value)]),
            [
                "text_weight": textWeight, "text_bias": .matrix(textBias), "image_weight": imageWeight,
                "image_bias": .matrix(imageBias),
            ]
        )
    }

    /// The weight of one graph output in u.
    private func share(_ ofGraph: Float) -> Float { (1 - settings.eta) * ofGraph / Float(ClassGraph.blockCount) }

    /// u [C×D].
    private func mixed(_ ofTexts: Matrix, _ ofImages: Matrix) -> Matrix {
        var u = base
        scale(&u, by: settings.eta)
        addBlocks(ofTexts, scale: share(settings.text_share), to: &u)
        addBlocks(ofImages, scale: share(1 - settings.text_share), to: &u)
        return u
    }
}
