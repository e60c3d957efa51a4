public import Core

/// A memory-mapped `.npy` file of numbers.
///
/// Little-endian arrays in C order, the usual output of `numpy.save`, are used as mapped. Arrays in Fortran order or
/// big-endian byte order are copied into memory when the file is opened.
public struct NpyFile: ~Copyable {
    /// The path of the file.
    public let path: String
    private let file: MappedFile
    private let array: NpyArray

    /// The lengths of the axes.
    public var shape: [Int] { array.shape }
    /// The type of the elements.
    public var type: ElementType { array.type }

    /// Maps the file at `path` and checks its header against its size.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is not a complete array of numbers.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        array = try NpyArray(file.bytes, path: path)
        self.path = path
        self.file = file
    }

    /// A view of the array, valid while the file is open.
    public var tensor: TensorView {
        @_lifetime(borrow self) borrowing get {
            if array.rearranged != nil { return rearrangedView }
            return TensorView(file.bytes.extracting(array.range), shape: shape, type: type, source: path)
        }
    }

    private var rearrangedView: TensorView {
        @_lifetime(borrow self) borrowing get {
            guard let bytes = array.rearranged?.bytes.span else { preconditionFailure("nothing was rearranged") }
            let view = TensorView(unsafe bytes.bytes, shape: shape, type: type, source: path)
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// Releases the memory pages of the rows `rows`.
    public borrowing func release(rows: Range<Int>) {
        guard array.rearranged == nil, let count = shape.first, count > 0 else { return }
        let start = array.range.lowerBound
        let rowBytes = array.range.count / count
        file.release(start + rows.lowerBound * rowBytes ..< start + rows.upperBound * rowBytes)
    }

    /// Computes the SHA-256 of the whole file.
    public borrowing func digest() -> Digest { Digest(of: file.bytes) }

    /// Reads an array of strings, such as `numpy.array(["airport", "beach"])`.
    ///
    /// - Throws: `badData` if the file does not hold a one-dimensional array of strings.
    public static func strings(path: String) throws(Fault) -> [String] {
        let file = try MappedFile(path: path)
        return try NpyArray.strings(file.bytes, path: path)
    }
}
