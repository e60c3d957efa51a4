public import Core

extension Split {
    /// Publishes the split at `path`, one item per line; equal splits give equal bytes.
    public func write(to path: String) throws(Fault) {
        try validate(path)
        var file = try TextPieces(path)
        file.add("{\n  \"format\": \"\(SplitFile.format)\",\n  \"version\": \(SplitFile.version),\n")
        file.add("  \"dataset\": \(Self.quoted(dataset)),\n  \"root\": \(Self.quoted(root)),\n")
        file.add("  \"classes\": [\n    \(classes.map(Self.quoted).joined(separator: ",\n    "))\n  ],\n")
        if let origin {
            let labels = origin.labels.map(String.init).joined(separator: ",")
            file.add("  \"origin\": {\"dataset\": \(Self.quoted(origin.dataset)), \"labels\": [\(labels)]},\n")
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

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.append(text.utf8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
