internal import Adapter
package import Core
internal import Foundation
internal import Kernels
internal import TensorFiles

/// `run.json`: what a run was, and what came of it.
package struct RunRecord: Codable, Sendable {
    var format = "fewshot-run"
    var version = 1
    /// What decided the run's files.
    package var identity: Provenance
    /// How the features came to be that it was trained on, or tested on where nothing was trained.
    package var features: Provenance?
    package var result: ResultLine
    var scores: Scores?
    /// `10 of 20 epochs` where fewer views than epochs were stored.
    package var views: String?
    /// What computed it; results may differ in the last bits between such.
    package var arithmetic: String
    package var notes: [String]
    /// The SHA-256 of the run's other files, by name.
    package var files: [String: Digest] = [:]
    /// The SHA-256 of all of the above, so that a changed digit is not taken for a result.
    var digest: Digest?

    /// The digest that the record should have.
    var contentDigest: Digest {
        var bare = self
        bare.digest = nil
        return Digest(of: JSONDocument.line(bare))
    }
}

/// The folder of one run: `adapter.safetensors`, `steps.jsonl`, `classes.json`, and `run.json`, written last.
package struct RunFolder: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    /// The record of a finished run; nil where none is.
    package func record() throws(Fault) -> RunRecord? {
        let file = "\(path)/run.json"
        guard case .file = try FileKind.found(at: file) else { return nil }
        let record = try Self.withRemedy { () throws(Fault) in
            try JSONDocument.read(RunRecord.self, from: file, expected: "the record of a run")
        }
        guard record.format == "fewshot-run", record.version == 1 else {
            throw .badData(
                file, found: "format '\(record.format)' version \(record.version)", expected: "fewshot-run version 1",
                remedy: "read it with the version of this tool that wrote it")
        }
        guard record.digest == record.contentDigest else {
            throw .badData(
                file, found: "other content than its digest says", expected: "the record as it was written",
                remedy: Self.remedy)
        }
        return record
    }

    private static let remedy = "train the run again with --replace"

    /// Runs `body`; a damaged or missing file gets a remedy that helps.
    private static func withRemedy<Value>(_ body: () throws(Fault) -> Value) throws(Fault) -> Value {
        do throws(Fault) { return try body() } catch {
            throw error.isAboutContent ? error.with(remedy: remedy) : error
        }
    }

    /// Makes sure that the run's files are those of `record`.
    func verify(_ record: RunRecord) throws(Fault) {
        for (name, digest) in record.files.sorted(by: { $0.key < $1.key }) {
            let file = "\(path)/\(name)"
            let found = try Self.withRemedy { () throws(Fault) in
                Digest(of: try MappedFile(path: file).bytes)
            }
            guard found != digest else { continue }
            throw .badData(
                file, found: "other content than run.json says", expected: "the file as it was written",
                remedy: Self.remedy)
        }
    }

    /// Writes the run's files, the record last: a folder with a record is whole.
    func publish(_ fitted: FittedRun, _ record: RunRecord, classes: [String]) throws(Fault) {
        try AdapterFile.write(fitted, method: record.result.method, classes: classes, to: "\(path)/adapter.safetensors")
        var written = ["adapter.safetensors"]
        if let log = fitted.log {
            try PublishedFile.publish(log.lines, to: "\(path)/steps.jsonl")
            written.append("steps.jsonl")
        }
        if let scores = fitted.classScores {
            try PublishedFile.publish(JSONDocument.line(scores) + "\n", to: "\(path)/classes.json")
            written.append("classes.json")
        }
        var record = record
        for name in written { record.files[name] = Digest(of: try MappedFile(path: "\(path)/\(name)").bytes) }
        record.digest = record.contentDigest
        try PublishedFile.publish(JSONDocument.page(record), to: "\(path)/run.json")
        removeFile("\(path)/checkpoint.safetensors")
    }
}

extension TrainingLog {
    /// A line a step, and a line an epoch after its steps.
    var lines: String {
        var lines: [String] = []
        var step = 0
        for epoch in epochs {
            while step < steps.count, steps[step].epoch <= epoch.epoch {
                lines.append(JSONDocument.line(steps[step]))
                step += 1
            }
            lines.append(JSONDocument.line(epoch))
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// `adapter.safetensors`: the tensors that inference needs, by name, and those that were fitted, as `trained.NAME`.
enum AdapterFile {
    static func write(_ fitted: FittedRun, method: String, classes: [String], to path: String) throws(Fault) {
        let classifier = fitted.classifier
        var tensors: [String: Tensor] = [:]
        for (name, matrix) in classifier.tensors { tensors[name] = matrix.tensor }
        for (name, matrix) in fitted.trained {
            // A fitted tensor that inference uses as it is stands there already.
            let tensor = matrix.tensor
            if tensors[name]?.bytes != tensor.bytes { tensors["trained.\(name)"] = tensor }
        }
        var metadata = ["format": "fewshot-adapter", "version": "1", "method": method]
        metadata["class_count"] = "\(classifier.classCount)"
        metadata["classes"] = JSONDocument.line(classes)
        metadata["features"] = classifier.readsRaw ? "raw" : "unit"
        for (name, number) in classifier.numbers { metadata[name] = "\(number)" }
        metadata["digest"] = contentDigest(of: tensors, besides: JSONDocument.line(metadata)).description
        try writeSafetensors(tensors, metadata: metadata, to: path)
    }

    /// Reads a classifier, and the names of its classes.
    static func read(_ path: String) throws(Fault) -> (classifier: Classifier, classes: [String], method: String) {
        let file = try SafetensorsFile(path: path)
        let metadata = file.metadata
        guard metadata["format"] == "fewshot-adapter", metadata["version"] == "1",
            let names = metadata["classes"], let method = metadata["method"]
        else {
            throw .badData(
                path, found: "no adapter of this project", expected: "format fewshot-adapter, version 1",
                remedy: "name a run that fewshot-train has written")
        }
        var described = metadata
        let digest = described.removeValue(forKey: "digest")
        guard digest == (try file.contentDigest(besides: JSONDocument.line(described))).description else {
            throw .badData(
                path, found: "other content than its digest says", expected: "the adapter as it was written",
                remedy: "copy it again, or train the run again with --replace")
        }
        let classes = try JSONDocument.decode(
            [String].self, from: .init(names.utf8), path: path, expected: "a list of class names")
        var tensors: [String: Matrix] = [:]
        for name in file.names where !name.hasPrefix("trained.") {
            let tensor = try file.tensor(name)
            guard tensor.shape.count == 2, tensor.type == .float32 else {
                throw .badData(
                    path, found: "\(name) of shape \(tensor.shape) and type \(tensor.type.rawValue)",
                    expected: "two axes of float32", remedy: "train the run again")
            }
            tensors[name] = Matrix(tensor.floats(), rows: tensor.shape[0], columns: tensor.shape[1])
        }
        guard tensors.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
            throw .badData(path, found: "a value that is not finite", expected: "finite tensors", remedy: "train again")
        }
        let classifier = try Classifier(
            tensors: tensors, numbers: metadata.compactMapValues { Float($0) },
            readsRaw: metadata["features"] == "raw", classCount: classes.count, file: path)
        return (classifier, classes, method)
    }
}

extension Matrix {
    /// The matrix as a tensor [rows×columns].
    var tensor: Tensor { Tensor(elements, shape: [rows, columns]) }
}
