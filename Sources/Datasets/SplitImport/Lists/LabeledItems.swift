internal import Core
internal import Splits

/// The items of a list or archive with explicit labels, checked one by one.
struct LabeledItems {
    var assembly: SplitAssembly
    private var labels: ClassLabels
    private var backslashes = 0

    /// No items yet of the data at `path`; `names` is the data's own list of class names, if it has one.
    init(path: String, _ settings: SplitImport.Settings, names: [String]? = nil) throws(Fault) {
        assembly = SplitAssembly(path: path)
        labels = try ClassLabels(path: path, classes: settings.classes, names: names)
    }

    /// Adds one item.
    ///
    /// - Parameters:
    ///   - item: its path; a leading `./` is removed.
    ///   - prefix: the folder before the path, ending in `/`.
    ///   - label: its label as text.
    ///   - subset: its subset; nil if unknown.
    ///   - place: its position in the data, for error messages.
    /// - Throws: `badData` for a path that leaves the folder, or an invalid label.
    mutating func add(
        _ item: ArraySlice<UInt8>, prefix: [UInt8] = [], label: ArraySlice<UInt8>, subset: Subset?,
        at place: @autoclosure () -> String
    ) throws(Fault) {
        var item = item
        while item.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { item = item.dropFirst(2) }
        if item.contains(UInt8(ascii: "\\")) { backslashes += 1 }
        try ItemPath.check(item, in: assembly.path, at: place())
        let number = try labels.label(label, at: place())
        if prefix.isEmpty {
            assembly.append(item.span, label: number, subset: subset)
        } else {
            let whole = prefix + item
            assembly.append(whole.span, label: number, subset: subset)
        }
    }

    consuming func split(
        _ settings: SplitImport.Settings, dataset: String, inputs: [Input], record: [String: String]
    ) throws(Fault) -> ImportedSplit {
        if backslashes > 0 {
            assembly.notes.append(
                "\(backslashes) paths contain a backslash; write '/' if it is meant as the folder separator")
        }
        return try assembly.split(
            labels.classes(), settings, dataset: dataset, inputs: inputs + labels.inputs(), record: record)
    }
}
