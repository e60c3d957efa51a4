internal import Core

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

    /// Returns the class of a label.
    ///
    /// - Parameters:
    ///   - text: the label in UTF-8; white space around it is ignored.
    ///   - place: its position, for error messages.
    /// - Returns: an index into the class names.
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
        if let given { return areOwn ? .numbered(given.names) : .given(given.names) }
        guard found.isEmpty || !areNumbers else {
            throw .badData(
                path, found: "numeric labels, from \(found.compactMap { Int($0) }.min() ?? 0)",
                expected: "class names, which prompts need",
                remedy: "give the names with --classes FILE: a JSON list, or one name per line, starting at label 0")
        }
        return .found(found)
    }

    /// Returns the user's list of names as an input; empty if there is none.
    func inputs() throws(Fault) -> [Input] {
        guard !areOwn else { return [] }
        return try given.map { given throws(Fault) in [try Input(reading: given.path, as: "classes")] } ?? []
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
