internal import Core
internal import TensorFiles

/// A file of arrays, or several files that are read as one.
protocol ArrayFile: Sendable {
    /// The path of the file, or of the folder of several.
    var path: String { get }
    /// The arrays.
    var entries: [ArrayListing.Entry] { get }

    /// Calls `body` with a view of the array of numbers called `name` and a function that releases its memory pages.
    ///
    /// With `isTransposed` the view is of a copy with the two axes exchanged.
    ///
    /// - Throws: `badData` if it is damaged or has no numbers, and errors of `body`.
    func withTensor<Result>(
        _ name: String, isTransposed: Bool, _ body: (TensorView, _ release: () -> Void) throws(Fault) -> Result
    ) throws(Fault) -> Result

    /// Reads the one-dimensional array of texts called `name`.
    func texts(_ name: String) throws(Fault) -> [String]
}

extension ArrayListing: ArrayFile {}

/// Opens the file of arrays at `path`, whose format follows from its first bytes or else its suffix.
///
/// - Throws: `noInput` if it does not exist, `badData` if it is damaged or of no supported format.
func arrayFile(at path: String) throws(Fault) -> any ArrayFile {
    if TableArrays.isTable(path) { return try TableArrays(path: path) }
    return try ArrayListing(path: path)
}
