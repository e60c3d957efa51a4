internal import Core
internal import TensorFiles

/// One file of weights in any of the supported formats.
///
/// A class, because a mapped file has one owner and all tensors of the file share it.
final class WeightFile: @unchecked Sendable {  // read-only after init
    private enum Format: ~Copyable {
        case safetensors(SafetensorsFile)
        case torch(TorchFile)
    }

    let path: String
    let names: [String]
    private let format: Format

    /// Opens the file at `path`: a `.safetensors` file by its suffix, otherwise a file of `torch.save` or
    /// `torch.jit.save`.
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

    /// The elements of a tensor, or of the rows `rows` of its first axis, widened to `Float`.
    ///
    /// They are a copy, so the file's pages return to the page cache: a process keeps only the packed weights of a
    /// model.
    func floats(_ name: String, rows: Range<Int>? = nil) throws(Fault) -> [Float] {
        defer { releasePages() }
        switch format {
        case .safetensors(let file):
            let tensor = try file.tensor(name)
            return rows.map { tensor.rows($0).floats() } ?? tensor.floats()
        case .torch(let file):
            let tensor = try file.tensor(name)
            return rows.map { tensor.view.rows($0).floats() } ?? tensor.view.floats()
        }
    }

    private func releasePages() {
        switch format {
        case .safetensors(let file): file.releasePages()
        case .torch(let file): file.releasePages()
        }
    }
}
