internal import Catalog
internal import Core
internal import Splits

/// ImageNet-Sketch, -A and -R: one folder per class for all or some of ImageNet's classes; for testing only.
///
/// Source: `ImageNetA.read_data` and its siblings.
struct ImageNetShiftRule: RawRule {
    var isRandom: Bool { false }

    func needs(_ entry: DatasetEntry) -> [String] { [entry.images, WordNetNames.fileName] }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let names = try WordNetNames(&data)
        guard !data.images.folders.isEmpty else {
            throw Fault(
                .noInput, data.imagesName, found: "no folders", expected: "one folder per class, such as n01440764",
                remedy: "extract the archive there; see 'fewshot-split list \(entry.name)'")
        }
        var split = RawSplit(classes: [])
        var labels: [Int] = []
        for (label, folder) in data.images.folders.enumerated() {
            split.classes.append(try names.name(folder.name, in: data.imagesName))
            // Every number with a name has a label.
            labels.append(names.labels[folder.name] ?? 0)
            for name in data.imageNames(folder.tree, at: folder.name) {
                split.test.append("\(folder.name)/\(name)", label: label)
            }
        }
        split.origin = ClassOrigin(dataset: "imagenet", labels: labels)
        return split
    }
}

/// ImageNetV2: folders named 0 to 999, which are the labels; for testing only.
///
/// Source: `ImageNetV2.read_data`.
struct ImageNetV2Rule: RawRule {
    var isRandom: Bool { false }

    func needs(_ entry: DatasetEntry) -> [String] { [entry.images, WordNetNames.fileName] }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let names = try WordNetNames(&data)
        let labels = names.numbers.indices
        let remedy: Remedy =
            "get the archive from \(entry.downloads.last { $0.provides == entry.images }?.address ?? "")"
        for folder in data.images.folders where !isLabel(folder.name, below: labels.count) {
            throw .badData(
                data.imagesName, found: "the folder '\(folder.name)'",
                expected: "folders named 0 to \(labels.count - 1), as there are names in \(names.path)", remedy: remedy)
        }
        var split = RawSplit(classes: [])
        for label in labels {
            // The tree is sorted as text, while labels are numbers.
            guard let folder = data.images.folder("\(label)") else {
                throw Fault(
                    .noInput, "\(data.imagesName)/\(label)", found: "a missing or empty folder",
                    expected: "the images of '\(try names.name(names.numbers[label], in: data.imagesName))'",
                    remedy: remedy)
            }
            split.classes.append(try names.name(names.numbers[label], in: data.imagesName))
            for name in data.imageNames(folder, at: "\(label)") {
                split.test.append("\(label)/\(name)", label: label)
            }
        }
        split.origin = ClassOrigin(dataset: "imagenet", labels: Array(labels))
        return split
    }

    private func isLabel(_ name: String, below count: Int) -> Bool {
        guard let number = Int(name), (0 ..< count).contains(number) else { return false }
        return name == "\(number)"
    }
}
