import Core
import TensorFiles
import TestSupport
import Testing

/// Returns a file of torch's older format with the instructions `pickle` and one storage of `count` bytes.
private func legacy(_ pickle: [UInt8], storages: Bool = true, count: UInt8 = 4) -> [UInt8] {
    let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 3, 0x2E]
    let system: [UInt8] = [0x80, 2, 0x7D, 0x2E]
    let keys: [UInt8] = storages ? [0x80, 2, 0x5D] + text("0") + [0x61, 0x2E] : [0x80, 2, 0x5D, 0x2E]
    let data: [UInt8] = storages ? [count, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 7, count: Int(count)) : []
    return magic + version + system + pickle + [0x2E] + keys + data
}

/// Returns the instructions for a uint8 tensor with a storage of 4 bytes.
private func tensor(shape: [UInt8], strides: [UInt8], offset: [UInt8] = [0x4B, 0], count: [UInt8] = [0x4B, 4])
    -> [UInt8]
{
    let storage =
        [0x28] + text("storage") + global("torch", "ByteStorage") + text("0") + text("cpu") + count + [0x74, 0x51]
    let sizes: [UInt8] = [0x28] + shape + [0x74, 0x28] + strides + [0x74]
    return global("torch._utils", "_rebuild_tensor") + [0x28] + storage + offset + sizes + [0x74, 0x52]
}

