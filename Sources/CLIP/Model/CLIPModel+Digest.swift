public import Core
internal import Kernels
internal import Synchronization

extension CLIPModel {
    /// The SHA-256 of the weights' content: names, shapes and values, in whichever layout and files they are stored.
    ///
    /// The same model in OpenAI's layout and in transformers', in one file or several, in float16 or widened to
    /// float32, has one digest. The logit scale does not count, as no feature depends on it.
    public func contentDigest() throws(Fault) -> Digest {
        let tensors = digestTensors.sorted { $0.stored < $1.stored }
        let results = Mutex([Int: Result<Digest, Fault>]())
        Parallel.forEach(tensors.count) { index in
            let tensor = tensors[index]
            let result = Result { () throws(Fault) in
                let values = try weights.floats(tensor.tensors, isTransposed: tensor.isTransposed)
                return unsafe Digest(of: values.span.bytes)
            }
            results.withLock { $0[index] = result }
        }
        let digests = results.withLock { $0 }
        let shapes = architecture.tensors.shapes
        var text = ""
        for (index, tensor) in tensors.enumerated() {
            guard var shape = shapes[tensor.tensors[0]], let digest = try digests[index]?.get() else { continue }
            shape[0] *= tensor.tensors.count
            text += "\(tensor.stored) \(tensor.isTransposed ? shape.reversed() : shape) \(digest)\n"
        }
        return Digest(of: text)
    }

    /// All tensors under the names and in the shapes that the digest uses.
    private var digestTensors: some Collection<TensorLayout.Rule> {
        var matches: [String: TensorLayout.Rule] = [:]
        for name in architecture.tensors.shapes.keys {
            let match = SupportedModels.digestLayouts.lazy.compactMap { $0.match(name) }.first
            matches[match?.stored ?? name] = match ?? .init(stored: name, tensors: [name])
        }
        return matches.values
    }
}
