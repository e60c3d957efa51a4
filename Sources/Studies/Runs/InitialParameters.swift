internal import Adapter
internal import Core
internal import Kernels
internal import TensorFiles

/// Initial parameters by name, from a `.safetensors` file.
struct InitialParameters: Sendable {
    private let path: String
    private let tensors: [String: Matrix]
    let digest: Digest

    init(path: String) throws(Fault) {
        let file = try SafetensorsFile(path: path)
        var tensors: [String: Matrix] = [:]
        for name in file.names {
            let tensor = try file.tensor(name)
            guard tensor.shape.count == 2 else {
                throw .badData(
                    path, found: "\(name) of shape \(tensor.shape)", expected: "two axes", remedy: "save it as a matrix"
                )
            }
            tensors[name] = Matrix(tensor.floats(), rows: tensor.shape[0], columns: tensor.shape[1])
        }
        self.path = path
        self.tensors = tensors
        digest = try file.contentDigest(besides: "")
    }

    /// Replaces the tensors of `start` by those of the same names in the file.
    func laid<Parameters: ParameterSet>(over start: Parameters) throws(Fault) -> Parameters {
        var parameters = start
        let known = start.tensors()
        for name in tensors.keys.sorted() where !known.contains(where: { $0.name == name }) {
            throw .badData(
                path, found: "a tensor '\(name)'", expected: "\(known.map(\.name).joined(separator: ", "))",
                remedy: "name the tensors as the method does")
        }
        for tensor in known {
            guard let given = tensors[tensor.name] else { continue }
            let own = start[keyPath: tensor.path]
            guard given.rows == own.rows, given.columns == own.columns else {
                throw .badData(
                    path, found: "\(tensor.name) [\(given.rows)×\(given.columns)]",
                    expected: "[\(own.rows)×\(own.columns)]", remedy: "give one that fits the features")
            }
            parameters[keyPath: tensor.path] = given
        }
        return parameters
    }
}
