internal import Catalog
package import Core

extension Split {
    /// Checks that the split can be used and that no path leaves the data root.
    ///
    /// - Throws: `badData` naming `path`.
    package func validate(_ path: String) throws(Fault) {
        if root != "." { try ItemPath.check(root, in: path, at: "root") }
        try Self.validate(classes: classes, of: dataset, path: path)
        for subset in Subset.allCases {
            let items = self[subset]
            for row in items.indices {
                try ItemPath.check(items.pathBytes(row), in: path, at: "\(subset.rawValue) item \(row)")
                guard classes.indices.contains(Int(items.labels[row])) else {
                    throw .badData(
                        path, found: "the label \(items.labels[row]) at \(subset.rawValue) item \(row)",
                        expected: "a label from 0 to \(classes.count - 1) for \(classes.count) classes",
                        remedy: "add the class name or correct the label")
                }
            }
        }
        try validateOrigin(path)
    }

    /// Checks that no image has two labels, which training could not learn; reading a split does not check it.
    ///
    /// - Throws: `badData` naming `path`, the image and both classes.
    package func checkLabels(_ path: String) throws(Fault) {
        var labels: [UInt64: Int32] = [:]
        labels.reserveCapacity(itemCount)
        for subset in Subset.allCases {
            let items = self[subset]
            for row in items.indices {
                let sum = items.pathChecksum(row)
                guard let other = labels.updateValue(items.labels[row], forKey: sum), other != items.labels[row] else {
                    continue
                }
                throw .badData(
                    path,
                    found: "the image '\(items[row].path)' of the classes '\(classes[Int(other)])' and "
                        + "'\(classes[Int(items.labels[row])])'",
                    expected: "one label per image", remedy: "correct the split, or import the data again")
            }
        }
    }

    /// Checks that every class has a label of its own in the other data set.
    func validateOrigin(_ path: String) throws(Fault) {
        guard let labels = origin?.labels else { return }
        guard labels.count == classes.count, Set(labels).count == labels.count, labels.allSatisfy({ $0 >= 0 }) else {
            throw .badData(
                path, found: "an origin with \(labels.count) labels", expected: "\(classes.count) different labels",
                remedy: "make the split again")
        }
    }

    private static func validate(classes: [String], of dataset: String, path: String) throws(Fault) {
        guard !classes.isEmpty else {
            throw .badData(path, found: "no classes", expected: "at least one class", remedy: "name the classes")
        }
        let namesakes = Catalog.entry(named: dataset)?.namesakes ?? []
        var labels: [String: Int] = [:]
        for (label, name) in classes.enumerated() {
            guard name.contains(where: { !$0.isWhitespace }) else {
                throw .badData(path, found: "no name for class \(label)", expected: "a name", remedy: "name the class")
            }
            guard let earlier = labels.updateValue(label, forKey: name), !namesakes.contains(name) else { continue }
            throw .badData(
                path, found: "the class '\(name)' twice, with the labels \(earlier) and \(label)",
                expected: "each name once", remedy: "give both the same label, or give them different names")
        }
    }
}

/// The check that a path in a split stays below the root.
///
/// Splits come from untrusted sources and their paths are opened, so `/etc/passwd` and `../../secret` are refused.
package enum ItemPath {
    /// Checks one path of the split `file`; `place` is its position in error messages.
    ///
    /// - Throws: `badData` for an absolute path, or one with empty, `.` or `..` components.
    package static func check(
        _ path: String, in file: String, at place: @autoclosure () -> String
    ) throws(Fault) {
        try check(ArraySlice(path.utf8), in: file, at: place())
    }

    package static func check(_ path: ArraySlice<UInt8>, in file: String, at place: @autoclosure () -> String)
        throws(Fault)
    {
        guard let reason = fault(path) else { return }
        throw .badData(
            file, found: "\(reason) at \(place()): '\(String(decoding: path, as: UTF8.self))'",
            expected: "a path below the data root", remedy: "write paths relative to the data root")
    }

    private static func fault(_ path: ArraySlice<UInt8>) -> String? {
        guard let first = path.first else { return "an empty path" }
        if first == UInt8(ascii: "/") { return "an absolute path" }
        var length = 0
        var dots = 0
        for byte in path {
            switch byte {
            case 0: return "a path with a zero byte"
            case UInt8(ascii: "/"):
                if let reason = fault(length, dots) { return reason }
                length = 0
                dots = 0
            default:
                length += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
        }
        return fault(length, dots)
    }

    private static func fault(_ length: Int, _ dots: Int) -> String? {
        switch (length, dots) {
        case (0, _): "a path with an empty component"
        case (1, 1): "a path with '.' in it"
        case (2, 2): "a path with '..' in it"
        default: nil
        }
    }
}
