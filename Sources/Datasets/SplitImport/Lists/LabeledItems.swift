internal import Core
internal import Splits

/// The items of a list or archive with explicit labels, checked one by one.
struct LabeledItems {
    var assembly: SplitAssembly
    private var labels: ClassLabels
    private var backslashes = 0

    /// No items yet of the data at `path`, below `root`; `names` is the data's own list of class names, if it has one.
    init(path: String, root: String?, _ settings: SplitImport.Settings, names: [String]? = nil) throws(Fault) {
        assembly = SplitAssembly(path: path, root: root, settings: settings)
        labels = try ClassLabels(path: path, classes: settings.classes, names: names)
    }

    /// Adds the item at the path `item` in the folder `prefix`, which ends in `/`; `place` is for error messages.
    ///
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

    consuming func split(dataset: String, inputs: [Input], record: [String: String]) throws(Fault) -> ImportedSplit {
        if backslashes > 0 {
            assembly.notes.append(
                "\(backslashes) paths contain a backslash; write '/' if it is meant as the folder separator")
        }
        return try assembly.split(labels.classes(), dataset: dataset, inputs: inputs + labels.inputs(), record: record)
    }
}

/// The labels in a list or archive: class names, or indices into a list of class names.
struct ClassLabels {
    private let path: String
    /// The list of class names and its file; nil if labels are names.
    private let given: (path: String, names: [String])?
    /// Whether the list is part of the data rather than given by the user.
    private let areOwn: Bool
    private var numbers: [String: Int] = [:]
    private var found: [String] = []
    private var areNumbers = true
    /// The previous label, as most lists are grouped by class.
    private var last = (text: [UInt8](), label: 0)

    /// The labels of the data at `path`: indices into the file `classes` or else into `names`, or names themselves.
    ///
    /// - Throws: `badData` if the file `classes` is not a list of names.
    init(path: String, classes: String?, names: [String]? = nil) throws(Fault) {
        self.path = path
        let listed = try classes.map { path throws(Fault) in (path, try NameList.read(path)) }
        given = listed ?? names.map { (path, $0) }
        areOwn = listed == nil
        guard let given else { return }
        for (label, name) in given.names.enumerated() { numbers[name] = label }
    }

    /// Returns the class of the label `text`, as an index into the class names; white space around it is ignored.
    ///
    /// - Throws: `badData` for an empty label, or one that is not in the list of names.
    mutating func label(_ text: ArraySlice<UInt8>, at place: @autoclosure () -> String) throws(Fault) -> Int {
        if !last.text.isEmpty, last.text.elementsEqual(text) { return last.label }
        let name = String(decoding: text, as: UTF8.self).trimmed
        guard !name.isEmpty else {
            throw .badData(
                path, found: "no label at \(place())", expected: "a class for each item", remedy: "add the label")
        }
        last = (Array(text), try given == nil ? number(of: name) : index(of: name, at: place()))
        return last.label
    }

    private mutating func number(of name: String) -> Int {
        if let known = numbers[name] { return known }
        if Int(name) == nil { areNumbers = false }
        numbers[name] = found.count
        found.append(name)
        return found.count - 1
    }

    private func index(of name: String, at place: String) throws(Fault) -> Int {
        guard let given else { return 0 }
        if let label = Int(name), given.names.indices.contains(label) { return label }
        if let label = numbers[name] { return label }
        throw .badData(
            path, found: "the label '\(name.prefix(80))' at \(place)",
            expected: "0 to \(given.names.count - 1), or one of the \(given.names.count) names in '\(given.path)'",
            remedy: "correct the label, or add the class to that file")
    }

    /// Returns the source of the class names.
    ///
    /// - Throws: `badData` for numeric labels without a list of names.
    func classes() throws(Fault) -> FoundClasses {
        if let given { return FoundClasses(names: given.names, areGiven: !areOwn) }
        guard found.isEmpty || !areNumbers else {
            throw .badData(
                path, found: "numeric labels, from \(found.compactMap { Int($0) }.min() ?? 0)",
                expected: "class names, which prompts need",
                remedy: "give the names with \(option: "classes", "FILE"): a JSON list, or one name per line, "
                    + "starting at label 0")
        }
        return FoundClasses(names: found, areNumbered: false)
    }

    /// Returns the user's list of names as an input; empty if there is none.
    func inputs() throws(Fault) -> [Input] {
        guard !areOwn else { return [] }
        return try given.map { given throws(Fault) in try [Input(reading: given.path, as: "classes")] } ?? []
    }
}

extension String {
    /// The text without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first ... last])
    }
}
