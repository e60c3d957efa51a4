public import Core
public import Splits

extension Split {
    /// Publishes the split as CoOp's code writes it: `json.dump` with an indent of four.
    ///
    /// Source: `OxfordPets.save_split` and Dassl's `write_json`.
    ///
    /// - Throws: `badData` for an invalid split, `cannotCreate` if the file cannot be written.
    public func writeCoOp(to path: String) throws(Fault) {
        try validate(path)
        let names = classes.map { name in
            var bytes: [UInt8] = []
            JSONText.appendASCII(name.utf8, to: &bytes)
            return bytes
        }
        var file = try TextPieces(path)
        file.add("{")
        for (index, subset) in Subset.allCases.enumerated() {
            let items = self[subset]
            file.add("\(index == 0 ? "" : ",")\n    \"\(subset.rawValue)\": [")
            for row in items.indices {
                var line = Array(row == 0 ? "\n        [\n            ".utf8 : ",\n        [\n            ".utf8)
                JSONText.appendASCII(items.pathBytes(row), to: &line)
                line.append(contentsOf: ",\n            \(items.labels[row]),\n            ".utf8)
                line.append(contentsOf: names[Int(items.labels[row])])
                line.append(contentsOf: "\n        ]".utf8)
                file.add(line)
                try file.drain()
            }
            file.add(items.isEmpty ? "]" : "\n    ]")
        }
        file.add("\n}")
        try file.publish()
    }
}
