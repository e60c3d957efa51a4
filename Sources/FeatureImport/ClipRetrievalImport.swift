internal import Archives
public import Core
internal import TensorFiles

/// An import of image embeddings of clip-retrieval: `img_emb/img_emb_0.npy` with `metadata/metadata_0.parquet`.
///
/// The class of an image is the name of its folder, unless labels are given.
public struct ClipRetrievalImport: Sendable {
    /// The folder of `img_emb` and `metadata`.
    public var folder: String
    /// The labels of all rows, given like those of an ``ArrayImport``; nil for the folders of the images.
    public var labels: String?
    /// Text features, given like those of an ``ArrayImport``.
    public var text: String?
    /// A folder of `train.npy`, `val.npy`, and `test.npy` with row numbers.
    public var rows: String?
    /// The subset of all rows, if ``rows`` is nil.
    public var part: Subset?
    /// The output folder and the recorded settings.
    public var settings: ImportSettings

    /// Creates an import of `folder`.
    public init(folder: String, settings: ImportSettings) {
        self.folder = folder
        self.settings = settings
    }

    /// Writes the feature folder, or reuses files that were made from the same inputs.
    ///
    /// - Throws: `badData` or `noInput` for an unusable folder, `cannotCreate` if the output has features from other
    ///   inputs, `usage` unless either rows or a part are given. Existing files are unchanged then.
    public func run(progress: Progress = { _, _ in }) throws(Fault) -> ImportOutcome {
        let importer = try Importer("fewshot-features import clip-retrieval", settings)
        let names = try pieces()
        let arrays = try JoinedArrays(
            path: folder.appending(path: "img_emb"),
            files: names.map { folder.appending(path: "img_emb/img_emb_\($0).npy") })
        let images = try TensorSource(arrays, arrays.entries[0])
        let tables = names.map { folder.appending(path: "metadata/metadata_\($0).parquet") }
        let paths = try paths(in: tables, count: images.shape[0])
        importer.ids = paths
        var source = ImportedRows(
            images: images, labels: try labels(paths, importer),
            text: try text.map { text throws(Fault) in try importer.source(ArrayReference(text), .text) },
            inputs: arrays.files.map { ("images", $0) } + tables.map { ("metadata", $0) } + [("labels", labels)])
        var job = ArrayImport(images: folder, labels: labels, settings: settings)
        job.rows = rows
        job.part = part
        return try job.write(&source, importer, progress)
    }

    /// The numbers of the pieces, as their names have them, in their order.
    private func pieces() throws(Fault) -> [String] {
        let images = folder.appending(path: "img_emb")
        let files = (try? listFolder(images)) ?? []
        let numbers = files.filter { $0.hasPrefix("img_emb_") && $0.hasSuffix(".npy") }
            .map { String($0.dropFirst(8).dropLast(4)) }.filter { Int($0) != nil }
        guard !numbers.isEmpty else {
            throw Fault(
                .noInput, images, found: "no pieces", expected: "img_emb_0.npy and so on",
                remedy: "give the output folder of clip-retrieval inference")
        }
        return numbers.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
    }

    /// Reads the images' paths, without the folder that all have in common.
    private func paths(in tables: [String], count: Int) throws(Fault) -> [String] {
        var paths: [String] = []
        for path in tables {
            let table = try TableArrays(path: path)
            let columns = table.entries.map(\.name)
            guard let column = ["image_path", "path", "filename", "url", "key"].first(where: columns.contains) else {
                throw .badData(
                    path, found: "the columns \(listed(columns))", expected: "image_path",
                    remedy: "encode with clip-retrieval's files reader")
            }
            paths += try table.texts(column)
        }
        guard paths.count == count else {
            throw .badData(
                folder, found: "\(paths.count) rows of metadata", expected: "\(count), one per embedding",
                remedy: "use the files of one run")
        }
        let folders = paths.map { $0.split(separator: "/", omittingEmptySubsequences: false).dropLast(2) }
        guard var common = folders.first else { return paths }
        for folder in folders { common = zip(common, folder).prefix { $0 == $1 }.map(\.0)[...] }
        let length = common.reduce(0) { $0 + $1.utf8.count + 1 }
        return paths.map { String(decoding: $0.utf8.dropFirst(length), as: UTF8.self) }
    }

    private func labels(_ paths: [String], _ importer: Importer) throws(Fault) -> SourceLabels {
        if let labels {
            return try SourceLabels(
                importer.source(ArrayReference(labels), .labels, part: part), classes: importer.listedClasses)
        }
        let folders = try paths.enumerated().map { row, path throws(Fault) in
            guard let name = path.split(separator: "/").dropLast().last else {
                throw Fault.badData(
                    folder, found: "the image '\(path)' in row \(row), which is in no class folder",
                    expected: "class/image", remedy: "give \(option: "labels")")
            }
            return String(name)
        }
        return try SourceLabels(folders, classes: importer.listedClasses, path: folder)
    }
}
