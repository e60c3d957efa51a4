package import Adapter
package import Core
internal import TensorFiles

/// `run.json`: the settings and results of a run.
package struct RunRecord: Codable, Sendable {
    var format = "fewshot-run"
    var version = 1
    /// The inputs and settings that decided the run's files.
    package var identity: Provenance
    /// The provenance of the training features, or of the test features if nothing was trained.
    package var features: Provenance?
    package var result: ResultLine
    var scores: Scores?
    /// `10 of 20 epochs` if fewer views than epochs were stored.
    package var views: String?
    /// The arithmetic; results of different arithmetics may differ in the last bits.
    package var arithmetic: String
    package var notes: [String]
    /// The settings whose chosen value is at the end of its range; nil for none.
    package var search_ends: [SearchEnd]?
    /// The SHA-256 of the run's other files, by name.
    package var files: [String: Digest] = [:]
    /// The SHA-256 of all other fields, by which changes are detected.
    var digest: Digest?

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

    /// Whether there is a record of a finished run, which may be damaged.
    var hasRecord: Bool { FileKind(at: path.appending(path: "run.json")) != .absent }

    /// The record of a finished run; nil if there is none.
    package func record() throws(Fault) -> RunRecord? {
        let file = path.appending(path: "run.json")
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

    /// The remedy for a damaged or missing file of a run.
    package static let remedy: Remedy = "train the run again with \(option: "replace")"

    /// Runs `body`; a damaged or missing file gets the remedy.
    private static func withRemedy<Value>(_ body: () throws(Fault) -> Value) throws(Fault) -> Value {
        do throws(Fault) { return try body() } catch {
            throw error.isAboutContent ? error.with(remedy: remedy) : error
        }
    }

    /// Makes sure that the run's files are those of `record`.
    func verify(_ record: RunRecord) throws(Fault) {
        for (name, digest) in record.files.sorted(by: { $0.key < $1.key }) {
            let file = path.appending(path: name)
            let found = try Self.withRemedy { () throws(Fault) in Digest(of: try MappedFile(path: file).bytes) }
            guard found != digest else { continue }
            throw .badData(
                file, found: "other content than run.json says", expected: "the file as it was written",
                remedy: Self.remedy)
        }
    }

    /// Writes the run's files and then the record, so that a folder with a record is complete.
    func publish(_ fitted: FittedRun, _ record: RunRecord, classes: [String]) throws(Fault) {
        var adapter = FittedAdapter(fitted.classifier, classes: classes, method: record.result.method)
        adapter.trained = fitted.trained
        try adapter.write(to: path.appending(path: "adapter.safetensors"))
        // A training of no steps has no log.
        let texts = [
            "steps.jsonl": fitted.log.map(\.lines).flatMap { $0.isEmpty ? nil : $0 },
            "classes.json": fitted.classScores.map { JSONDocument.line($0) + "\n" },
        ].compactMapValues { $0 }
        for (name, text) in texts { try PublishedFile.publish(text, to: path.appending(path: name)) }
        var record = record
        for name in ["adapter.safetensors"] + texts.keys {
            record.files[name] = Digest(of: try MappedFile(path: path.appending(path: name)).bytes)
        }
        record.digest = record.contentDigest
        try PublishedFile.publish(JSONDocument.page(record), to: path.appending(path: "run.json"))
        removeFile(path.appending(path: "checkpoint.safetensors"))
    }
}

extension TrainingLog {
    /// One line per step, and one line per epoch after its steps.
    var lines: String {
        var rest = steps[...]
        return epochs.map { epoch in
            let own = rest.prefix { $0.epoch <= epoch.epoch }
            rest = rest[own.endIndex...]
            return own.map { JSONDocument.line($0) + "\n" }.joined() + JSONDocument.line(epoch) + "\n"
        }.joined()
    }
}
