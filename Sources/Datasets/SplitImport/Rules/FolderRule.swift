internal import Catalog
internal import Core
internal import Splits

/// Caltech101, DTD, Food101 and EuroSAT: one folder per class; each class is divided 50/20/30.
///
/// Source: `DescribableTextures.read_and_split_data`. The listing is sorted before the shuffle; CoOp shuffles it in
/// the order of the file system.
struct FolderRule: RawRule {
    /// Folders that are not classes.
    let ignored: Set<String>
    /// Class names that differ from the folder names.
    let names: [String: String]

    func needs(_ entry: DatasetEntry) -> [String] { [entry.images] }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let folders = data.images.folders.filter { !ignored.contains($0.name) }
        guard !folders.isEmpty else {
            throw Fault(
                .noInput, data.imagesName, found: "no folders", expected: "one folder per class",
                remedy: "extract the images there; see 'fewshot-split list \(entry.name)'")
        }
        var split = RawSplit(classes: folders.map { names[$0.name] ?? $0.name })
        var random = PythonRandom(seed: seed)
        for (label, folder) in folders.enumerated() {
            let images = data.imageNames(folder.tree, at: folder.name)
            guard split.divide(images, label: label, prefix: "\(folder.name)/", using: &random) else {
                throw .badData(
                    "\(data.imagesName)/\(folder.name)", found: "\(images.count) images",
                    expected: "at least 4, so that no subset is empty",
                    remedy: "extract the archive again, or remove the folder if it is not a class")
            }
        }
        return split
    }
}
