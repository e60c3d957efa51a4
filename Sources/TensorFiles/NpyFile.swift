public import Core

/// A memory-mapped `.npy` file of numbers.
///
/// Little-endian arrays in C order, the usual output of `numpy.save`, are used as mapped. Arrays in Fortran order or
/// big-endian byte order are copied into memory when the file is opened.
public struct NpyFile: ~Copyable {
    /// The path of the file.
    public let path: String
    /// The lengths of the axes.
    public let shape: [Int]
    /// The type of the elements.
    public let type: ElementType
    private let file: MappedFile
    private let range: Range<Int>
    /// The elements in row-major, little-endian order if the file has another order, else nil.
    private let rearranged: Tensor?

    /// The maximum size in bytes of an array that is rearranged in memory.
    static let rearrangingLimit = 1 << 30

    /// Maps the file at `path` and checks its header against its size.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is not a complete array of numbers.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        let header = try NpyHeader(file.bytes, path: path)
        guard case .elements(let type, let isBigEndian) = header.content else {
            throw .badData(
                path, found: "strings", expected: "numbers", remedy: "give the path of a numeric array")
        }
        let range = try Self.dataRange(header, width: type.width, byteCount: file.byteCount, path: path)
        // The two orders have equal bytes unless at least two axes are longer than 1.
        let isPermuted = header.isFortranOrder && header.shape.filter { $0 > 1 }.count > 1
        var rearranged: Tensor?
        if isPermuted || (isBigEndian && type.width > 1) {
            guard range.count <= Self.rearrangingLimit else {
                throw .badData(
                    path, found: "\(grouped(range.count)) bytes in \(isPermuted ? "Fortran" : "big-endian") order",
                    expected: "C order and little-endian numbers above \(grouped(Self.rearrangingLimit)) bytes",
                    remedy: "save numpy.ascontiguousarray(x).astype(x.dtype.newbyteorder('<'))")
            }
            let stored = file.bytes.extracting(range)
            let strides = Self.fortranStrides(header.shape)
            var bytes =
                isPermuted
                ? gathered(stored, shape: header.shape, strides: strides, offset: 0, width: type.width)
                : copied(stored)
            if isBigEndian { swapBytes(&bytes, width: type.width) }
            rearranged = Tensor(bytes, shape: header.shape, type: type, source: path)
        }
        self.path = path
        self.shape = header.shape
        self.type = type
        self.range = range
        self.rearranged = rearranged
        self.file = file
    }

    /// A view of the array, valid while the file is open.
    public var tensor: TensorView {
        @_lifetime(borrow self) borrowing get {
            if rearranged != nil { return rearrangedView }
            return TensorView(file.bytes.extracting(range), shape: shape, type: type, source: path)
        }
    }

    private var rearrangedView: TensorView {
        @_lifetime(borrow self) borrowing get {
            guard let bytes = rearranged?.bytes.span else { preconditionFailure("nothing was rearranged") }
            let view = TensorView(unsafe bytes.bytes, shape: shape, type: type, source: path)
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// Releases the memory pages of the rows `rows`.
    public borrowing func release(rows: Range<Int>) {
        guard rearranged == nil, let count = shape.first, count > 0 else { return }
        let rowBytes = range.count / count
        file.release(range.lowerBound + rows.lowerBound * rowBytes ..< range.lowerBound + rows.upperBound * rowBytes)
    }

    /// Computes the SHA-256 of the whole file.
    public borrowing func digest() -> Digest { Digest(of: file.bytes) }

    /// Reads an array of strings, such as `numpy.array(["airport", "beach"])`.
    ///
    /// - Throws: `badData` if the file does not hold a one-dimensional array of strings.
    public static func strings(path: String) throws(Fault) -> [String] {
        let file = try MappedFile(path: path)
        let header = try NpyHeader(file.bytes, path: path)
        guard case .text(let width, false) = header.content, header.shape.count == 1 else {
            throw .badData(
                path, found: "no list of little-endian strings", expected: "a one-dimensional array of type '<U...'",
                remedy: "save the strings as numpy.array([...])")
        }
        let range = try dataRange(header, width: 4 * width, byteCount: file.byteCount, path: path)
        let codes = TensorView(
            file.bytes.extracting(range), shape: [header.shape[0], width], type: .int32, source: path)
        let characters = try codes.integers()
        var strings: [String] = []
        for row in 0 ..< header.shape[0] {
            var scalars = String.UnicodeScalarView()
            for code in characters[row * width ..< (row + 1) * width].reversed().drop(while: { $0 == 0 }).reversed() {
                guard let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else {
                    throw .badData(path, found: "an invalid character in string \(row)", expected: "UTF-32 text")
                }
                scalars.append(scalar)
            }
            strings.append(String(scalars))
        }
        return strings
    }

    private static func dataRange(
        _ header: NpyHeader, width: Int, byteCount: Int, path: String
    ) throws(Fault) -> Range<Int> {
        let available = byteCount - header.dataOffset
        let needed = TensorShape.byteCount(header.shape, width: width)
        guard needed == available else {
            let size = needed.map { "\(grouped($0)) bytes" } ?? "a number that fits 64 bits"
            throw .badData(
                path, found: "\(grouped(available)) bytes of elements",
                expected: "\(size) for the shape \(TensorShape.text(header.shape))",
                remedy: "create or copy the file again")
        }
        return header.dataOffset ..< byteCount
    }

    private static func fortranStrides(_ shape: [Int]) -> [Int] {
        var strides: [Int] = []
        var step = 1
        for extent in shape {
            strides.append(step)
            step *= max(extent, 1)
        }
        return strides
    }
}
