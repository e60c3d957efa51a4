public import Core
public import Kernels

/// The tensors and numbers of a saved classifier, each checked before it is used.
public struct StoredTensors: Sendable {
    /// All tensors, by name.
    public let tensors: [String: Matrix]
    /// All numbers, by name.
    public let numbers: [String: Float]
    /// C.
    public let classCount: Int
    /// The file's name in error messages.
    let file: String

    func damaged(_ found: String, _ expected: String) -> Fault {
        .badData(file, found: found, expected: expected, remedy: "train the run again")
    }

    /// The tensor called `name`; nil if there is none.
    ///
    /// - Throws: `badData` if it has another shape.
    public func matrix(_ name: String, rows: Int? = nil, columns: Int? = nil) throws(Fault) -> Matrix? {
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
    public func required(_ name: String, rows: Int? = nil, columns: Int? = nil) throws(Fault) -> Matrix {
        guard let matrix = try matrix(name, rows: rows, columns: columns) else { throw damaged("no \(name)", "one") }
        return matrix
    }

    /// The number called `name`.
    ///
    /// - Throws: `badData` if it is missing or not finite.
    public func number(_ name: String) throws(Fault) -> Float {
        guard let number = numbers[name], number.isFinite else { throw damaged("no \(name)", "a number") }
        return number
    }

    /// The `count` whole numbers from 0 in the tensor called `name` [1×count]; nil if there is none.
    ///
    /// - Throws: `badData` if it has another shape, or an element is no whole number below `limit`.
    public func indices(_ name: String, count: Int, below limit: Int) throws(Fault) -> [Int]? {
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
    public var tensors: [String: Matrix] {
        parts.reduce(into: [:]) { all, part in
            all.merge(part.tensors) { _, _ in preconditionFailure("two tensors of one name") }
        }
    }

    /// The numbers that belong to the tensors, by name.
    public var numbers: [String: Float] {
        // Every file states the scale, also of a classifier without texts.
        parts.reduce(into: ["logit_scale": ClassText.defaultLogitScale]) { $0.merge($1.numbers) { $1 } }
    }

    /// Restores a classifier from its ``tensors`` and ``numbers``; ignores other tensors.
    ///
    /// `file` is the file's name in error messages.
    ///
    /// - Throws: `badData` if tensors or numbers are missing or contradict each other.
    public init(
        tensors: [String: Matrix], numbers: [String: Float], readsRaw: Bool, classCount: Int, file: String
    ) throws(Fault) {
        let stored = StoredTensors(tensors: tensors, numbers: numbers, classCount: classCount, file: file)
        self.init(classCount: classCount)
        self.readsRaw = readsRaw
        for form in classifierParts {
            guard let part = try form.init(from: stored) else { continue }
            append(part)
        }
        let widths = parts.compactMap(\.width)
        guard width > 0, widths.allSatisfy({ $0 == width }) else {
            throw stored.damaged("tensors of widths \(widths)", "one")
        }
        for part in parts { try part.check(width: width, in: stored) }
    }
}
