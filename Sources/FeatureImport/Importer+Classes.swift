internal import Core
internal import TensorFiles

// The class names of an import, and the first number of its labels.
extension Importer {
    /// Takes the class names: the listed ones, the names that are labels, or else numbers.
    ///
    /// Returns whether `used`, the labels of the imported rows, count classes from 1. That is certain if the number of
    /// classes is known and is a label.
    ///
    /// - Throws: `badData` if the number of class names differs from that of the labels or of the text features.
    func readClasses(
        of used: [Int], _ labels: SourceLabels, text: TensorSource?, width: Int
    ) throws(Fault) -> Bool {
        let smallest = used.min() ?? 0
        let largest = used.max() ?? 0
        guard largest < 1 << 20 else {
            throw .badData(labels.path, found: "the label \(largest)", expected: "class indices from 0 on")
        }
        if let names = labels.names {
            try takeNames(names, labels.path, hasText: text != nil)
            return false
        }
        let source = labels.classCount == nil ? text?.path ?? "" : labels.path
        let count = labels.classCount ?? text.flatMap { classCount(of: $0, width, labels: smallest ... largest) }
        let known = count ?? listedClasses?.count
        let countsFromOne = labels.classCount == nil && smallest >= 1 && largest == known
        if countsFromOne {
            note("\(labels.path) counts classes from 1; its label 1 is the first class.")
        } else if smallest >= 1, labels.classCount == nil {
            note("\(labels.path) has no label 0; labels count from 0 here, so subtract 1 if these count from 1.")
        }
        classes = listedClasses ?? (0 ..< (count ?? max(largest + 1, 1))).map(String.init)
        if let count, let path = settings.classes, classes.count != count {
            throw .badData(
                path, found: "\(classes.count) class names", expected: "\(count) as in \(source)",
                remedy: "use the class names of these features")
        }
        return countsFromOne
    }

    private func takeNames(_ names: [String], _ path: String, hasText: Bool) throws(Fault) {
        guard !hasText else {
            throw .badData(
                path, found: "names as labels", expected: "the names in the order of the text features",
                remedy: "give them with \(option: "classes")")
        }
        note("The \(names.count) different labels of \(path), sorted, are the class names.")
        classes = try NameList.checked(names, path: path)
    }

    /// The number of classes, if the shape of the text features determines it; `labels` are those of the images.
    private func classCount(of text: TensorSource, _ width: Int, labels: ClosedRange<Int>) -> Int? {
        guard settings.textClasses == nil else { return nil }
        let shape = text.shape
        switch shape.count {
        case 2:
            let isWidthFirst = settings.textLayout.map { $0 == .widthFirst } ?? (shape[1] != width && shape[0] == width)
            return isWidthFirst ? shape[1] : shape[0]
        case 3 where listedClasses == nil && labels.lowerBound >= 1:
            let axes = shape.prefix(2)
            return !axes.contains(labels.upperBound + 1) && axes.contains(labels.upperBound) ? labels.upperBound : nil
        default: return nil
        }
    }
}
