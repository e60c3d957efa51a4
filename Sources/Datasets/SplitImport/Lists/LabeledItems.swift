internal import Core
internal import Splits

/// The items of a list or archive with explicit labels, checked one by one.
struct LabeledItems {
    var assembly: SplitAssembly
    private var labels: ClassLabels
    private var repeats = RepeatedItems()
    private var backslashes = 0

    /// No items yet of the data at `path`, below `root`; `names` is the data's own list of class names, if it has one.
    init(path: String, root: String?, _ settings: SplitImport.Settings, names: [String]? = nil) throws(Fault) {
        assembly = SplitAssembly(path: path, root: root, settings: settings)
        labels = try ClassLabels(path: path, settings, names: names)
    }

    /// Starts a table or archive; `place` words the position of the items that follow, from their numbers.
    mutating func begin(_ place: @escaping (Int) -> String) { repeats.begin(place) }

    /// Adds the item at the path `item` in the folder `prefix`, which ends in `/`; `number` is its line or row.
    ///
    /// An item without a label is recorded, and reported with all others by ``split(dataset:inputs:record:)``. `name`
    /// is the class name of a label that is a number, if the row has both.
    ///
    /// - Throws: `badData` for a path that leaves the folder, or a name that differs from an earlier one of its label.
    mutating func add(
        _ item: ArraySlice<UInt8>, prefix: [UInt8] = [], label: ArraySlice<UInt8>, name: ArraySlice<UInt8>? = nil,
        subset: Subset?, number: Int
    ) throws(Fault) {
        var item = item
        while item.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { item = item.dropFirst(2) }
        if item.contains(UInt8(ascii: "\\")) { backslashes += 1 }
        try ItemPath.check(item, in: assembly.path, at: repeats.place(number))
        guard let label = try labels.label(label, name: name, at: repeats.place(number)) else { return }
        let whole = prefix.isEmpty ? item : (prefix + item)[...]
        let row = assembly.append(whole.span, label: label, subset: subset)
        repeats.add(subset: subset, row: row, number: number, in: assembly)
    }

    /// Makes the split.
    ///
    /// - Throws: `badData` for items without a label, invalid labels, and images with several labels.
    consuming func split(dataset: String, inputs: [Input], record: [String: String]) throws(Fault) -> ImportedSplit {
        if backslashes > 0 {
            assembly.notes.append(
                "\(backslashes) paths contain a backslash; write '/' if it is meant as the folder separator")
        }
        let resolved = try labels.resolved()
        assembly.notes += resolved.notes
        assembly.notes += try repeats.resolve(&assembly, resolved)
        assembly.relabel(resolved.newLabels)
        return try assembly.split(
            resolved.classes, dataset: dataset, inputs: inputs + labels.inputs(), record: record)
    }
}
