internal import Archives
internal import CLIP
internal import Core
internal import FeatureStore
internal import Images
internal import Kernels
internal import Splits

/// A build whose split, model and prompts are read and checked, before anything is encoded.
struct ResolvedBuild: Sendable {
    var build: FeatureBuild
    let split: SplitFile
    let model: CLIPModel
    let precision: Precision
    let preprocessing: Preprocessing
    /// The subsets of the split that have items, in order, with consecutive rows.
    private(set) var subsets: [ResolvedSubset] = []
    let text: ResolvedText
    /// The folder to which the items' paths are relative.
    let imageFolder: String
    let images: ItemSource

    /// The number of values D per feature.
    var width: Int { model.architecture.embeddingWidth }
    /// The size in bytes of the features of a view or prompt.
    var rowBytes: Int { width * build.type.width }
    /// The size in bytes of an unfinished row of an image.
    var imageRowBytes: Int { rowBytes + ImageRow.checksumBytes }
    var itemCount: Int { subsets.reduce(0) { $0 + $1.items.count } }
    var viewCount: Int { subsets.reduce(0) { $0 + $1.rows.count } }

    /// The provenance of each feature file, by kind.
    var provenances: [String: Provenance] {
        var files = [FeatureFile.Kind.text.rawValue: text.provenance]
        for subset in subsets { files[subset.name.rawValue] = subset.provenance }
        return files
    }

    /// The kind of each feature file, and its numbers of items and views; of classes and prompts in a text file.
    var shapes: [(kind: FeatureFile.Kind, count: Int, views: Int)] {
        subsets.map { (kind: $0.kind, count: $0.items.count, views: $0.views) }
            + [(kind: .text, count: text.classes.count, views: text.promptCount)]
    }

    /// Reads the split, the model's header, the vocabulary and the prompts, but no image.
    init(_ build: FeatureBuild) throws(Fault) {
        try build.check()
        self.build = build
        split = try SplitFile(path: build.split, dataset: build.dataset)
        model = try CLIPModel(path: build.model, activation: build.activation)
        precision = try build.precision.resolved()
        preprocessing = try model.preprocessing(augmentation: build.augmentation, passes: build.passes)
        try split.split.checkLabels(build.split)
        let root = split.split.root
        imageFolder = root == "." ? build.root : build.root.appending(path: root)
        images = ItemSource(folder: imageFolder)
        let identity = try BuildIdentity(build, split.split, model, precision, preprocessing)
        text = try Self.text(build, split.split, model, identity)
        replaceSubsets(try Self.subsets(build, split.split, identity))
        guard !subsets.isEmpty else {
            throw .badData(
                build.split, found: "no item in any subset", expected: "images", remedy: "name another split")
        }
        // Too low a memory limit is reported before anything is encoded. No tower's batches exceed eight images.
        _ = try MemoryShares(self, batchSize: 8)
    }

    /// Replaces the subsets, and numbers their rows consecutively.
    mutating func replaceSubsets(_ subsets: [ResolvedSubset]) {
        self.subsets = subsets
        var count = 0
        for index in subsets.indices {
            self.subsets[index].firstRow = count
            count = self.subsets[index].rows.upperBound
        }
    }

    /// Opens or starts the unfinished image features in `folder`.
    func unfinishedImages(in folder: String) throws(Fault) -> UnfinishedFeatures {
        try UnfinishedFeatures(folder: folder, name: "images", count: viewCount, rowBytes: imageRowBytes)
    }

    private static func text(
        _ build: FeatureBuild, _ split: Split, _ model: CLIPModel, _ identity: BuildIdentity
    ) throws(Fault) -> ResolvedText {
        let prompts = try split.prompts(build.prompts)
        let tokenizer: any TextTokenizer
        do throws(Fault) { tokenizer = try model.tokenizer(vocabulary: build.vocabulary) } catch {
            guard build.vocabulary == nil, error.status == .noInput else { throw error }
            throw error.with(
                remedy: """
                    name the model's vocabulary with \(option: "vocabulary"); that of OpenAI's and most other CLIPs is \
                    in every installed open_clip, as open_clip/bpe_simple_vocab_16e6.txt.gz
                    """)
        }
        return try ResolvedText(
            prompts, tokenizer, context: model.architecture.contextLength, truncates: build.truncates,
            provenance: identity.text(prompts, tokenizer, truncates: build.truncates))
    }

    private static func subsets(
        _ build: FeatureBuild, _ split: Split, _ identity: BuildIdentity
    ) throws(Fault) -> [ResolvedSubset] {
        let union = try build.samples.map { samples throws(Fault) in
            guard split.sample == nil else {
                throw .badData(
                    build.split, found: "a split that is a few-shot sample itself",
                    expected: "a whole split to sample from",
                    remedy: "leave out \(option: "shots"), or name the split that it was sampled from")
            }
            return try UnionOfSamples(samples, split, subject: build.split)
        }
        return Subset.allCases.compactMap { subset in
            let whole = subset == .train ? union?.train : subset == .val ? union?.val : nil
            let items = whole.map { split[subset].selecting($0.rows.map(Int.init)) } ?? split[subset]
            guard !items.isEmpty else { return nil }
            return ResolvedSubset(
                subset, items, whole: whole, views: subset == .train ? build.views + 1 : 1,
                provenance: identity.subset(subset, split, isSelection: whole != nil))
        }
    }
}

extension FeatureBuild {
    fileprivate func check() throws(Fault) {
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
            throw .configuration(option: "shots", found: "no sample", expected: "numbers from 1, and seeds")
        }
        let kind = try FileKind.found(at: settings.root)
        guard kind == .folder else {
            throw Fault(
                .noInput, settings.root, found: kind == .absent ? "no such folder" : "no folder",
                expected: "the data root", remedy: "check \(option: "root")")
        }
        guard [.absent, .folder].contains(try FileKind.found(at: output)) else {
            throw Fault(.cannotCreate, output, found: "a file", expected: "a folder", remedy: "choose another output")
        }
    }
}
