internal import Adapter
internal import Core
internal import Foundation
internal import Reporting
internal import Scheduling
internal import Studies
internal import TensorFiles

/// The targets of settings, adapters, records and results.
let studyTargets: [Target] = [
    Target("settings") { input, scratch throws(Fault) in
        let file = try SettingsFile(path: scratch.write(input, "config.yaml"))
        for method in methods { try tolerating { () throws(Fault) in try lay(file.settings, over: method) } }
    },
    Target("study") { input, scratch throws(Fault) in
        let file = try StudyFile(path: scratch.write(input, "study.yaml"))
        var study = Study(features: [], output: "runs", methods: [])
        try file.lay(over: &study)
    },
    Target("adapter", seeds: { scratch throws(Fault) in try adapterSeeds(scratch) }) { input, scratch throws(Fault) in
        let saved = try SavedRun(path: scratch.write(sealedAdapter(input, scratch), "adapter.safetensors"))
        precondition(saved.adapter.classes.count == saved.adapter.classifier.classCount)
    },
    Target("results", seeds: { scratch throws(Fault) in [("results", try TinyRun.made(scratch).results)] }) {
        input, scratch throws(Fault) in
        try report(scratch.write(input, "results.jsonl"))
    },
    // The first byte chooses a file of a finished run; its digest is corrected.
    Target("run", seeds: { scratch throws(Fault) in try TinyRun.made(scratch).seeds }) { input, scratch throws(Fault) in
        guard let first = input.first else { return }
        let run = try TinyRun.made(scratch)
        let name = TinyRun.files[Int(first) % TinyRun.files.count]
        defer { run.restore(scratch) }
        run.replace(name, Array(input.dropFirst()), scratch)
        try tolerating { () throws(Fault) in _ = try RunFolder("\(run.path(scratch))").record() }
        try report(scratch.file("\(TinyRun.output)/results.jsonl"))
    },
    Target("numbers") { input, _ throws(Fault) in
        let text = String(decoding: input, as: UTF8.self)
        if let expression = IndexExpression(text) {
            precondition(IndexExpression(expression.description) == expression || expression.indices.isEmpty)
        }
        try tolerating { () throws(Fault) in let _: [UInt64] = try parseNumbers(text, of: "--seeds") }
        try tolerating { () throws(Fault) in let _: [Int] = try parseNumbers(text, of: "--seeds") }
        try tolerating { () throws(Fault) in _ = try Shots.list(text) }
        let task = try ArrayTask(environment: ["SLURM_ARRAY_TASK_ID": text])
        _ = task?.shards(of: 100, perTask: 7)
    },
]

private func lay(_ settings: [String: SettingValue], over method: (some AdapterMethod).Type) throws(Fault) {
    let names = Set(method.Settings.names)
    _ = try method.Settings(overlaying: settings.filter { names.contains($0.key) }, method: method.name)
}

private func report(_ path: String) throws(Fault) {
    let results = try ResultSet(reading: [path])
    for format in [TableFormat.text, .markdown, .latex, .csv] { _ = results.written(as: format) }
    _ = try results.page()
}

/// An adapter file with the correct digest of its content, if the file can be read.
private func sealedAdapter(_ input: [UInt8], _ scratch: Scratch) -> [UInt8] {
    var bytes = input
    let key = Array(#""digest":""#.utf8)
    guard let file = try? SafetensorsFile(path: scratch.write(input, "unsealed.safetensors")),
        let place = bytes.firstRange(of: key)?.upperBound, place + 64 < bytes.count
    else { return bytes }
    var described = file.metadata
    described["digest"] = nil
    var hasher = Digest.Hasher()
    func hash(_ text: String, _ hasher: inout Digest.Hasher) {
        unsafe hasher.update((Array(text.utf8) + [0]).span.bytes)
    }
    hash(JSONDocument.line(described), &hasher)
    for name in file.names {
        guard let tensor = try? file.tensor(name) else { return bytes }
        hash("\(name) \(tensor.type.rawValue) \(tensor.shape)", &hasher)
        hasher.update(tensor.bytes)
    }
    bytes.replaceSubrange(place ..< place + 64, with: hasher.finish().description.utf8)
    return bytes
}

/// A study of a few steps on the small features of the tests, run once.
struct TinyRun: Sendable {
    static let output = "tiny-runs"
    static let files = ["run.json", "steps.jsonl", "classes.json"]
    private static let only = Made { scratch throws(Fault) in try TinyRun(scratch) }

    let results: [UInt8]
    private let run: String
    private let contents: [String: [UInt8]]

    static func made(_ scratch: Scratch) throws(Fault) -> TinyRun { try only.value(in: scratch) }

    private init(_ scratch: Scratch) throws(Fault) {
        scratch.remove(Self.output)
        run = try Self.study(scratch, [TipAdapterF.self]).run().map(\.run).joined()
        results = scratch.bytes("\(Self.output)/results.jsonl")
        let folder = "\(Self.output)/\(run)"
        contents = Dictionary(uniqueKeysWithValues: Self.files.map { ($0, scratch.bytes("\(folder)/\($0)")) })
        precondition(contents.values.allSatisfy { !$0.isEmpty }, "the run has not its files")
    }

    func path(_ scratch: Scratch) -> String { scratch.file("\(Self.output)/\(run)") }

    var seeds: [(name: String, bytes: [UInt8])] {
        Self.files.enumerated().map { place, name in (name, [UInt8(place)] + (contents[name] ?? [])) }
    }

    func restore(_ scratch: Scratch) {
        for (name, bytes) in contents { scratch.write(bytes, "\(Self.output)/\(run)/\(name)") }
    }

    /// Replaces a file by `bytes`, and corrects the digests of the record.
    func replace(_ name: String, _ bytes: [UInt8], _ scratch: Scratch) {
        let folder = "\(Self.output)/\(run)"
        scratch.write(bytes, "\(folder)/\(name)")
        let record = name == "run.json" ? bytes : contents["run.json"] ?? []
        guard var object = try? JSONSerialization.jsonObject(with: Data(record)) as? [String: Any] else { return }
        if name != "run.json", var digests = object["files"] as? [String: String] {
            digests[name] = Digest(of: String(decoding: bytes, as: UTF8.self)).description
            object["files"] = digests
        }
        object["digest"] = nil
        guard let bare = try? JSONSerialization.data(withJSONObject: object),
            let read = try? JSONDecoder().decode(RunRecord.self, from: bare)
        else { return }
        object["digest"] = Digest(of: JSONDocument.line(read)).description
        guard let sealed = try? JSONSerialization.data(withJSONObject: object) else { return }
        scratch.write(Array(sealed), "\(folder)/run.json")
    }

    static func study(_ scratch: Scratch, _ methods: [any AdapterMethod.Type]) throws(Fault) -> Study {
        let features = scratch.file("tiny-features")
        try SmallFeatures().write(to: features)
        return smallStudy(features, scratch.file(output), methods)
    }
}

/// One adapter per method.
private func adapterSeeds(_ scratch: Scratch) throws(Fault) -> [(name: String, bytes: [UInt8])] {
    scratch.remove(TinyRun.output)
    let lines = try TinyRun.study(scratch, methods).run()
    defer { scratch.remove(TinyRun.output) }
    return lines.map { line in (line.method, scratch.bytes("\(TinyRun.output)/\(line.run)/adapter.safetensors")) }
}
