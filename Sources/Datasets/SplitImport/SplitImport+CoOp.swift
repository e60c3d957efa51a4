public import Core
internal import Splits

extension SplitImport {
    /// The split of CoOp's JSON file at `path`, item for item and label for label.
    ///
    /// `dataset` says whose split it is where the file's name does not.
    ///
    /// - Throws: `badData` for a file of another form, `configuration` for a data set that the catalog does not know.
    public static func coOp(_ path: String, dataset: String? = nil) throws(Fault) -> ImportedSplit {
        let file = try SplitFile(path: path, dataset: dataset)
        // A split of ours says what it is made of, one of CoOp's is made of itself.
        guard file.split.provenance.inputs.contains(file.input) else {
            throw .badData(
                path, found: "a split of fewshot's", expected: "CoOp's split_zhou_*.json", remedy: "use it as it is")
        }
        var notes: [String] = []
        if file.split.root == "." {
            notes.append(
                dataset.map {
                    "no published data set is called '\($0)', so paths are taken from the images' own folder"
                }
                    ?? "the file's name is that of no published data set; say with --dataset whose split it is, or "
                    + "its paths are taken from the images' own folder")
        }
        return ImportedSplit(
            split: file.split, names: file.split.classes.map { ImportedSplit.ClassName(found: $0, name: $0) },
            notes: notes)
    }
}
