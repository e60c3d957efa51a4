internal import CMatio
package import Core

/// A MATLAB file of version 4, 5 or 7, the format of Stanford Cars' and Flowers102's annotations.
///
/// The corresponding C library is libmatio, which is only given files that ``MatStructure`` has checked.
@safe package struct MatFile: ~Copyable {
    /// The path of the file.
    package let path: String
    /// The SHA-256 of the file.
    package let digest: Digest
    private let handle: OpaquePointer

    /// Opens the file at `path`.
    ///
    /// The corresponding C function is `Mat_Open`.
    ///
    /// - Throws: `badData` for a damaged file, a file of version 7.3, or a file of another format.
    package init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        if let found = MatStructure.fault(Span<UInt8>(_bytes: file.bytes)) {
            throw .badData(
                path, found: found, expected: Self.expected,
                remedy: "download the file again, or save it in MATLAB with the option -v7")
        }
        _ = Self.isSilent
        guard let opened = unsafe Mat_Open(path, Int32(MAT_ACC_RDONLY.rawValue)) else {
            throw .badData(
                path, found: "a file that libmatio cannot open", expected: Self.expected,
                remedy: "download the file again")
        }
        self.path = path
        digest = Digest(of: file.bytes)
        unsafe handle = opened
    }

    deinit { unsafe Mat_Close(handle) }

    /// Returns the integers of the array `name`, which must have one row.
    ///
    /// - Throws: `badData` for a missing or different variable.
    package borrowing func rowVector(_ name: String) throws(Fault) -> [Int] {
        try read(name, expected: "integers in one row") { $0.rowVector }
    }

    /// Returns the texts of the cell array `name`, which must have one row.
    ///
    /// - Throws: `badData` for a missing or different variable.
    package borrowing func cells(_ name: String) throws(Fault) -> [String] {
        try read(name, expected: "text cells in one row") { $0.cells }
    }

    /// Returns the fields `text` and `number` of each element of the structure array `name`, which must have one row.
    ///
    /// - Throws: `badData` for a missing or different variable.
    package borrowing func structs(
        _ name: String, text: String, number: String
    ) throws(Fault) -> [(text: String, number: Int)] {
        try read(name, expected: "structures in one row, with a text '\(text)' and an integer '\(number)'") {
            $0.structs(text: text, number: number)
        }
    }

    private borrowing func read<Value>(
        _ name: String, expected: String, _ value: (borrowing MatVariable) -> Value?
    ) throws(Fault) -> Value {
        let remedy: Remedy = "check that it is the right file, or download it again"
        guard let pointer = unsafe Mat_VarRead(handle, name) else {
            throw .badData(
                path, found: "no variable '\(name)', or a damaged one", expected: "a variable '\(name)'",
                remedy: remedy)
        }
        guard let read = value(unsafe MatVariable(owning: pointer)) else {
            throw .badData(
                path, found: "a variable '\(name)' of another type or shape", expected: expected, remedy: remedy)
        }
        return read
    }

    private static let expected = "a MATLAB file of version 4 to 7"

    /// Silences libmatio, which writes its warnings to stderr unless it has a log function.
    private static let isSilent: Bool = unsafe Mat_LogInitFunc("fewshot", { _, _ in }) == 0
}

/// A variable of a MATLAB file, freed with this value.
@safe private struct MatVariable: ~Copyable {
    private let pointer: UnsafeMutablePointer<matvar_t>

    /// Takes ownership of the result of `Mat_VarRead`.
    @unsafe init(owning pointer: UnsafeMutablePointer<matvar_t>) { unsafe self.pointer = pointer }

    deinit { unsafe Mat_VarFree(pointer) }

    var rowVector: [Int]? {
        guard let count = unsafe Self.rowCount(pointer) else { return nil }
        return unsafe Self.numbers(pointer, count: count)
    }

    var cells: [String]? {
        guard unsafe pointer.pointee.class_type == MAT_C_CELL, let count = unsafe Self.rowCount(pointer) else {
            return nil
        }
        var texts: [String] = []
        for index in 0 ..< count {
            guard let cell = unsafe Mat_VarGetCell(pointer, Int32(index)), let text = unsafe Self.text(cell) else {
                return nil
            }
            texts.append(text)
        }
        return texts
    }

