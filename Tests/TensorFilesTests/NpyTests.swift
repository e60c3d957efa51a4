import Core
import TensorFiles
import TestSupport
import Testing

/// Returns a `.npy` file with the header `dictionary` and `data` zero bytes.
func npy(_ dictionary: String, data: Int, version: UInt8 = 1) -> [UInt8] {
    let text = Array(dictionary.utf8) + [0x0A]
    var length = [UInt8(text.count & 255), UInt8(text.count >> 8 & 255)]
    if version > 1 { length += [UInt8(text.count >> 16 & 255), UInt8(text.count >> 24 & 255)] }
    return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0] + length + text + [UInt8](repeating: 0, count: data)
}

@Test(arguments: ElementType.allCases.filter { $0 != .bfloat16 })
func npyFilesAreReadAsWritten(_ type: ElementType) throws {
    let scratch = try ScratchFolder()
    let bytes = (0 ..< 12 * type.width).map { UInt8($0 % 2) }
    let tensor = Tensor(bytes, shape: [4, 3], type: type, source: scratch.file("x.npy"))
    try writeNpy(tensor.view, to: scratch.file("x.npy"))
    #expect(try NpyFile(path: scratch.file("x.npy")).tensor.owned() == tensor)
}

@Test func aBFloat16ArrayCannotBeANpyFile() throws {
    let scratch = try ScratchFolder()
    let tensor = Tensor([0, 0], shape: [1], type: .bfloat16)
    let path = scratch.file("x.npy")
    #expect(fault { try writeNpy(tensor.view, to: path) }?.found == "bfloat16 elements")
    // A writer that is dropped leaves nothing either.
    do {
        var writer = try NpyWriter(scratch.file("x.npy"), shape: [2], type: .int8)
        try writer.append(Tensor([1], shape: [1], type: .int8).view.bytes)
    }
    let isEmpty = scratch.isEmpty
    #expect(isEmpty)
}

@Test func rowsAndConversionsFollowTheShape() throws {
    let scratch = try ScratchFolder()
    try writeNpy(Tensor((0 ..< 12).map { Float($0) }, shape: [4, 3]).view, to: scratch.file("x.npy"))
    let file = try NpyFile(path: scratch.file("x.npy"))
    #expect(file.tensor.rows(1 ..< 3).floats() == [3, 4, 5, 6, 7, 8])
    var output = [Float](repeating: -1, count: 4)
    file.tensor.copyFloats(10 ..< 12, into: &output)
    #expect(output == [10, 11, -1, -1])
    let tensor = file.tensor.owned()
    #expect(fault { _ = try tensor.view.integers() }?.found == "float32 values")
}

@Test func everyTypeIsConvertedToFloat() {
    let one: [(ElementType, [UInt8])] = [
        (.float16, [0, 0x3C]), (.bfloat16, [0x80, 0x3F]), (.float32, [0, 0, 0x80, 0x3F]),
        (.float64, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]), (.int8, [1]), (.uint8, [1]), (.int16, [1, 0]),
        (.int32, [1, 0, 0, 0]), (.int64, [1, 0, 0, 0, 0, 0, 0, 0]), (.bool, [1]),
    ]
    for (type, bytes) in one { #expect(Tensor(bytes, shape: [], type: type).view.floats() == [1], "\(type)") }
}

/// Returns a `.npy` file with the shape `shape` and `data` zero bytes.
private func npy(descr: String = "<f4", shape: String, data: Int) -> [UInt8] {
    npy("{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }", data: data)
}

private let hostile: [(String, [UInt8], String)] = [
    ("cut short in the signature", [0x93, 0x4E, 0x55], "no .npy signature"),
    ("another format", Array("PK\u{3}\u{4} and more".utf8), "a zip archive"),
    ("a future version", npy("{}", data: 0, version: 4), "version 4.0"),
    ("no keys", npy("{}", data: 0), "without all of"),
    (
        "a long header", [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 255, 255, 255, 127, 0, 0],
        "a header of 2,147,483,647 bytes"
    ),
    ("a header past the end", [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 100, 0, 0x7B], "a header of 100 bytes"),
    ("a key twice", npy("{'descr': '<f4', 'descr': '<f4'}", data: 0), "the key 'descr'"),
    ("an unknown key", npy("{'descr': '<f4', 'order': 'C'}", data: 0), "the key 'order'"),
    ("an expression", npy("{'descr': __import__('os')}", data: 0), "no quoted word"),
    ("a structured type", npy("{'descr': [('a', '<f4')]}", data: 0), "a structured type"),
    ("objects", npy(descr: "|O", shape: "(1,)", data: 8), "pickled Python objects"),
    ("complex numbers", npy(descr: "<c8", shape: "(1,)", data: 8), "'<c8'"),
    (
        "a number instead of a tuple", npy(shape: "(1)", data: 4),
        "not a tuple"
    ),
    ("a negative axis", npy(shape: "(-1,)", data: 4), "no integer"),
    (
        "too large an axis",
        npy(shape: "(99999999999999999999,)", data: 4), "64 bits"
    ),
    (
        "an overflowing shape",
        npy(shape: "(4294967296, 4294967296)", data: 4), "4 bytes"
    ),
    (
        "an overflowing empty shape",
        npy("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 4294967296, 4294967296), }", data: 0), "0 bytes"
    ),
    ("too few bytes", npy(shape: "(3,)", data: 11), "11 bytes"),
    ("bytes after the array", npy(shape: "(3,)", data: 13), "13 bytes"),
    (
        "many axes",
        npy(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (" + String(repeating: "1,", count: 65) + "), }", data: 4
        ), "axes"
    ),
    (
        "text after the dictionary", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", data: 4),
        "text after"
    ),
]

@Test(arguments: hostile.indices) func aHostileNpyFileIsRejected(_ index: Int) throws {
    let (name, bytes, found) = hostile[index]
    try expectRejection(of: name, bytes, found) { path throws(Fault) in _ = try NpyFile(path: path) }
}

@Test func missingAndEmptyFilesAreRejected() throws {
    let scratch = try ScratchFolder()
    let none = scratch.file("none.npy")
    #expect(fault { _ = try NpyFile(path: none) }?.status == .noInput)
    let path = try scratch.write([], "empty")
    #expect(fault { _ = try NpyFile(path: path) }?.found == "an empty file")
    #expect(fault { _ = try SafetensorsFile(path: path) }?.found == "an empty file")
    #expect(fault { _ = try TorchFile(path: path) }?.found == "an empty file")
}

@Test func stringsOfZeroWidthAreRejected() throws {
    try expectRejection(of: "no width", npy(descr: "<U0", shape: "(9223372036854775807,)", data: 0), "'<U0'") {
        path throws(Fault) in _ = try NpyFile.strings(path: path)
    }
}
