public import Core
internal import Splits

extension SplitImport {
    /// Imports CoOp's JSON file at `path`, item for item and label for label.
    ///
    /// `dataset` is the data set of a file whose name does not identify it.
    ///
    /// - Throws: `badData` for any other file.
    public static func coOp(_ path: String, dataset: String? = nil) throws(Fault) -> ImportedSplit {
        let file = try SplitFile(path: path, dataset: dataset)
        // A CoOp split lists its own file as its input; a split of this project lists others.
        guard file.split.provenance.inputs.contains(file.input) else {
            throw .badData(
                path, found: "a split of fewshot", expected: "CoOp's split_zhou_*.json",
                remedy: "use it without importing it")
        }
        var notes: [String] = []
        if file.split.root == "." {
            notes.append(
                dataset.map {
                    "no published data set is named '\($0)', so paths start at the image folder"
                }
                    ?? "the file name does not identify a published data set, so paths start at the image folder; "
                    + "name the data set with --dataset")
        }
        return ImportedSplit(
            split: file.split, names: file.split.classes.map { ImportedSplit.ClassName(found: $0, name: $0) },
            notes: notes)
    }
}