    func structs(text: String, number: String) -> [(text: String, number: Int)]? {
        guard unsafe pointer.pointee.class_type == MAT_C_STRUCT, let count = unsafe Self.rowCount(pointer) else {
            return nil
        }
        var rows: [(text: String, number: Int)] = []
        for index in 0 ..< count {
            guard let texts = unsafe Mat_VarGetStructFieldByName(pointer, text, index),
                let numbers = unsafe Mat_VarGetStructFieldByName(pointer, number, index),
                let text = unsafe Self.text(texts), let number = unsafe Self.numbers(numbers, count: 1)?.first
            else { return nil }
            rows.append((text, number))
        }
        return rows
    }

    /// The number of elements in the only row; nil unless there is exactly one row.
    private static func rowCount(_ pointer: UnsafeMutablePointer<matvar_t>) -> Int? {
        let variable = unsafe pointer.pointee
        guard unsafe variable.rank == 2, let dims = unsafe variable.dims, unsafe dims[0] == 1 else { return nil }
        // MatStructure has checked that the file has at least as many bytes.
        return unsafe Int32(exactly: dims[1]).map(Int.init)
    }

    /// The text of a character array of one row; empty for an empty array.
    private static func text(_ pointer: UnsafeMutablePointer<matvar_t>) -> String? {
        let variable = unsafe pointer.pointee
        guard unsafe variable.class_type == MAT_C_CHAR, unsafe variable.rank == 2, let dims = unsafe variable.dims
        else { return nil }
        if unsafe dims[0] == 0 || dims[1] == 0 { return "" }
        guard let count = unsafe rowCount(pointer), let data = unsafe variable.data else { return nil }
        let buffer = unsafe UnsafeRawBufferPointer(start: data, count: variable.nbytes)
        switch unsafe variable.data_type {
        case MAT_T_UINT16, MAT_T_UTF16:
            guard buffer.count >= 2 * count else { return nil }
            return unsafe String(decoding: buffer.bindMemory(to: UInt16.self), as: UTF16.self)
        case MAT_T_UINT8, MAT_T_INT8, MAT_T_UTF8:
            return unsafe String(validating: buffer, as: UTF8.self)
        default: return nil
        }
    }

    /// The first `count` values of a numeric array; nil if there are fewer, or if one is not an integer.
    private static func numbers(_ pointer: UnsafeMutablePointer<matvar_t>, count: Int) -> [Int]? {
        let variable = unsafe pointer.pointee
        guard unsafe variable.isComplex == 0, let data = unsafe variable.data else { return nil }
        let buffer = unsafe UnsafeRawBufferPointer(start: data, count: variable.nbytes)
        func read<Number>(_ type: Number.Type, _ whole: (Number) -> Int?) -> [Int]? {
            let stride = MemoryLayout<Number>.stride
            guard buffer.count >= count * stride else { return nil }
            let numbers = (0 ..< count).compactMap { index in
                whole(unsafe buffer.loadUnaligned(fromByteOffset: index * stride, as: Number.self))
            }
            return numbers.count == count ? numbers : nil
        }
        switch unsafe variable.class_type {
        case MAT_C_DOUBLE: return read(Double.self) { Int(exactly: $0) }
        case MAT_C_SINGLE: return read(Float.self) { Int(exactly: $0) }
        case MAT_C_INT8: return read(Int8.self) { Int($0) }
        case MAT_C_UINT8: return read(UInt8.self) { Int($0) }
        case MAT_C_INT16: return read(Int16.self) { Int($0) }
        case MAT_C_UINT16: return read(UInt16.self) { Int($0) }
        case MAT_C_INT32: return read(Int32.self) { Int($0) }
        case MAT_C_UINT32: return read(UInt32.self) { Int($0) }
        case MAT_C_INT64: return read(Int64.self) { Int($0) }
        case MAT_C_UINT64: return read(UInt64.self) { Int(exactly: $0) }
        default: return nil
        }
    }
}