private func number(_ value: Int32) -> [UInt8] {
    [0x4A] + (0 ..< 4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

@Test func aHandwrittenTensorIsRead() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(legacy(tensor(shape: [0x4B, 2, 0x4B, 3], strides: [0x4B, 1, 0x4B, 0])), "x.pt")
    let tensor = try TorchFile(path: path).tensor()
    #expect(tensor.shape == [2, 3] && tensor.bytes == [7, 7, 7, 7, 7, 7])
}

/// Returns a file with a uint8 tensor whose strides are 1.
private func vector(_ shape: [UInt8], offset: [UInt8] = [0x4B, 0], count: [UInt8] = [0x4B, 4]) -> [UInt8] {
    legacy(tensor(shape: shape, strides: [0x4B, 1], offset: offset, count: count))
}

private let hostile: [(String, [UInt8], String)] = [
    ("no magic", Array("hello".utf8), "neither a zip archive nor a pickle"),
    ("a plain pickle", [0x80, 2, 0x7D, 0x2E], "a pickle of Python objects"),
    ("nothing after the magic", Array(legacy([]).prefix(15)), "a pickle that ends"),
    ("no tensor", legacy([0x4E], storages: false), "no tensor"),
    ("an unknown instruction", legacy([0x69]), "instruction 0x69"),
    ("a new object", legacy(global("collections", "OrderedDict") + [0x29, 0x81]), "instruction 0x81"),
    ("an extension registry", legacy([0x82, 1]), "instruction 0x82"),
    ("an empty stack", legacy([0x61]), "an empty stack"),
    ("an open container", legacy([0x28, 0x4E]), "ends in a container"),
    ("a container never opened", legacy([0x74]), "closes a container never opened"),
    ("an unknown memory", legacy([0x68, 9]), "recalls a value never stored"),
    ("eval", legacy(global("builtins", "eval") + text("1") + [0x85, 0x52]), "'builtins.eval'"),
    ("a name with control characters", legacy(global("a\u{1B}[31m", "b")), "'a?[31m.b'"),
    ("a global without end", legacy([0x63] + [UInt8](repeating: 0x61, count: 1000)), "more than 256 bytes"),
    ("a call of a list", legacy([0x5D, 0x29, 0x52]), "not a function of torch"),
    ("attributes for a tensor", legacy(tensor(shape: [], strides: []) + [0x7D, 0x62]), "attributes"),
    ("a long text", legacy([0x8D, 255, 255, 255, 255, 255, 255, 255, 255]), "in the middle of a value"),
    ("an unexpected identifier", legacy(text("storage") + [0x51]), "persistent identifier"),
    ("a negative size", vector(number(-1)), "shape [-1]"),
    ("a negative stride", legacy(tensor(shape: [0x4B, 2], strides: number(-1), offset: [0x4B, 1])), "shape [2]"),
    ("more than the storage", vector([0x4B, 5]), "a tensor [5]"),
    ("an offset past the storage", vector([0x4B, 1], offset: [0x4B, 4]), "from element 4"),
    (
        "an overflowing stride",
        legacy(tensor(shape: [0x4B, 3], strides: [0x8A, 8, 255, 255, 255, 255, 255, 255, 255, 127])), "a tensor [3]"
    ),
    ("a storage larger than the file", vector([0x4B, 9], count: [0x4B, 9]), "too few bytes"),
    (
        "a tensor larger than its storage", legacy(tensor(shape: number(1 << 30), strides: [0x4B, 0])),
        "an expanded tensor"
    ),
    ("bytes after the storages", vector([0x4B, 4]) + [0], "1 bytes after"),
    ("a name twice", legacy([0x7D] + named("a") + named("a")), "'a' twice"),
    ("a cyclic list", legacy([0x5D, 0x71, 0, 0x68, 0, 0x61]), "too deep or too large"),
    ("a list that doubles", legacy(doubling(40)), "too deep or too large"),
    (
        "deep nesting", legacy([UInt8](repeating: 0x5D, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999)),
        "too deep or too large"
    ),
    ("many instructions", legacy([UInt8](repeating: 0x4E, count: 2_000_001)), "more than 2,000,000"),
]

/// Returns the instructions for an item of a dictionary.
private func named(_ name: String) -> [UInt8] { text(name) + tensor(shape: [], strides: []) + [0x73] }

/// Returns nested lists, each of which contains the next one twice.
private func doubling(_ levels: Int) -> [UInt8] { [0x5D] + (0 ..< levels).flatMap { _ in [0x32, 0x86] as [UInt8] } }

@Test(arguments: hostile.indices) func aHostileTorchFileIsRejected(_ index: Int) throws {
    let (name, bytes, found) = hostile[index]
    try expectRejection(of: name, bytes, found) { path throws(Fault) in _ = try TorchFile(path: path).tensor() }
}

@Test func aSingleTensorIsExpectedWithoutAName() {
    let fault = fault { _ = try TorchFile(path: fixture("nested.pt")).tensor() }
    #expect(fault?.found == "several named tensors")
    #expect(fault?.remedy.contains("'a.b.0'") == true)
}

@Test func aFlippedBitInAStorageIsDetected() throws {
    let scratch = try ScratchFolder()
    var bytes = try bytes(of: fixture("matrix.pt"))
    // The first occurrence of the tensor's bytes is the storage.
    let data = try TorchFile(path: fixture("matrix.pt")).tensor().bytes
    let offset = try #require(bytes.indices.first { bytes[$0...].starts(with: data) })
    bytes[offset + 5] ^= 1
    let path = try scratch.write(bytes, "x.pt")
    let fault = fault { _ = try TorchFile(path: path).tensor() }
    #expect(fault?.found == "damaged bytes in entry 'matrix/data/0'")
}

@Test func aZipDirectoryOfMoreEntriesThanTheFileHoldsIsRejected() throws {
    let scratch = try ScratchFolder()
    var long: [UInt8] = [0x50, 0x4B, 6, 6, 44, 0, 0, 0, 0, 0, 0, 0, 45, 0, 45, 0] + [UInt8](repeating: 0, count: 8)
    for _ in 0 ..< 2 { long += [0, 0, 0, 64, 0, 0, 0, 0] }
    long += [0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]
    let locator: [UInt8] = [0x50, 0x4B, 6, 7, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    let short: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + [UInt8](repeating: 255, count: 12) + [0, 0]
    let path = try scratch.write([0x50, 0x4B, 3, 4] + long + locator + short, "x.pt")
    let fault = fault { _ = try TorchFile(path: path) }
    #expect(
        fault?.found.contains("a zip directory of 1073741824 entries") == true, "\(fault?.description ?? "accepted")")
}
