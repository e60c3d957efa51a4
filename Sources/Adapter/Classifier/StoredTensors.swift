package import Core
package import Kernels

/// The tensors and numbers of a saved classifier, each checked before it is used.
package struct StoredTensors: Sendable {
    /// All tensors, by name.
    let tensors: [String: Matrix]
    /// All numbers, by name.
    let numbers: [String: Float]
    let classCount: Int  // C
    /// The file's name in error messages.
    let file: String

    func damaged(_ found: String, _ expected: String) -> Fault {
        .badData(file, found: found, expected: expected, remedy: "train the run again")
    }

    /// The tensor called `name`; nil if there is none.
    ///
    /// - Throws: `badData` if it has another shape.
    func matrix(_ name: String, rows: Int? = nil, columns: Int? = nil) throws(Fault) -> Matrix? {
        guard let matrix = tensors[name] else { return nil }
        guard rows == nil || matrix.rows == rows, columns == nil || matrix.columns == columns else {
            throw damaged(
                "\(name) [\(matrix.rows)×\(matrix.columns)]",
                "[\(rows.map { "\($0)" } ?? "any")×\(columns.map { "\($0)" } ?? "any")]")
        }
        return matrix
    }

    /// The tensor called `name`.
    ///
    /// - Throws: `badData` if it is missing or has another shape.
    func required(_ name: String, rows: Int? = nil, columns: Int? = nil) throws(Fault) -> Matrix {
        guard let matrix = try matrix(name, rows: rows, columns: columns) else { throw damaged("no \(name)", "one") }
        return matrix
    }

    /// The number called `name`.
    ///
    /// - Throws: `badData` if it is missing or not finite.
    func number(_ name: String) throws(Fault) -> Float {
        guard let number = numbers[name], number.isFinite else { throw damaged("no \(name)", "a number") }
        return number
    }

    /// The `count` whole numbers from 0 in the tensor called `name` [1×count]; nil if there is none.
    ///
    /// - Throws: `badData` if it has another shape, or an element is no whole number below `limit`.
    func indices(_ name: String, count: Int, below limit: Int) throws(Fault) -> [Int]? {
        guard let row = try matrix(name, rows: 1, columns: count) else { return nil }
        let indices = row.elements.map { Int(exactly: $0) ?? -1 }
        guard indices.allSatisfy({ (0 ..< limit).contains($0) }) else {
            throw damaged("\(name) with an entry out of range", "whole numbers from 0 to \(limit - 1)")
        }
        return indices
    }
}

extension Classifier {
    /// The tensors by name, as `adapter.safetensors` holds them.
    package var tensors: [String: Matrix] {
        parts.reduce(into: [:]) { all, part in
            all.merge(part.tensors) { _, _ in preconditionFailure("two tensors of one name") }
        }
    }

    /// The numbers that belong to the tensors, by name.
    package var numbers: [String: Float] {
        // Every file states the scale, also of a classifier without texts.
        parts.reduce(into: ["logit_scale": ClassText.defaultLogitScale]) { $0.merge($1.numbers) { $1 } }
    }

    /// Restores a classifier from its ``tensors`` and ``numbers``; ignores other tensors.
    ///
    /// `file` is the file's name in error messages.
    ///
    /// - Throws: `badData` if tensors or numbers are missing or contradict each other.
    package init(
        tensors: [String: Matrix], numbers: [String: Float], readsRaw: Bool, classCount: Int, file: String
    ) throws(Fault) {
        let stored = StoredTensors(tensors: tensors, numbers: numbers, classCount: classCount, file: file)
        var parts: [any ClassifierPart] = []
        for form in classifierParts { if let part = try form.init(from: stored) { parts.append(part) } }
        self.init(parts: parts)
        self.readsRaw = readsRaw
        let widths = parts.compactMap(\.width)
        guard width > 0, widths.allSatisfy({ $0 == width }) else {
            throw stored.damaged("tensors of widths \(widths)", "one")
        }
        guard !terms.isEmpty else { throw stored.damaged("no tensors that give logits", "texts, weights or keys") }
        for part in parts { try part.check(width: width, in: stored) }
    }
}

extension Matrix {
    /// One row [1×N].
    package init(row elements: [Float]) { self.init(elements, rows: 1, columns: elements.count) }
}
