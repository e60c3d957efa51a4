public import Core
public import Kernels

/// Zero-shot CLIP's logits `σ·v·Tᵀ`.
public struct TextTerm: LogitTerm {
    /// T: the class embeddings, unit rows [C×D].
    public var embeddings: Matrix
    /// σ.
    public var scale: Float

    /// Takes class embeddings [C×D] and the model's logit scale.
    public init(_ embeddings: Matrix, scale: Float) {
        self.embeddings = embeddings
        self.scale = scale
    }

    var classCount: Int { embeddings.rows }

    public var width: Int? { embeddings.columns }
    public var tensors: [String: Matrix] { ["text": embeddings] }
    public var numbers: [String: Float] { ["logit_scale": scale] }

    public init?(from stored: StoredTensors) throws(Fault) {
        guard let text = try stored.matrix("text", rows: stored.classCount) else { return nil }
        self.init(text, scale: stored.numbers["logit_scale"] ?? ClassText.defaultLogitScale)
    }

    public func add(_ queries: Queries, to logits: inout Matrix) {
        Kernels.add(queries.similarities(to: embeddings), scale: scale, to: &logits)
    }

    public func restricted(to classes: [Int]) -> TextTerm { TextTerm(embeddings.rows(at: classes), scale: scale) }

    public func add(to layer: inout LinearLayer) -> Bool {
        Kernels.add(embeddings, scale: scale, to: &layer.weights)
        return true
    }
}
