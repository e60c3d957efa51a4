internal import Core
internal import TensorFiles

/// The import of one table of images with labels, and of text if there is any: `.npy` and `.safetensors` share it.
struct ArrayImport {
    /// A tensor and the role under which its file is recorded.
    struct Source {
        let location: TensorLocation
        let role: String
    }

    /// Which rows become which part.
    enum Division {
        /// All rows become one part.
        case part(Subset)
        /// A folder of row numbers.
        case rows(String)
    }

    let images: TensorLocation
    let labels: TensorLocation
    let text: TensorLocation?
    let division: Division
    /// What else decides the content, such as the names of tensors in a file.
    let extra: [String: String]

    func run(_ importer: Importer, _ progress: Progress) throws(Fault) -> ImportOutcome {
        let (count, width) = try importer.imageShape(images)
        let labelNumbers = try labels.numbers()
        guard labelNumbers.count == count else {
            throw .badData(
                labels.path, found: "\(labelNumbers.count) labels",
                expected: "\(count), one for each row of \(images.path)",
                remedy: "name the labels of these features")
        }
        let selections = try selections(count)
        for part in missing(selections) {
            importer.note("There is no \(part.rawValue).npy among the row numbers: \(part.rawValue).h5 is not written.")
        }
        let largest = selections.flatMap(\.numbers).map { labelNumbers[$0] }.max() ?? 0
        let (next, overflow) = largest.addingReportingOverflow(1)
        guard !overflow, next <= 1 << 20 else {
            throw .badData(labels.path, found: "the label \(largest)", expected: "numbers of classes from 0 on")
        }
        let classCount = try textClassCount()
        let classes = try importer.classNames(count: classCount, from: text?.path ?? "", atLeast: max(next, 1))
        var files: [PlannedFile] = []
        for selection in selections {
            let labels = try importer.labels(
                labelNumbers, of: selection.numbers, classCount: classes.count, path: labels.path)
            files.append(
                try importer.planned(
                    selection.part, images, rows: selection.numbers, labels: labels, classes: classes,
                    inputs: imageInputs(importer, selection), extra: extra))
        }
        if let text {
            let named = try importer.textClasses(among: classes)
            let plan = try TextPlan(text, classCount: named.count, settings: importer.settings)
            files.append(try plan.planned(classes: named, imageWidth: width, images: images.path, importer))
        } else {
            importer.noteMissingText()
        }
        let folder = ImportFolder(path: importer.settings.output, replaces: importer.settings.replaces)
        return try folder.make(files, importer, progress)
    }

    private func selections(_ count: Int) throws(Fault) -> [RowSelection.Rows] {
        switch division {
        case .part(let part):
            [RowSelection.Rows(part: part, numbers: Array(0 ..< count), path: "")]
        case .rows(let folder): try RowSelection.read(folder, count: count, source: images.path)
        }
    }

    private func missing(_ selections: [RowSelection.Rows]) -> [Subset] {
        guard case .rows = division else { return [] }
        return Subset.allCases.filter { part in !selections.contains { $0.part == part } }
    }

    /// The number of classes, where the text features alone say it.
    private func textClassCount() throws(Fault) -> Int? {
        guard let shape = try text?.description().shape, shape.count == 2 else { return nil }
        return shape[0]
    }

    private func imageInputs(_ importer: Importer, _ selection: RowSelection.Rows) -> [(role: String, path: String?)] {
        var inputs: [(role: String, path: String?)] = [("images", images.path)]
        // Two tensors of one file are one input.
        if labels.path != images.path { inputs.append(("labels", labels.path)) }
        inputs.append(("classes", importer.settings.classes))
        inputs.append(("rows", selection.path.isEmpty ? nil : selection.path))
        return inputs
    }
}

extension Importer {
    /// Says what can be done without text, unless an earlier import has made it.
    func noteMissingText() {
        guard FileKind(at: "\(settings.output)/\(FeatureFile.Kind.text.fileName)") == .absent else { return }
        note(
            "Without \(OptionName("text")) no text.h5 is written: tip-adapter and tip-adapter-f train without it, "
                + "zero-shot and cluster-adapter need it.")
    }
}
