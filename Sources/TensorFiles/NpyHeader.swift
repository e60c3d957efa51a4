internal import Core

/// The header of a `.npy` file: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NpyHeader {
    /// The decoded `descr`: byte order, kind, and size, as in `<f4`.
    enum Content: Equatable {
        case elements(ElementType, isBigEndian: Bool)
        /// Strings of `width` four-byte characters.
        case text(width: Int, isBigEndian: Bool)
        /// Strings of `width` bytes.
        case byteText(width: Int)
    }

    let content: Content
    let isFortranOrder: Bool
    let shape: [Int]
    /// The byte offset of the elements in the file.
    let dataOffset: Int

    /// The maximum length in bytes; only structured types have longer headers.
    static let maximumLength = 1 << 16

    /// Parses the header of `file`; `path` names the file in errors.
    ///
    /// - Throws: `badData` if the header is invalid.
    init(_ file: RawSpan, path: String) throws(Fault) {
        let bytes = Span<UInt8>(_bytes: file)
        let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
        guard bytes.count >= 10, magic.indices.allSatisfy({ bytes[$0] == magic[$0] }) else {
            throw .otherContent(
                path, bytes, found: "no .npy signature in the first bytes", expected: "a file written by numpy.save",
                remedy: "write it again with numpy.save")
        }
        let isLong = bytes[6] != 1
        guard (1 ... 3).contains(bytes[6]), bytes[7] == 0, bytes.count >= (isLong ? 12 : 10) else {
            throw .badData(path, found: "version \(bytes[6]).\(bytes[7])", expected: "version 1.0, 2.0, or 3.0")
        }
        var length = Int(bytes[8]) | Int(bytes[9]) << 8
        if isLong { length |= Int(bytes[10]) << 16 | Int(bytes[11]) << 24 }
        let start = isLong ? 12 : 10
        guard length <= Self.maximumLength else {
            throw .badData(
                path, found: "a header of \(grouped(length)) bytes", expected: "at most \(grouped(Self.maximumLength))",
                remedy: "save a plain array of numbers")
        }
        guard length <= bytes.count - start else {
            throw .badData(
                path, found: "a header of \(length) bytes in a file of \(bytes.count)", expected: "the complete header",
                remedy: "copy the truncated file again")
        }
        var parser = NpyDictionary(bytes.extracting(start ..< start + length), path: path)
        try parser.parse()
        guard let descriptor = parser.descriptor, let order = parser.isFortranOrder, let shape = parser.shape else {
            throw .badData(
                path, found: "a header without all of 'descr', 'fortran_order', and 'shape'", expected: "all three",
                remedy: "write the file again with numpy.save")
        }
        content = try Self.content(of: descriptor, path: path)
        isFortranOrder = order
        self.shape = shape
        dataOffset = start + length
    }

    private static func content(of descriptor: String, path: String) throws(Fault) -> Content {
        let isBigEndian = descriptor.hasPrefix(">")
        let code = String(descriptor.dropFirst())
        if let order = descriptor.first, "<>|=".contains(order) {
            if let type = ElementType.allCases.first(where: { $0.npyCode == code }) {
                return .elements(type, isBigEndian: isBigEndian)
            }
            if code.hasPrefix("U"), let width = Int(code.dropFirst()), (1 ... 1 << 20).contains(width) {
                return .text(width: width, isBigEndian: isBigEndian)
            }
            if code.hasPrefix("S"), let width = Int(code.dropFirst()), (1 ... 1 << 20).contains(width) {
                return .byteText(width: width)
            }
        }
        let isObject = descriptor.hasSuffix("O")
        throw .badData(
            path, found: isObject ? "pickled Python objects ('\(descriptor)')" : "elements of type '\(descriptor)'",
            expected: "f2, f4, f8, i1, i2, i4, i8, u1, or b1 elements",
            remedy: isObject
                ? "save a plain array, such as numpy.stack(list(x)) or x.astype(str); objects are never executed"
                : "convert the array with .astype and save it again"
        )
    }
}
