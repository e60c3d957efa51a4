public import Core
internal import Kernels
internal import TensorFiles

/// The description of an exported linear layer.
public struct FusedExport: Codable, Sendable, Equatable {
    /// The name of the method that fitted it.
    public var method: String
    /// The number of classes C.
    public var classes: Int
    /// The width D of the features.
    public var width: Int
    /// The kind of features that it reads: `unit` rows, or `raw` ones as the encoder gives them.
    public var features: String
}

extension FittedAdapter {
    /// Writes `weight` [C×D] and `bias` [C] with `logits = features·weightᵀ + bias`, as PyTorch's linear layer has
    /// them.
    ///
    /// - Throws: `badData` for an adapter that is not linear in the features, `cannotCreate` if another file is there.
    public func exportFused(to path: String, replacing: Bool = false) throws(Fault) -> FusedExport {
        guard let fused = classifier.fused else {
            throw .badData(
                source, found: "\(method), which compares with keys or bends features",
                expected: "a method that is linear in the feature",
                remedy: "load its adapter.safetensors instead, in Python with fewshot.load")
        }
        if !replacing, try FileKind.found(at: path) != .absent {
            throw Fault(
                .cannotCreate, path, found: "a file", expected: "no file",
                remedy: "name another, or give \(option: "replace")")
        }
        let summary = FusedExport(
            method: method, classes: classifier.classCount, width: classifier.width,
            features: classifier.featureKind)
        let metadata = [
            "format": "fewshot-fused", "version": "1", "method": method, "features": summary.features,
            "classes": JSONDocument.line(classes),
        ]
        let tensors = [
            "weight": fused.weights.tensor, "bias": Tensor(fused.bias, shape: [fused.bias.count]),
        ]
        try writeSafetensors(tensors, metadata: metadata, to: path)
        return summary
    }
}
