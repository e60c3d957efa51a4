internal import Core
internal import Splits

/// The classes of a list's labels.
struct ResolvedLabels {
    /// The different labels in the list.
    let texts: [String]
    private(set) var classes: FoundClasses
    /// The class of each label; nil if its items are left out.
    private(set) var newLabels: [Int32?]
    private(set) var notes: [String] = []

    /// The name of the class of a label in quotation marks, or the label itself if its items are left out.
    func name(_ label: Int) -> String {
        "'\(newLabels[label].map { classes.names[Int($0)] } ?? texts[label])'"
    }
}

extension ClassLabels {
    /// Returns the class of each label.
    ///
    /// - Throws: `badData` for items without a label, numbers without a list of names, and labels that are not in it.
    func resolved() throws(Fault) -> ResolvedLabels {
        try checkComplete()
        if !exportedNames.isEmpty { return try exported() }
        let several = JoinedLabels(texts, knownNames: given?.list.names ?? [])
        var resolved = given == nil ? try names(several) : try looked(up: several)
        resolved.note(several, policy)
        resolved.noteAbsent(texts, places)
        return resolved
    }

    /// The classes of a list whose labels are names.
    private func names(_ several: JoinedLabels) throws(Fault) -> ResolvedLabels {
        try checkNames()
        var names = texts
        var numbers = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($1, $0) })
        var newLabels = texts.indices.map { Optional(Int32($0)) }
        guard policy != .refuse, !several.isEmpty else {
            return ResolvedLabels(
                texts: texts, classes: FoundClasses(names: names, areNumbered: false), newLabels: newLabels)
        }
        for (label, parts) in several.parts {
            guard policy == .first, let first = parts.first else {
                newLabels[label] = nil
                continue
            }
            if numbers[first] == nil {
                numbers[first] = names.count
                names.append(first)
            }
            newLabels[label] = Int32(numbers[first] ?? label)
        }
        // Joined labels are no classes.
        let kept = names.indices.filter { several.parts[$0] == nil }
        let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, Int32($0)) })
        return ResolvedLabels(
            texts: texts, classes: FoundClasses(names: kept.map { names[$0] }, areNumbered: false),
            newLabels: newLabels.map { label in label.flatMap { places[Int($0)] } })
    }

    /// Checks that the labels are names rather than numbers or truth values.
    private func checkNames() throws(Fault) {
        let numbers = texts.compactMap(LabelNumber.init)
        let words: String
        if texts.isEmpty {
            return
        } else if numbers.count == texts.count {
            let whole = numbers.compactMap(\.whole)
            words =
                whole.count == numbers.count
                ? "numeric labels, from \(whole.min() ?? 0)" : "numbers as labels, such as \(texts[0])"
        } else if texts.allSatisfy({ LabelNumber.truth($0) != nil }) {
            words = "the labels \(texts.map { "'\($0)'" }.joined(separator: " and "))"
        } else {
            return
        }
        throw .badData(
            path, found: words, expected: "class names, which prompts need",
            remedy: "give the names with \(option: "classes", "FILE"): a JSON list, or one name per line, "
                + "starting at label 0")
    }

    /// The classes of a list whose labels are in a list of names.
    private func looked(up several: JoinedLabels) throws(Fault) -> ResolvedLabels {
        guard let given else { preconditionFailure("no list of names") }
        let start = startOfLabels(given.list)
        var newLabels: [Int32?] = []
        for (label, text) in texts.enumerated() {
            if policy == .omit, several.parts[label] != nil {
                newLabels.append(nil)
                continue
            }
            let chosen = policy == .first ? several.parts[label]?.first ?? text : text
            guard let index = index(of: chosen, in: given.list, countingFrom: start) else {
                let remedy: Remedy =
                    several.parts[label] == nil || policy != .refuse
                    ? "correct the label, or add the class to that file" : .severalLabels
                throw .badData(
                    path, found: "the label '\(text.prefix(80))' at \(places[label])",
                    expected: "\(given.list.words), or one of the \(given.list.names.count) names in '\(given.path)'",
                    remedy: remedy)
            }
            newLabels.append(Int32(index))
        }
        var resolved = ResolvedLabels(
            texts: texts, classes: FoundClasses(names: given.list.names, areGiven: !areOwn), newLabels: newLabels)
        if let start, start != given.list.start { resolved.noteStart(start, given.list) }
        return resolved
    }

    private func index(of text: String, in list: GivenNames, countingFrom start: Int?) -> Int? {
        if let number = LabelNumber(text)?.whole, let index = list.index(number, countingFrom: start) { return index }
        if let index = list.indices(named: text) { return index }
        // Binary labels are often written as truth values.
        return list.names.count == 2 ? LabelNumber.truth(text).map { $0 ? 1 : 0 } : nil
    }

    /// The first label: that of the list, or the other of 0 and 1 if only then all labels are in the list.
    private func startOfLabels(_ list: GivenNames) -> Int? {
        guard let start = list.start, !areOwn else { return list.start }
        let numbers = texts.filter { list.indices(named: $0) == nil }.compactMap { LabelNumber($0)?.whole }
        func isStart(_ start: Int) -> Bool { numbers.allSatisfy { list.index($0, countingFrom: start) != nil } }
        guard (0 ... 1).contains(start), !isStart(start), isStart(1 - start) else { return start }
        return 1 - start
    }

    /// The classes of an exported split, whose rows have labels and class names.
    private func exported() throws(Fault) -> ResolvedLabels {
        let numbers = texts.map { Int($0) ?? -1 }
        var names = [String?](repeating: nil, count: texts.count)
        for (index, number) in numbers.enumerated() where names.indices.contains(number) {
            names[number] = String(decoding: exportedNames[index], as: UTF8.self)
        }
        let all = names.compactMap(\.self)
        guard all.count == names.count else {
            let label = names.firstIndex(of: nil) ?? 0
            throw .badData(
                path, found: "no item of class \(label), but \(texts.count) different labels",
                expected: "labels from 0 to \(texts.count - 1)",
                remedy: "renumber the labels, or remove the column of labels")
        }
        return ResolvedLabels(
            texts: texts, classes: FoundClasses(names: all, areGiven: true), newLabels: numbers.map { Int32($0) })
    }
}

