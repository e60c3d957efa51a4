public import Core
public import Splits

extension SplitFile {
    /// Publishes the split at `path` as a CSV table with the columns path, label, class and subset.
    ///
    /// Paths are relative to the split's root. The import of such a list gives the same classes, labels, subsets and
    /// items in the same order.
    ///
    /// - Throws: `cannotCreate` if a different file exists and `replaces` is false, `badData` for an empty class.
    public func exportCSV(to path: String, replaces: Bool) throws(Fault) -> SplitOutcome {
        try checkClasses(of: "a table of items")
        return try publishUnlessReusable(path, replaces: replaces) { path throws(Fault) in
            try split.writeCSV(to: path)
        }
    }
}

extension Split {
    /// Writes one row per item as RFC 4180 says, with line feeds between rows.
    fileprivate func writeCSV(to path: String) throws(Fault) {
        try validate(path)
        var file = try TextPieces(path)
        file.add("path,label,class,subset\n")
        for subset in Subset.allCases {
            let items = self[subset]
            for row in items.indices {
                var line: [UInt8] = []
                Self.append(items.pathBytes(row), to: &line)
                line += ",\(items.labels[row]),".utf8
                Self.append(classes[Int(items.labels[row])].utf8, to: &line)
                line += ",\(subset.rawValue)\n".utf8
                file.add(line)
                try file.drain()
            }
        }
        try file.publish()
    }

    private static let specialBytes = Set(",\"\r\n".utf8)

    /// Appends a field, in quotation marks if it has a comma, quotation mark or line break, as CPython's `csv` does.
    private static func append(_ field: some Collection<UInt8>, to line: inout [UInt8]) {
        guard field.contains(where: specialBytes.contains) else {
            line += field
            return
        }
        line.append(UInt8(ascii: "\""))
        for byte in field {
            if byte == UInt8(ascii: "\"") { line.append(byte) }
            line.append(byte)
        }
        line.append(UInt8(ascii: "\""))
    }
}
