internal import Core
internal import Splits

/// Items of a list as it says them, checked and gathered one by one.
struct LabelledItems {
    var assembly: SplitAssembly
    private var labels: ClassLabels
    private var backslashes = 0

    /// Items of the data at `path`, which may itself have `names` that labels count.
    init(path: String, _ settings: SplitImport.Settings, names: [String]? = nil) throws(Fault) {
        assembly = SplitAssembly(path: path)
        labels = try ClassLabels(path: path, classes: settings.classes, names: names)
    }

    /// Adds one item.
    ///
    /// - Parameters:
    ///   - item: its path, without a leading `./`.
    ///   - prefix: what comes before the path in the split, with its `/`.
    ///   - label: its label as text.
    ///   - part: its part; nil for none yet.
    ///   - place: where it stands, for errors.
    /// - Throws: `badData` for a path that leaves the folder, or a label that cannot be used.
    mutating func add(
        _ item: ArraySlice<UInt8>, prefix: [UInt8] = [], label: ArraySlice<UInt8>, part: Subset?,
        at place: @autoclosure () -> String
    ) throws(Fault) {
        var item = item
        while item.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { item = item.dropFirst(2) }
        if item.contains(UInt8(ascii: "\\")) { backslashes += 1 }
        try ItemPath.check(item, in: assembly.path, at: place())
        let number = try labels.label(label, at: place())
        if prefix.isEmpty {
            assembly.append(item.span, label: number, part: part)
        } else {
            let whole = prefix + item
            assembly.append(whole.span, label: number, part: part)
        }
    }

    consuming func split(
        _ settings: SplitImport.Settings, dataset: String, inputs: [Input], record: [String: String]
    ) throws(Fault) -> ImportedSplit {
        if backslashes > 0 {
            assembly.notes.append(
                "\(backslashes) paths have a backslash in them; if it stands between folders, write '/' in its place")
        }
        return try assembly.split(
            labels.classes(), settings, dataset: dataset, inputs: inputs + labels.inputs(), record: record)
    }
}
