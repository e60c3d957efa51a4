package import Core
package import Kernels

/// Zero-shot CLIP's logits `σ·v·Tᵀ`.
package struct TextTerm: LogitTerm {
    package let embeddings: Matrix  // T: the class embeddings, unit rows [C×D]
    package let scale: Float  // σ

    /// Takes class embeddings [C×D] and the model's logit scale.
    init(_ embeddings: Matrix, scale: Float) {
        self.embeddings = embeddings
        self.scale = scale
    }

    package var classCount: Int { embeddings.rows }
    package var width: Int? { embeddings.columns }
    package var tensors: [String: Matrix] { ["text": embeddings] }
    package var numbers: [String: Float] { ["logit_scale": scale] }

    package init?(from stored: StoredTensors) throws(Fault) {
        guard let text = try stored.matrix("text", rows: stored.classCount) else { return nil }
        self.init(text, scale: stored.numbers["logit_scale"] ?? ClassText.defaultLogitScale)
    }

    package func add(_ queries: Queries, to logits: inout Matrix) {
        Kernels.add(queries.similarities(to: embeddings), scale: scale, to: &logits)
    }

    package func restricted(to classes: [Int]) -> TextTerm { TextTerm(embeddings.rows(at: classes), scale: scale) }

    package func add(to layer: inout LinearLayer) -> Bool {
        Kernels.add(embeddings, scale: scale, to: &layer.weights)
        return true
    }
}
