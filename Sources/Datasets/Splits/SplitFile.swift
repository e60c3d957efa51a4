public import Core

/// A split and the file that it was read from.
public struct SplitFile: Sendable {
    /// The split.
    public let split: Split
    /// The file's name and SHA-256.
    public let input: Input

    static let format = "fewshot-split"
    static let version = 1

    /// Reads a split of this project or of CoOp (`split_zhou_*.json`); the content decides which.
    ///
    /// `dataset` is the data set of a CoOp split file whose name does not identify it.
    ///
    /// - Throws: `badData` with the position of the invalid byte or item.
    public init(path: String, dataset: String? = nil) throws(Fault) {
        let file = try TextFile(path: path)
        input = Input(role: "split", name: lastComponent(of: path), digest: file.digest)
        var reader = SplitReader(path: path, byteCount: file.byteCount)
        try JSONWalk.walk(file, expected: SplitReader.expected) { event throws(Fault) in
            try reader.handle(event)
        }
        split = try reader.split(dataset: dataset, input: input)
    }
}

extension Split {
    /// Publishes the split at `path`, one item per line; equal splits give equal bytes.
    public func write(to path: String) throws(Fault) {
        try validate(path)
        var file = try TextPieces(path)
        file.add("{\n  \"format\": \"\(SplitFile.format)\",\n  \"version\": \(SplitFile.version),\n")
        file.add("  \"dataset\": \(JSONText.quoted(dataset)),\n  \"root\": \(JSONText.quoted(root)),\n")
        file.add("  \"classes\": [\n    \(classes.map(JSONText.quoted).joined(separator: ",\n    "))\n  ],\n")
        if let origin {
            let labels = origin.labels.map(String.init).joined(separator: ",")
            file.add("  \"origin\": {\"dataset\": \(JSONText.quoted(origin.dataset)), \"labels\": [\(labels)]},\n")
        }
        if let sample {
            file.add("  \"scheme\": \"\(sample.scheme.rawValue)\",\n  \"shots\": \(sample.shots),\n")
            file.add("  \"seed\": \(sample.seed),\n  \"parent\": \"\(sample.parent)\",\n")
        }
        for subset in Subset.allCases {
            let items = self[subset]
            file.add("  \"\(subset.rawValue)\": [")
            for row in items.indices {
                var line = Array(row == 0 ? "\n    [".utf8 : ",\n    [".utf8)
                JSONText.append(items.pathBytes(row), to: &line)
                line.append(contentsOf: ", \(items.labels[row])]".utf8)
                file.add(line)
                try file.drain()
            }
            file.add(items.isEmpty ? "],\n" : "\n  ],\n")
        }
        file.add("  \"provenance\": \(JSONDocument.line(provenance))\n}\n")
        try file.publish()
    }
}
