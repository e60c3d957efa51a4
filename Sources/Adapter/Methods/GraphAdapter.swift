public import Core
package import Kernels

/// GraphAdapter: class texts with a residual from their neighbors among the classes' texts and images.
///
///     o_cq = tanh(n_cq·W + b_c)     u = η·t0 + (1 − η)·¼Σ_q(0.7·o_cq of texts + 0.3·o_cq of images)
///     t = norm(u)    z = σ·f·tᵀ
///
/// The classes are divided into four blocks q, with every fourth class in one block. n_cq [D] is the result of one
/// graph convolution at the text of class c over itself and the texts (or mean images) of block q. Only W [D×D] and
/// b [C×D] of each graph are trained, so n is computed once. Li et al., NeurIPS 2023; `baseclip_graph_v1.py`. The paper
/// trains 100 epochs with Adam at 1e-3 and a cosine. Decay and warm-up are the usual ones of Dassl, on which the file
/// depends, and the batch is TaskRes's.
public struct GraphAdapter: TrainedMethod {
    /// The published shares, and the paper's training.
    public struct Settings: TrainingSettings {
        /// η: the share of the class texts.
        public var eta: Float = 0.7
        /// The share of the text graph against the image graph.
        public var text_share: Float = 0.7
        /// The length of prompts that were given as unit rows; OpenAI's encoders give about 10.
        public var text_length: Float = 10
        /// The base learning rate.
        public var lr: Float = 1e-3
        /// The learning rate over the course of training.
        public var lr_schedule = RateSchedule.dassl
        /// The number of epochs.
        public var epochs = 100
        /// Items per step.
        public var batch_size = 256
        /// The decay added to the gradient.
        public var weight_decay: Float = 5e-4
        /// The defaults.
        public init() {}
    }

    package struct Parameters: ParameterSet {
        package var textWeight: Matrix  // W [D×D]
        var textBias: Matrix  // b [C×D]
        package var imageWeight: Matrix
        var imageBias: Matrix

        package func tensors() -> [ParameterTensor<Self>] {
            [
                ParameterTensor("text_weight", \.textWeight), ParameterTensor("text_bias", \.textBias),
                ParameterTensor("image_weight", \.imageWeight), ParameterTensor("image_bias", \.imageBias),
            ]
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "graph-adapter", summary: "class texts with a residual from their neighbours among texts and images",
        epoch: .lastEpoch, readsImageLengths: true, readsTextLengths: true, readsClassOrder: true)
    package var schedule: Schedule {
        settings.schedule(.adam(Adam(weightDecay: settings.weight_decay)), rate: settings.lr_schedule.schedule)
    }

    private let settings: Settings
    private let base: Matrix  // t0 [C×D]
    private let logitScale: Float  // σ
    private let texts: ClassGraph
    private let images: ClassGraph

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        self.settings = settings
        let text = try Self.requiredText(task)
        base = text.rawMeans(length: settings.text_length)
        logitScale = text.logitScale
        let support = try task.requiredSupport(Self.name)
        var (means, counts) = classMeans(try support.rawMeans(), labels: support.labels, classCount: support.classCount)
        // The image node of a class without items is its text.
        for (c, count) in counts.enumerated() where count == 0 {
            for d in 0 ..< means.columns { means[c, d] = base[c, d] }
        }
        texts = ClassGraph(of: base, neighbors: base)
        images = ClassGraph(of: base, neighbors: means)
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        let width = base.columns
        let bias = Matrix.zeros(base.rows, width)
        return Parameters(
            textWeight: uniformLayer(width, width, using: &generator), textBias: bias,
            imageWeight: uniformLayer(width, width, using: &generator), imageBias: bias)
    }

    package func classifier(_ p: Parameters) -> Classifier {
        let u = mixed(texts.outputs(p.textWeight, p.textBias), images.outputs(p.imageWeight, p.imageBias))
        return Classifier(TextTerm(normalizeRows(u).unit, scale: logitScale))
    }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        let f = batch.features
        let ofTexts = texts.outputs(p.textWeight, p.textBias)  // [4C×D]
        let ofImages = images.outputs(p.imageWeight, p.imageBias)
        let (t, norms) = normalizeRows(mixed(ofTexts, ofImages))
        var z = product(f, t, transposingB: true, scale: logitScale)
        let value = crossEntropyGradient(&z, labels: batch.labels)

        var du = product(z, f, transposingA: true, scale: logitScale)
        normalizeRowsGradient(&du, unit: t, norms: norms)
        let dTexts = texts.gradient(du, scale: share(settings.text_share), outputs: ofTexts)
        let dImages = images.gradient(du, scale: share(1 - settings.text_share), outputs: ofImages)
        return Loss(
            value,
            gradient: [
                "text_weight": dTexts.weight, "text_bias": .matrix(dTexts.bias), "image_weight": dImages.weight,
                "image_bias": .matrix(dImages.bias),
            ])
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
