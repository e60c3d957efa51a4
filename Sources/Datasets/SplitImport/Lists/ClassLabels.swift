internal import Core
internal import Splits

/// The labels in a list or archive: class names, or the labels of a list of class names.
struct ClassLabels {
    let path: String
    let policy: SplitImport.SeveralLabels
    /// The list of class names and its file; nil if labels are names.
    let given: (path: String, list: GivenNames)?
    /// Whether the list is part of the data rather than given by the user.
    let areOwn: Bool
    /// The different labels, without white space around them, in the order in which they are found.
    private(set) var texts: [String] = []
    /// The positions of the first items with these labels.
    private(set) var places: [String] = []
    /// The class names beside labels that are numbers; empty if there are none.
    private(set) var exportedNames: [[UInt8]] = []
    private var numbers: [String: Int] = [:]
    /// The positions of the first items without a label, and the number of all.
    private var unlabeled: (places: [String], count: Int, text: String) = ([], 0, "")
    /// The previous label, as most lists are grouped by class.
    private var last = (text: [UInt8](), label: 0)

    /// The labels of the data at `path`: those of the file that `settings` name or else of `names`, or class names.
    ///
    /// - Throws: `badData` if the file with the class names cannot be read.
    init(path: String, _ settings: SplitImport.Settings, names: [String]? = nil) throws(Fault) {
        self.path = path
        policy = settings.severalLabels
        let file = try settings.classes.map { path throws(Fault) in
            (path: path, list: GivenNames(try NameList(path: path)))
        }
        given = file ?? names.map { (path: path, list: GivenNames($0)) }
        areOwn = file == nil
    }

    /// Returns the ordinal of the label `text` among the different ones; nil if the item has no label.
    ///
    /// - Throws: `badData` for a `name` that differs from that of an earlier item with the same label.
    mutating func label(
        _ text: ArraySlice<UInt8>, name: ArraySlice<UInt8>? = nil, at place: @autoclosure () -> String
    ) throws(Fault) -> Int? {
        if last.text.isEmpty || !last.text.elementsEqual(text) {
            let label = String(decoding: text, as: UTF8.self).trimmed
            guard !isMissing(label) else {
                if unlabeled.count < 3 { unlabeled.places.append(place()) }
                if unlabeled.text.isEmpty { unlabeled.text = label }
                unlabeled.count += 1
                return nil
            }
            last = (Array(text), number(of: label, at: place()))
        }
        guard let name else { return last.label }
        if last.label == exportedNames.count { exportedNames.append(Array(name)) }
        guard exportedNames[last.label].elementsEqual(name) else {
            throw .badData(
                path,
                found: "the class '\(String(decoding: name, as: UTF8.self))' at \(place()) with the label "
                    + "\(texts[last.label])",
                expected: "'\(String(decoding: exportedNames[last.label], as: UTF8.self))', as at "
                    + places[last.label],
                remedy: "correct the class or the label")
        }
        return last.label
    }

    private mutating func number(of text: String, at place: @autoclosure () -> String) -> Int {
        if let known = numbers[text] { return known }
        numbers[text] = texts.count
        texts.append(text)
        places.append(place())
        return texts.count - 1
    }

    /// Whether `text` stands for a missing value, as pandas and spreadsheets write it.
    private func isMissing(_ text: String) -> Bool {
        text.isEmpty
            || ["nan", "<na>", "#n/a", "nat"].contains(text.lowercased()) && given?.list.indices(named: text) == nil
    }

    /// Checks that all items have a label.
    ///
    /// - Throws: `badData` with the positions of the first ones without.
    func checkComplete() throws(Fault) {
        guard unlabeled.count > 0 else { return }
        let more = unlabeled.count > 3 ? " and \(unlabeled.count - 3) more" : ""
        let text = unlabeled.text.isEmpty ? "" : " ('\(unlabeled.text)')"
        throw .badData(
            path, found: "no label at \(unlabeled.places.joined(separator: ", "))\(more)\(text)",
            expected: "a class for each item", remedy: "add the labels, or remove these items")
    }

    /// Returns the user's list of names as an input; empty if there is none.
    func inputs() throws(Fault) -> [Input] {
        guard !areOwn else { return [] }
        return try given.map { given throws(Fault) in try [Input(reading: given.path, as: "classes")] } ?? []
    }
}

/// A list of class names in which labels are looked up.
struct GivenNames {
    let names: [String]
    /// The label of each class in the list itself; nil if it has none.
    private let numbers: [Int]?
    private var classes: [String: Int] = [:]
    private var classOfNumber: [Int: Int] = [:]

    /// The names of a user's file.
    init(_ list: NameList) {
        names = list.names
        numbers = list.labels
        for (index, key) in (list.keys ?? []).enumerated() { classes[key] = index }
        for (index, name) in names.enumerated() { classes[name] = index }
        for (index, number) in (numbers ?? []).enumerated() { classOfNumber[number] = index }
    }

    /// Names whose labels count from 0.
    init(_ names: [String]) {
        self.names = names
        numbers = nil
        for (index, name) in names.enumerated() { classes[name] = index }
    }

    /// The index of the class with this name or identifier; nil if there is none.
    func indices(named text: String) -> Int? { classes[text] }

    /// The first label of the list; nil if labels have gaps.
    var start: Int? {
        guard let numbers else { return 0 }
        guard let first = numbers.first, first + numbers.count - 1 == numbers.last else { return nil }
        return first
    }

    /// The index of the class with the label `number` if labels count from `start`, or else as in the list itself.
    func index(_ number: Int, countingFrom start: Int?) -> Int? {
        guard let start else { return classOfNumber[number] }
        let index = number.subtractingReportingOverflow(start)
        return !index.overflow && names.indices.contains(index.partialValue) ? index.partialValue : nil
    }

    /// The labels in error messages.
    var words: String {
        "\(numbers?.first ?? 0) to \(numbers?.last ?? names.count - 1)"
    }
}
