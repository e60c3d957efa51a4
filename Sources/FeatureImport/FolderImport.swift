public import Core
internal import TensorFiles

/// An import of a folder with files of arrays for each subset, which their names tell.
///
/// A file such as `train.npz` holds features and labels, as CoOp's `lpclip` writes them. `features_train.pt` goes with
/// `targets_train.pt`, as in CLIP_benchmark, and `val_f.pt` with `val_l.pt`.
public struct FolderImport: Sendable {
    /// The folder.
    public var folder: String
    /// Text features, given like those of an ``ArrayImport``.
    public var text: String?
    /// The output folder and the recorded settings.
    public var settings: ImportSettings

    /// Creates an import of `folder`.
    public init(folder: String, settings: ImportSettings) {
        self.folder = folder
        self.settings = settings
    }

    /// The arrays of a subset.
    private struct Part {
        let subset: Subset
        var images: TensorSource
        let labelSource: TensorSource
        var labels: SourceLabels
    }

    /// Writes the feature folder, or reuses files that were made from the same inputs.
    ///
    /// - Throws: `badData` or `noInput` for an unusable folder, `cannotCreate` if the output has features from other
    ///   inputs. Existing files are unchanged then.
    public func run(progress: Progress = { _, _ in }) throws(Fault) -> ImportOutcome {
        let importer = try Importer("fewshot-features import folder", settings)
        var parts = try parts(importer)
        guard let first = parts.first else {
            throw Fault(
                .noInput, folder, found: "no arrays of a subset",
                expected: "files such as train.npz, or train_features.npy and train_labels.npy",
                remedy: "name the files so, or import them one by one")
        }
        guard parts.allSatisfy({ $0.labels.names == first.labels.names }) else {
            throw .badData(
                first.labels.path, found: "names as labels, which differ between the subsets",
                expected: "the names of all classes", remedy: "give them with \(option: "classes")")
        }
        let width = try importer.imageShape(first.images).width
        let text = try text.map { text throws(Fault) in try importer.source(ArrayReference(text), .text) }
        let used = parts.flatMap(\.labels.numbers)
        if try importer.readClasses(of: used, first.labels, text: text, width: width) {
            for index in parts.indices { parts[index].labels.countFromZero() }
        }
        var files = try parts.map { part throws(Fault) in try file(part, width: width, of: first.images, importer) }
        files += try importer.textFile(text, imageWidth: width, images: first.images.path)
        return try ImportFolder(settings).write(files, importer, progress)
    }

    private func file(
        _ part: Part, width: Int, of first: TensorSource, _ importer: Importer
    ) throws(Fault) -> ImportedFile {
        let (count, ownWidth) = try importer.imageShape(part.images)
        guard ownWidth == width else {
            throw .badData(
                part.images.path, found: "features of width \(ownWidth)", expected: "\(width) as in \(first.path)",
                remedy: "use features of a single model")
        }
        try part.labels.require(count, of: part.images.path, remedy: "use the labels of these features")
        let isOneFile = part.labels.path == part.images.path
        let names = [("images", part.images.name), ("labels", part.labelSource.name)].filter { !$0.1.isEmpty }
        return try importer.imageFile(
            RowSelection(part: part.subset, numbers: Array(0 ..< count)), of: part.images, part.labels,
            inputs: [
                ("images", part.images.path), ("labels", isOneFile ? nil : part.labels.path),
                ("classes", settings.classes),
            ],
            recording: Dictionary(uniqueKeysWithValues: names))
    }

    /// Finds the arrays of each subset, with a note for a missing one.
    private func parts(_ importer: Importer) throws(Fault) -> [Part] {
        let files = try arrayFiles()
        var parts: [Part] = []
        for subset in Subset.allCases {
            let own = files.filter { NameWords($0).subset == subset }
            guard !own.isEmpty else { continue }
            let images = try source(.images, subset, among: own, importer)
            let labelSource = try source(.labels, subset, among: own, importer)
            var part = Part(
                subset: subset, images: images, labelSource: labelSource,
                labels: try SourceLabels(labelSource, classes: importer.listedClasses))
            part.images.exchangeAxes(ofItems: part.labels.numbers.count, text: nil, importer)
            parts.append(part)
        }
        for subset in Subset.allCases where !parts.isEmpty && !parts.contains(where: { $0.subset == subset }) {
            importer.note(missing: subset, because: "no file of \(folder) is named so")
        }
        return parts
    }

    /// Finds an array in the file whose name tells its role, or else in the file of all arrays of the subset.
    private func source(
        _ role: ArrayRole, _ subset: Subset, among files: [String], _ importer: Importer
    ) throws(Fault) -> TensorSource {
        let named = files.filter { NameWords($0).role == role }
        let candidates = named.isEmpty ? files.filter { NameWords($0).role == nil } : named
        guard let file = candidates.first, candidates.count == 1 else {
            throw .badData(
                folder,
                found: "\(candidates.isEmpty ? "no file" : listed(candidates)) for the \(role.title) of "
                    + subset.rawValue, expected: "one file among \(listed(files))",
                remedy: "move other files away, or import the files one by one")
        }
        return try importer.source(
            ArrayReference(path: folder.appending(path: file), name: nil), role, part: subset)
    }

    /// The names of the files of arrays, without suffix; refuses known folders of another structure.
    private func arrayFiles() throws(Fault) -> [String] {
        guard try FileKind.found(at: folder) == .folder else {
            throw Fault(
                .noInput, folder, found: "no such directory", expected: "a folder of arrays", remedy: "check the path")
        }
        let names: [String]
        do { names = try listFolder(folder) } catch {
            throw Fault(
                .noInput, folder, found: "a folder that cannot be read", expected: "a folder of arrays",
                remedy: "check its permissions")
        }
        let files = names.filter { name in
            ["npy", "npz", "parquet", "pt", "pth", "safetensors"].contains { name.hasSuffix(".\($0)") }
        }
        if files.contains(where: { $0.hasPrefix("keys_") }) {
            throw .badData(
                folder, found: "a cache of Tip-Adapter's code", expected: "files of features and labels",
                remedy: "import it as a cache of Tip-Adapter, with its number of shots")
        }
        if names.contains(where: { $0 == "img_emb" || $0.hasPrefix("img_emb_") }) {
            throw .badData(
                folder, found: "embeddings of clip-retrieval", expected: "files of features and labels",
                remedy: "use the command 'import clip-retrieval'")
        }
        return files
    }
}
