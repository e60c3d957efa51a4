internal import Core

/// The labels of items as a list or an archive says them: names, or numbers into a list of names.
struct ClassLabels {
    private let path: String
    /// The names of classes and the file that has them; nil where labels are names.
    private let given: (path: String, names: [String])?
    /// Whether the names are in the data itself, as programs call classes rather than people.
    private let areOwn: Bool
    private var numbers: [String: Int] = [:]
    private var found: [String] = []
    private var areNumbers = true
    /// The label before: most lists have a class's items one after the other.
    private var last = (text: [UInt8](), label: 0)

    /// Labels of the data at `path`: numbers of what stands in the file `classes`, or else of `names`, or names.
    ///
    /// - Throws: `badData` where `classes` names a file that is no list of names.
    init(path: String, classes: String?, names: [String]? = nil) throws(Fault) {
        self.path = path
        let listed = try classes.map { path throws(Fault) in (path, try NameList.read(path)) }
        given = listed ?? names.map { (path, $0) }
        areOwn = listed == nil
        guard let given else { return }
        for (label, name) in given.names.enumerated() { numbers[name] = label }
    }

    /// The label that `text` is.
    ///
    /// - Parameters:
    ///   - text: what stands there, in UTF-8; spaces around it do not matter.
    ///   - place: where it stands, for errors.
    /// - Returns: the class's number.
    /// - Throws: `badData` for an empty label, or one that is not in the given list.
    mutating func label(_ text: ArraySlice<UInt8>, at place: @autoclosure () -> String) throws(Fault) -> Int {
        if !last.text.isEmpty, last.text.elementsEqual(text) { return last.label }
        let name = String(decoding: text, as: UTF8.self).trimmed
        guard !name.isEmpty else {
            throw .badData(
                path, found: "no label at \(place())", expected: "a class for each item", remedy: "add it")
        }
        last = (Array(text), try given == nil ? number(of: name) : self.place(of: name, at: place()))
        return last.label
    }

    private mutating func number(of name: String) -> Int {
        if let known = numbers[name] { return known }
        if Int(name) == nil { areNumbers = false }
        numbers[name] = found.count
        found.append(name)
        return found.count - 1
    }

    private func place(of name: String, at place: String) throws(Fault) -> Int {
        guard let given else { return 0 }
        if let label = Int(name), given.names.indices.contains(label) { return label }
        if let label = numbers[name] { return label }
        throw .badData(
            path, found: "the label '\(name.prefix(80))' at \(place)",
            expected: "0 to \(given.names.count - 1) or a name, as there are \(given.names.count) in '\(given.path)'",
            remedy: "correct the label, or add the class to that file")
    }

    /// What the labels count.
    ///
    /// - Throws: `badData` for numbers without names.
    func classes() throws(Fault) -> FoundClasses {
        if let given { return areOwn ? .numbered(given.names) : .given(given.names) }
        guard found.isEmpty || !areNumbers else {
            throw .badData(
                path, found: "numbers as labels, from \(found.compactMap { Int($0) }.min() ?? 0)",
                expected: "names, as prompts are made of them",
                remedy: "name them with --classes FILE: a JSON list, or a name a line, the first one for 0")
        }
        return .found(found)
    }

    /// The input that a list of names is; none where there is no such list.
    func inputs() throws(Fault) -> [Input] {
        guard !areOwn else { return [] }
        return try given.map { given throws(Fault) in [try Input(reading: given.path, as: "classes")] } ?? []
    }
}

extension String {
    /// The text without spaces, tabs and line ends around it.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first ... last])
    }
}
