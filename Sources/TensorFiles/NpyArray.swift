internal import Core

/// The elements of an array in `.npy` format within a file's bytes, checked against their number.
struct NpyArray {
    let shape: [Int]
    let type: ElementType
    /// The byte range of the elements.
    let range: Range<Int>
    /// The elements in row-major, little-endian order if they are stored in another order, else nil.
    let rearranged: Tensor?

    /// The maximum size in bytes of an array that is rearranged in memory.
    static let rearrangingLimit = 1 << 30

    /// Parses the array in `bytes`; `path` names it in errors.
    ///
    /// - Throws: `badData` unless it is a complete array of numbers.
    init(_ bytes: RawSpan, path: String) throws(Fault) {
        let header = try NpyHeader(bytes, path: path)
        guard case .elements(let type, let isBigEndian) = header.content else {
            throw .badData(
                path, found: "strings", expected: "numbers", remedy: "give the path of a numeric array")
        }
        let range = try Self.dataRange(header, width: type.width, byteCount: bytes.byteCount, path: path)
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
            let stored = bytes.extracting(range)
            let strides = Self.fortranStrides(header.shape)
            var elements =
                isPermuted
                ? gathered(stored, shape: header.shape, strides: strides, offset: 0, width: type.width)
                : copied(stored)
            if isBigEndian { swapBytes(&elements, width: type.width) }
            rearranged = Tensor(elements, shape: header.shape, type: type, source: path)
        }
        shape = header.shape
        self.type = type
        self.range = range
        self.rearranged = rearranged
    }

    /// Reads the one-dimensional array of strings in `bytes`, such as `numpy.array(["airport", "beach"])`.
    ///
    /// - Throws: `badData` if there is another array.
    static func strings(_ bytes: RawSpan, path: String) throws(Fault) -> [String] {
        let header = try NpyHeader(bytes, path: path)
        guard header.shape.count == 1 else { throw notStrings(path) }
        let count = header.shape[0]
        switch header.content {
        case .text(let width, isBigEndian: false):
            let range = try dataRange(header, width: 4 * width, byteCount: bytes.byteCount, path: path)
            let codes = TensorView(bytes.extracting(range), shape: [count, width], type: .int32, source: path)
            return try texts(codes: try codes.integers(), count: count, width: width, path: path)
        case .byteText(let width):
            let range = try dataRange(header, width: width, byteCount: bytes.byteCount, path: path)
            let stored = copied(bytes.extracting(range))
            return try (0 ..< count).map { row throws(Fault) in
                let characters = trimmed(stored[row * width ..< (row + 1) * width])
                guard let text = String(validating: characters, as: UTF8.self) else {
                    throw Fault.badData(path, found: "an invalid character in string \(row)", expected: "UTF-8 text")
                }
                return text
            }
        case .text, .elements: throw notStrings(path)
        }
    }

    private static func texts(codes: [Int], count: Int, width: Int, path: String) throws(Fault) -> [String] {
        try (0 ..< count).map { row throws(Fault) in
            var scalars = String.UnicodeScalarView()
            for code in trimmed(codes[row * width ..< (row + 1) * width]) {
                guard let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else {
                    throw Fault.badData(path, found: "an invalid character in string \(row)", expected: "UTF-32 text")
                }
                scalars.append(scalar)
            }
            return String(scalars)
        }
    }

    /// Removes the zeros that fill a string up to its width.
    private static func trimmed<Code: FixedWidthInteger>(_ codes: ArraySlice<Code>) -> ArraySlice<Code> {
        codes[codes.startIndex ..< (codes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? codes.startIndex)]
    }

    private static func notStrings(_ path: String) -> Fault {
        .badData(
            path, found: "no list of little-endian strings", expected: "a one-dimensional array of type '<U...'",
            remedy: "save the strings as numpy.array([...])")
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
