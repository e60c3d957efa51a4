public import Core
internal import Kernels

/// The weights of a CLIP, opened and checked: every tensor that its architecture needs is there, in its shape.
///
/// A `.safetensors` file is mapped, so that opening costs little and a tower that is not used is never read.
public final class ModelWeights: Sendable {
    public let architecture: Architecture
    /// The file or folder as the user named it.
    public let path: String
    /// Where the activation is from: `config.json`, `open_clip_config.json` or `argument`.
    public let activationSource: String
    let stored: StoredWeights

    /// Opens the weights at `path`.
    ///
    /// That is a `.safetensors` file, a `.pt` of plain tensors or of a TorchScript module such as OpenAI's own, with
    /// OpenAI's names or transformers', or a folder of such with its configuration. `activation` overrides the configuration, and is needed where there is none: the
    /// weights do not show it, and the wrong one gives features that look right and are not.
    ///
    /// - Throws: `noInput` without weights, `configuration` without activation, `badData` for weights of another model.
    public init(path: String, activation: Activation? = nil) throws(Fault) {
        let found = try ModelFiles.find(path)
        var files: [WeightFile] = []
        for file in found.paths { files.append(try WeightFile(path: file)) }
        let stored = try StoredWeights(files, path: path)
        var configuration = try ModelConfiguration(folder: found.folder, naming: stored.naming)
        if let activation { configuration.use(activation) }
        let architecture = try ArchitectureReading(weights: stored, configuration: configuration).architecture()
        try WeightTable(architecture).check(stored)
        self.architecture = architecture
        self.path = path
        self.activationSource = configuration.source ?? "argument"
        self.stored = stored
    }

    /// The SHA-256 of what the weights are: names, shapes and values, however they are named and stored.
    ///
    /// The same model in OpenAI's names and in transformers', in one file or several, has one digest; so has one stored
    /// in float16 and its copy in float32. The logits' scale does not count, as no feature depends on it.
    public func contentDigest() throws(Fault) -> Digest {
        let names = stored.entries.keys.sorted()
        let digests = Collected<Digest>(count: names.count)
        Parallel.forEach(names.count) { index in
            digests.set(index) { () throws(Fault) in
                let values = try stored.floats(names[index])
                return unsafe Digest(of: values.span.bytes)
            }
        }
        var text = ""
        for (name, digest) in zip(names, try digests.values()) {
            text += "\(name) \(stored.entries[name]?.shape ?? []) \(digest)\n"
        }
        return Digest(of: text)
    }
}
