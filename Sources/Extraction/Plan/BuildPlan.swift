internal import Archives
internal import CLIP
internal import Core
internal import FeatureStore
internal import Images
internal import Kernels
internal import Splits

/// The decisions of a build before it encodes anything.
struct BuildPlan: Sendable {
    let split: SplitFile
    let model: CLIPModel
    let precision: Precision
    let preprocessing: Preprocessing
    /// The subsets of the split that have items.
    var parts: [PlannedPart]
    let text: PlannedText
    /// The number of values D per feature.
    var width: Int { model.architecture.embeddingWidth }
    /// The folder to which the items' paths are relative.
    let imageFolder: String
    /// The images in the folder.
    let images: ItemSource
    var notes: [String] = []

    var itemCount: Int { parts.reduce(0) { $0 + $1.items.count } }

    /// Reads the split, the model's header, the vocabulary and the prompts, but no image.
    init(_ build: FeatureBuild) throws(Fault) {
        try build.check()
        split = try SplitFile(path: build.split, dataset: build.dataset)
        model = try CLIPModel(path: build.model, activation: build.activation)
        precision = try build.precision.resolved()
        preprocessing = try model.preprocessing(augmentation: build.augmentation, passes: build.passes)
        let root = split.split.root
        imageFolder = root == "." ? build.root : "\(build.root)/\(root)"
        images = ItemSource(folder: imageFolder)
        let identity = try BuildIdentity(build, split.split, model, precision, preprocessing)
        text = try Self.text(build, split.split, model, identity)
        parts = try Self.parts(build, split, identity)
        guard !parts.isEmpty else {
            throw .badData(
                build.split, found: "no item in any subset", expected: "images", remedy: "name another split")
        }
        notes = text.notes
        // Too low a memory limit is reported before anything is encoded. No tower's batches exceed eight images.
        _ = try MemoryPlan(build, model, items: itemCount, batchSize: 8)
    }

    private static func text(
        _ build: FeatureBuild, _ split: Split, _ model: CLIPModel, _ identity: BuildIdentity
    ) throws(Fault) -> PlannedText {
        let prompts = try split.prompts(build.prompts.joined(separator: "+"))
        let tokenizer: any TextTokenizer
        do throws(Fault) { tokenizer = try model.tokenizer(vocabulary: build.vocabulary) } catch {
            guard build.vocabulary == nil, error.status == .noInput else { throw error }
            throw Fault(
                .noInput, error.subject, found: error.found, expected: error.expected,
                remedy: "name the model's vocabulary with \(option: "vocabulary")")
        }
        return try PlannedText(
            prompts, tokenizer, context: model.architecture.contextLength, truncates: build.truncates,
            provenance: identity.text(prompts, tokenizer, truncates: build.truncates))
    }

    private static func parts(
        _ build: FeatureBuild, _ file: SplitFile, _ identity: BuildIdentity
    ) throws(Fault) -> [PlannedPart] {
        let split = file.split
        let union = try build.samples.map { samples throws(Fault) in
            guard split.sample == nil else {
                throw .badData(
                    build.split, found: "a split that is a few-shot sample itself",
                    expected: "a whole split to sample from",
                    remedy: "leave out \(option: "shots"), or name the split that it was sampled from")
            }
            return try UnionOfSamples(samples, split, subject: build.split)
        }
        var parts: [PlannedPart] = []
        var firstRow = 0
        for part in Subset.allCases where !split[part].isEmpty {
            let whole = part == .train ? union?.train : part == .val ? union?.val : nil
            let items = whole.map { split[part].selecting($0.rows.map(Int.init)) } ?? split[part]
            guard !items.isEmpty else { continue }
            var planned = PlannedPart(
                part, items, whole: whole, views: part == .train ? build.views + 1 : 1,
                provenance: identity.part(part, split, isSelection: whole != nil))
            planned.firstRow = firstRow
            firstRow = planned.rows.upperBound
            parts.append(planned)
        }
        return parts
    }
}

extension FeatureBuild {
    /// Checks the settings for contradictions.
    func check() throws(Fault) {
        guard (0 ... 10_000).contains(settings.views) else {
            throw .configuration(option: "views", found: "\(settings.views)", expected: "0 to 10000")
        }
        guard settings.maximumSkipped >= 0 else {
            throw .configuration(option: "skip_bad", found: "\(settings.maximumSkipped)", expected: "0 or more")
        }
        guard !(extends && replaces) else {
            throw .configuration(
                option: "extend", found: "a request to replace as well", expected: "one of them",
                remedy: "extend the existing features, or replace them")
        }
        if let samples = settings.samples,
            samples.shots.isEmpty || samples.seeds.isEmpty || !samples.shots.allSatisfy({ $0 > 0 })
        {
            throw .configuration(
                option: "shots", found: "no sample", expected: "numbers from 1, and seeds")
        }
        guard try FileKind.found(at: settings.root) == .folder else {
            throw Fault(
                .noInput, settings.root,
                found: try FileKind.found(at: settings.root) == .absent ? "no such folder" : "no folder",
                expected: "the data root", remedy: "check \(option: "root")")
        }
        switch try FileKind.found(at: output) {
        case .absent, .folder: break
        case .file, .other:
            throw Fault(.cannotCreate, output, found: "a file", expected: "a folder", remedy: "choose another output")
        }
    }
}
