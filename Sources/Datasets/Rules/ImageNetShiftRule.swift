internal import Core

/// ImageNet-Sketch, -A and -R: a folder for each of ImageNet's classes, or for some of them; all of it is for testing.
///
/// Source: `ImageNetA.read_data` and its siblings.
struct ImageNetShiftRule: RawRule {
    var isRandom: Bool { false }

    func needs(_ entry: DatasetEntry) -> [String] { [entry.images, WordNetNames.fileName] }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        let names = try WordNetNames(&data)
        guard !data.images.folders.isEmpty else {
            throw Fault(
                .noInput, data.imagesName, found: "no folders", expected: "one for each class, as n01440764",
                remedy: "extract the archive there; see 'fewshot-split list \(entry.name)'")
        }
        var parts = RawParts(classes: [])
        var labels: [Int] = []
        for (label, folder) in data.images.folders.enumerated() {
            parts.classes.append(try names.name(folder.name, in: data.imagesName))
            // A number that has a name has a label.
            labels.append(names.labels[folder.name] ?? 0)
            for name in data.imageNames(folder.tree, at: folder.name) {
                parts.test.append("\(folder.name)/\(name)", label: label)
            }
        }
        parts.origin = ClassOrigin(dataset: "imagenet", labels: labels)
        return parts
    }
}

/// ImageNetV2: folders called 0 to 999, which are labels; all of it is for testing.
///
/// Source: `ImageNetV2.read_data`.
struct ImageNetV2Rule: RawRule {
    var isRandom: Bool { false }

    func needs(_ entry: DatasetEntry) -> [String] { [entry.images, WordNetNames.fileName] }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        let names = try WordNetNames(&data)
        let labels = names.numbers.indices
        let remedy: Remedy =
            "get the archive from \(entry.downloads.last { $0.provides == entry.images }?.address ?? "")"
        for folder in data.images.folders where !isLabel(folder.name, below: labels.count) {
            throw .badData(
                data.imagesName, found: "the folder '\(folder.name)'",
                expected: "folders called 0 to \(labels.count - 1), as \(names.path) has names", remedy: remedy)
        }
        var parts = RawParts(classes: [])
        for label in labels {
            // The tree is sorted as text; labels are numbers.
            guard let folder = data.images.folder("\(label)") else {
                throw Fault(
                    .noInput, "\(data.imagesName)/\(label)", found: "no such folder, or nothing in it",
                    expected: "the pictures of '\(try names.name(names.numbers[label], in: data.imagesName))'",
                    remedy: remedy)
            }
            parts.classes.append(try names.name(names.numbers[label], in: data.imagesName))
            for name in data.imageNames(folder, at: "\(label)") {
                parts.test.append("\(label)/\(name)", label: label)
            }
        }
        parts.origin = ClassOrigin(dataset: "imagenet", labels: Array(labels))
        return parts
    }
    private func isLabel(_ name: String, below count: Int) -> Bool {
        guard let number = Int(name), (0 ..< count).contains(number) else { return false }
        return name == "\(number)"
    }
}