extension Remedy {
    /// The ways out of images with several labels.
    static let severalLabels: Remedy = """
        correct the list, keep the first label of each image with \(option: "several_labels", "first"), or leave these \
        images out with \(option: "several_labels", "omit")
        """
}

extension ResolvedLabels {
    /// Adds a note on labels that count from another number than those of the list of names.
    fileprivate mutating func noteStart(_ start: Int, _ list: GivenNames) {
        notes.append(
            "labels count from \(start): \(start) is '\(list.names[0])', \(start + list.names.count - 1) is "
                + "'\(list.names[list.names.count - 1])'")
    }

    /// Adds a note on labels that join several classes.
    fileprivate mutating func note(_ several: JoinedLabels, _ policy: SplitImport.SeveralLabels) {
        guard !several.isEmpty else { return }
        let names = listed(several.parts.keys.sorted().map { texts[$0] }, "label", "labels")
        let note =
            switch policy {
            case .refuse:
                "\(names) with several classes each, taken as further classes; "
                    + "\(OptionName("several_labels")) first keeps the first class, "
                    + "\(OptionName("several_labels")) omit leaves these images out"
            case .first: "\(names) with several classes each, of which the first is kept"
            case .omit: "left out: the images of \(names) with several classes each"
            }
        notes.append(note)
    }

    /// Adds a note on classes whose names are usual words for a missing value.
    fileprivate mutating func noteAbsent(_ texts: [String], _ places: [String]) {
        guard !classes.areNumbered else { return }
        for (text, place) in zip(texts, places) where ["none", "null", "na", "n/a", "?"].contains(text.lowercased()) {
            notes.append("'\(text)' at \(place) is taken as a class; remove these items if it means no label")
        }
    }
}
