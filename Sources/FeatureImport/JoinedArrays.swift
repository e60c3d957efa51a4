internal import Core
internal import TensorFiles

/// Matrices in several `.npy` files that are read as one, such as the pieces of clip-retrieval.
struct JoinedArrays: ArrayFile {
    let path: String
    let entries: [ArrayListing.Entry]
    /// The files, in the order of their rows.
    let files: [String]

    /// Lists the matrix of all rows of `files` in the folder `path`.
    ///
    /// - Throws: `badData` if a file is damaged, or their widths or types differ.
    init(path: String, files: [String]) throws(Fault) {
        self.path = path
        self.files = files
        var rows = 0
        var first: ArrayListing.Entry?
        for file in files {
            let listing = try ArrayListing(path: file)
            guard let entry = listing.entries.first, listing.entries.count == 1, entry.shape.count == 2,
                entry.shape[1] == (first ?? entry).shape[1], entry.content == (first ?? entry).content
            else {
                throw .badData(
                    file, found: "the shape \(listing.entries.first?.shape ?? [])",
                    expected: first.map { "rows of the width and type of \(files[0]), \($0.shape[1])" } ?? "a matrix",
                    remedy: "use pieces of one run")
            }
            if case .other(let fault) = entry.content { throw fault }
            first = first ?? entry
            rows += entry.shape[0]
        }
        guard let first else {
            throw Fault(
                .noInput, path, found: "no .npy file", expected: "pieces such as img_emb_0.npy",
                remedy: "check the path")
        }
        entries = [.init(name: "", shape: [rows, first.shape[1]], content: first.content)]
    }

    func withTensor<Result>(
        _ name: String, isTransposed: Bool, _ body: (TensorView, _ release: () -> Void) throws(Fault) -> Result
    ) throws(Fault) -> Result {
        guard case .numbers(let type) = entries[0].content else {
            throw .badData(path, found: "strings", expected: "numbers", remedy: "use another folder")
        }
        var bytes: [UInt8] = []
        for file in files { bytes += try NpyFile(path: file).tensor.owned().bytes }
        let stored = Tensor(bytes, shape: entries[0].shape, type: type, source: path)
        let tensor = isTransposed ? stored.view.transposed() : stored
        return try body(tensor.view) {}
    }

    func texts(_ name: String) throws(Fault) -> [String] {
        throw .badData(path, found: "no texts", expected: "an array of texts", remedy: "use another file")
    }
}
