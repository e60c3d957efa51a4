public import Core

extension FeatureFolder {
    /// The size in bytes up to which all rows of a file are compared; of a larger file, evenly spaced blocks are.
    public static let comparisonLimit = 256 << 20

    /// Describes equal rows, one sentence each: collapsed features, repeated images, and test images in train.
    ///
    /// Equal rows are found by their checksums in one pass; nearly equal features by some rows.
    ///
    /// - Throws: `badData` if a file is damaged.
    public func repeatedRows(limit: Int = comparisonLimit) throws(Fault) -> [String] {
        try Self.repeatedRows(in: parts.map { path(of: $0) }, limit: limit)
    }

    /// Describes equal rows of some files of a folder.
    package static func repeatedRows(in paths: [String], limit: Int = comparisonLimit) throws(Fault) -> [String] {
        var files: [ItemSums] = []
        for path in paths { files.append(try ItemSums(FeatureFile(path: path), limit: limit)) }
        var sentences: [String] = []
        for file in files {
            if let repetition = try file.repetition() { sentences.append("\(file.path): \(repetition)") }
        }
        return try sentences + ItemSums.leaks(among: files)
    }
}

extension ItemSums {
    /// The cosine similarity from which on rows are nearly equal; those of different images are far below.
    private static let nearlyEqual: Float = 0.9999

    /// Describes equal or nearly equal items of the file; nil if there are none.
    func repetition() throws(Fault) -> String? {
        let things = part == .text ? "classes" : "rows"
        let compared = items.count == count ? "\(count) \(things)" : "the \(items.count) \(things) compared"
        if let equality = equality() {
            let names = try FeatureFile(path: path).ids()
            let relation = equality.isOneGroup ? "are equal" : "equal another one"
            return "\(equality.count) of \(compared) \(relation), such as "
                + "'\(names[equality.first])' and '\(names[equality.second])'"
        }
        guard let smallestCosine, smallestCosine >= Self.nearlyEqual else { return nil }
        return "the \(things) are nearly equal: their smallest cosine similarity is \(smallestCosine)"
    }

    /// Describes the rows of val and test that are in another file of images, too.
    static func leaks(among files: [ItemSums]) throws(Fault) -> [String] {
        let images = files.filter { $0.part != .text }
        var sentences: [String] = []
        for (index, file) in images.enumerated() {
            for other in images.prefix(index) {
                guard let equality = file.equality(with: other) else { continue }
                let names = try FeatureFile(path: file.path).ids()
                let others = try FeatureFile(path: other.path).ids()
                sentences.append(
                    "\(equality.count) of \(file.items.count) rows of \(file.path) equal a row of \(other.path), "
                        + "such as '\(names[equality.first])' and '\(others[equality.second])'")
            }
        }
        return sentences
    }
}
