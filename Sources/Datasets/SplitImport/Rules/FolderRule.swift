internal import Catalog
internal import Core
internal import Splits

/// A folder a class, every class cut 50/20/30: Caltech101, DTD, Food101 and EuroSAT.
///
/// Source: `DescribableTextures.read_and_split_data`. The listing is sorted before the shuffle; CoOp shuffles what
/// the file system returns, in whatever order that is.
struct FolderRule: RawRule {
    /// Folders that are no classes.
    let ignored: Set<String>
    /// Class names that differ from the folder's.
    let names: [String: String]

    var isRandom: Bool { true }

    func needs(_ entry: DatasetEntry) -> [String] { [entry.images] }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        let folders = data.images.folders.filter { !ignored.contains($0.name) }
        guard !folders.isEmpty else {
            throw Fault(
                .noInput, data.imagesName, found: "no folders", expected: "one for each class",
                remedy: "extract the images there; see 'fewshot-split list \(entry.name)'")
        }
        var parts = RawParts(classes: folders.map { names[$0.name] ?? $0.name })
        var random = PythonRandom(seed: seed)
        for (label, folder) in folders.enumerated() {
            let images = data.imageNames(folder.tree, at: folder.name)
            guard parts.addCut(images, label: label, prefix: "\(folder.name)/", using: &random) else {
                throw .badData(
                    "\(data.imagesName)/\(folder.name)", found: "\(images.count) images",
                    expected: "at least 4, so that train, val and test get some",
                    remedy: "extract the archive again, or remove the folder if it is no class")
            }
        }
        return parts
    }
}
