public import Core
internal import FoundationEssentials
public import Kernels
package import TensorFiles

/// A fitted classifier with the names of its classes: the content of `adapter.safetensors`.
public struct FittedAdapter: Sendable {
    /// The fitted classifier.
    public let classifier: Classifier
    /// The name of each class.
    public let classes: [String]
    /// The name of the method that fitted it.
    public let method: String
    /// Fitted tensors by name, beside those that inference needs; saved for the record, and not read again.
    public var trained: [(name: String, matrix: Matrix)] = []
    /// The adapter's name in error messages.
    public var source: String

    /// Takes a classifier and the names of its classes in order.
    public init(_ classifier: Classifier, classes: [String], method: String) {
        precondition(classes.count == classifier.classCount, "\(classes.count) of \(classifier.classCount) class names")
        self.classifier = classifier
        self.classes = classes
        self.method = method
        source = "the \(method) adapter"
    }

    /// Writes the adapter to a `.safetensors` file and replaces what is there.
    ///
    /// - Throws: `cannotCreate` if the file cannot be written.
    public func write(to path: String) throws(Fault) {
        var tensors = classifier.tensors.mapValues(\.tensor)
        for (name, matrix) in trained {
            let tensor = matrix.tensor
            // A fitted tensor that inference uses unchanged is saved once.
            if tensors[name]?.bytes != tensor.bytes { tensors["trained.\(name)"] = tensor }
        }
        var metadata = ["format": Self.format, "version": Self.version, "method": method]
        metadata["class_count"] = "\(classifier.classCount)"
        metadata["classes"] = JSONDocument.line(classes)
        metadata["features"] = classifier.featureKind
        for (name, number) in classifier.numbers { metadata[name] = "\(number)" }
        metadata["digest"] = contentDigest(of: tensors, besides: JSONDocument.line(metadata)).description
        try writeSafetensors(tensors, metadata: metadata, to: path)
    }

    /// Reads an adapter that ``write(to:)`` wrote.
    ///
    /// - Throws: `noInput` if there is no such file, `badData` if it is damaged or no adapter.
    public init(path: String) throws(Fault) {
        let file = try SafetensorsFile(path: path)
        let metadata = file.metadata
        guard metadata["format"] == Self.format, metadata["version"] == Self.version, let names = metadata["classes"],
            let method = metadata["method"]
        else {
            throw .badData(
                path, found: "no adapter of this project", expected: "format fewshot-adapter, version 1",
                remedy: "name a run that fewshot-train has written")
        }
        try Self.requireDigest(file)
        let classes = try JSONDocument.decode(
            [String].self, from: .init(names.utf8), path: path, expected: "a list of class names")
        let classifier = try Classifier(
            tensors: Self.tensors(of: file), numbers: metadata.compactMapValues { Float($0) },
            readsRaw: metadata["features"] == "raw", classCount: classes.count, file: path)
        self.init(classifier, classes: classes, method: method)
        source = path
    }

    private static let format = "fewshot-adapter"
    private static let version = "1"

    private static func requireDigest(_ file: borrowing SafetensorsFile) throws(Fault) {
        var metadata = file.metadata
        let digest = metadata.removeValue(forKey: "digest")
        guard digest == (try file.contentDigest(besides: JSONDocument.line(metadata))).description else {
            throw .badData(
                file.path, found: "other content than its digest says", expected: "the adapter as it was written",
                remedy: "copy it again, or train the run again with --replace")
        }
    }

    /// The tensors that inference needs.
    private static func tensors(of file: borrowing SafetensorsFile) throws(Fault) -> [String: Matrix] {
        var tensors: [String: Matrix] = [:]
        for name in file.names where !name.hasPrefix("trained.") {
            let tensor = try file.tensor(name)
            guard tensor.shape.count == 2, tensor.type == .float32 else {
                throw .badData(
                    file.path, found: "\(name) of shape \(tensor.shape) and type \(tensor.type.rawValue)",
                    expected: "two axes of float32", remedy: "train the run again")
            }
            tensors[name] = Matrix(tensor.floats(), rows: tensor.shape[0], columns: tensor.shape[1])
        }
        guard tensors.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
            throw .badData(
                file.path, found: "a value that is not finite", expected: "finite tensors", remedy: "train again")
        }
        return tensors
    }
}

extension Classifier {
    /// The kind of features that it reads, as files spell it.
    var featureKind: String { readsRaw ? "raw" : "unit" }
}

extension Matrix {
    /// The matrix as a tensor [rows×columns].
    package var tensor: Tensor { Tensor(elements, shape: [rows, columns]) }
}
