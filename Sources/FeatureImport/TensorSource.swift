internal import Core
internal import TensorFiles

/// A file of arrays and the name of one of them, as given: `features.npz:train_features`.
struct ArrayReference: Equatable {
    let path: String
    /// The name after a colon; nil if there is none.
    var name: String?

    /// Splits `text` at the last colon that follows the path of a file; a path may itself contain colons.
    init(_ text: String) {
        let colon = text.indices.last { text[$0] == ":" && FileKind(at: String(text[..<$0])) != .absent }
        guard let colon, FileKind(at: text) == .absent else {
            self.init(path: text, name: nil)
            return
        }
        self.init(path: String(text[..<colon]), name: String(text[text.index(after: colon)...]))
    }

    init(path: String, name: String?) {
        self.path = path
        self.name = name
    }
}

/// An array to import.
struct TensorSource: Sendable {
    /// The path of the file.
    let path: String
    /// The name in the file; empty in a file of a single array without a name.
    let name: String
    /// Whether the matrix is read with its axes exchanged.
    var isTransposed = false
    private let file: any ArrayFile
    private let entry: ArrayListing.Entry

    /// Finds the array that `reference` names, or else the one that has the role in the file.
    ///
    /// - Throws: `noInput` or `badData` if there is no such array.
    init(_ reference: ArrayReference, _ role: ArrayRole, part: Subset? = nil) throws(Fault) {
        let file = try arrayFile(at: reference.path)
        try self.init(file, file.entry(for: role, named: reference.name, part: part))
    }

    /// Takes an array of `file`.
    ///
    /// - Throws: `badData` if its elements are not read.
    init(_ file: any ArrayFile, _ entry: ArrayListing.Entry) throws(Fault) {
        self.file = file
        self.entry = entry
        path = file.path
        name = entry.name
        if case .other(let fault) = entry.content { throw fault }
    }

    /// The path and the name, for messages.
    var title: String { name.isEmpty ? path : "\(path): \(name)" }

    /// Whether the file has other arrays.
    var isOneOfSeveral: Bool { file.entries.count > 1 }

    /// Whether the elements are texts and not numbers.
    var holdsTexts: Bool { entry.content == .texts }

    /// The lengths of the axes.
    var shape: [Int] { isTransposed ? entry.shape.reversed() : entry.shape }

    /// The type of the numbers.
    ///
    /// - Throws: `badData` for texts.
    func type() throws(Fault) -> ElementType {
        guard case .numbers(let type) = entry.content else {
            throw .badData(path, found: "strings", expected: "numbers", remedy: "give the path of a numeric array")
        }
        return type
    }

    /// Calls `body` with a view of the tensor and a function that releases its memory pages.
    ///
    /// - Throws: `badData` if the file is damaged, and errors of `body`.
    func withTensor<Result>(
        _ body: (TensorView, _ release: () -> Void) throws(Fault) -> Result
    ) throws(Fault) -> Result {
        try file.withTensor(name, isTransposed: isTransposed, body)
    }

    /// Reads a one-dimensional array of whole numbers; a column is one, too.
    func numbers() throws(Fault) -> [Int] {
        try withTensor { tensor, _ throws(Fault) in
            guard tensor.shape.count == 1 || (tensor.shape.count == 2 && tensor.shape[1] == 1) else {
                throw Fault.badData(
                    path, found: "the shape \(tensor.shape)", expected: "a one-dimensional array of integers",
                    remedy: "save one number per row")
            }
            return try tensor.wholeNumbers()
        }
    }

    /// Reads a one-dimensional array of texts.
    func texts() throws(Fault) -> [String] { try file.texts(name) }
}
