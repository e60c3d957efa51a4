internal import Core
internal import TensorFiles

/// One file of weights, whichever its format.
///
/// A class because a mapped file can be held by one owner only, and a model may lie in several.
final class WeightFile: @unchecked Sendable {  // read-only after init
    private enum Format: ~Copyable {
        case safetensors(SafetensorsFile)
        case torch(TorchFile)
    }

    let path: String
    let names: [String]
    private let format: Format

    /// Opens the file at `path`, a `.safetensors` by its name or else one of `torch.save` or `torch.jit.save`.
    init(path: String) throws(Fault) {
        self.path = path
        if path.hasSuffix(".safetensors") {
            let file = try SafetensorsFile(path: path)
            names = file.names
            format = .safetensors(file)
        } else {
            let file = try TorchFile(path: path)
            names = file.names
            format = .torch(file)
        }
    }

    func description(of name: String) throws(Fault) -> TensorDescription {
        switch format {
        case .safetensors(let file): try file.description(of: name)
        case .torch(let file): try file.description(of: name)
        }
    }

    /// All elements of a tensor, widened to `Float`.
    ///
    /// They are a copy, so the file's pages go back to the page cache: what a process holds of a model is what it packs.
    func floats(_ name: String) throws(Fault) -> [Float] {
        defer { releasePages() }
        return switch format {
        case .safetensors(let file): try file.tensor(name).floats()
        case .torch(let file): try file.tensor(name).view.floats()
        }
    }

    private func releasePages() {
        switch format {
        case .safetensors(let file): file.releasePages()
        case .torch(let file): file.releasePages()
        }
    }
}
