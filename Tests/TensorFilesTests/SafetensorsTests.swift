import Core
import TensorFiles
import TestSupport
import Testing

/// Returns a `.safetensors` file with the header `json` and `data` zero bytes.
private func header(_ json: String, data: Int) -> [UInt8] {
    let text = Array(json.utf8)
    return (0 ..< 8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
        + [UInt8](repeating: 0, count: data)
}

@Test func safetensorsFilesAreReadAsWrittenAndAligned() throws {
    let scratch = try ScratchFolder()
    let tensors = [
        "keys": Tensor((0 ..< 6).map { Float($0) }, shape: [2, 3]), "a \"name\"/é": Tensor([1, 2], shape: [2]),
        "mask": Tensor([1, 0, 1], shape: [3], type: .bool), "none": Tensor([Float](), shape: [0, 4]),
    ]
    for name in ["x", "y"] {
        try writeSafetensors(tensors, metadata: ["tool": "test", "note": "a\nb"], to: scratch.file(name))
    }
    let written = try bytes(of: scratch.file("x"))
    #expect(try written == bytes(of: scratch.file("y")))
    #expect((8 + Int(written[0]) + Int(written[1]) << 8) % 64 == 0)
    let file = try SafetensorsFile(path: scratch.file("x"))
    #expect(file.names == tensors.keys.sorted())
    #expect(file.metadata == ["tool": "test", "note": "a\nb"])
    for (name, tensor) in tensors {
        let view = try file.tensor(name)
        #expect(view.shape == tensor.shape && view.type == tensor.type && view.owned().bytes == tensor.bytes)
    }
}

@Test func anUnknownTensorIsRejectedWithTheKnownNames() {
    let fault = fault { _ = try SafetensorsFile(path: fixture("all.safetensors")).description(of: "images") }
    #expect(fault?.found == "no tensor 'images'")
    #expect(fault?.expected.contains("float16, float32") == true)
}

@Test func anUnsupportedTypeIsRejectedOnlyWhenRequested() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(tensors(entry("a", type: "F8_E4M3", "3", "0,3"), data: 3), "x")
    let fault = fault { _ = try SafetensorsFile(path: path).description(of: "a") }
    #expect(fault?.found == "tensor 'a' of type F8_E4M3")
}

/// Returns the header's entry of a tensor.
private func entry(_ name: String, type: String = "U8", _ shape: String, _ offsets: String) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
}

/// Returns a file with tensors and `data` zero bytes.
private func tensors(_ entries: String..., data: Int) -> [UInt8] {
    header("{\(entries.joined(separator: ","))}", data: data)
}

private let hostile: [(String, [UInt8], String)] = [
    ("no length", [1, 2, 3], "3 bytes"),
    ("a huge header", [255, 255, 255, 255, 255, 255, 255, 255, 0x7B, 0x7D], "a header of 18446744073709551615 bytes"),
    ("a header past the end", [50, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D], "a header of 50 bytes in a file of 10"),
    ("no object", header("[]", data: 0), "does not start with '{'"),
    ("an empty header", header("", data: 0), "does not start with '{'"),
    ("unused bytes", header("{}", data: 1), "1 bytes of data"),
    ("text after the object", header("{} {}", data: 0), "text after"),
    ("a hole", tensors(entry("a", "1", "0,1"), entry("b", "1", "2,3"), data: 3), "tensor 'b' at byte 2"),
    ("an overlap", tensors(entry("a", "2", "0,2"), entry("b", "2", "1,3"), data: 3), "tensor 'b' at byte 1"),
    ("a shared range", tensors(entry("a", "2", "0,2"), entry("b", "2", "0,2"), data: 2), "tensor 'b' at byte 0"),
    ("past the end", tensors(entry("a", "4", "0,4"), data: 3), "3 bytes of data"),
    ("falling offsets", tensors(entry("a", "1", "1,0"), data: 1), "an incomplete description"),
    ("a wrong size", tensors(entry("a", type: "F32", "2", "0,4"), data: 4), "4 bytes for tensor 'a'"),
    (
        "an overflowing shape", tensors(entry("a", type: "F32", "4294967296,4294967296", "0,0"), data: 0),
        "0 bytes for tensor 'a'"
    ),
    ("an overflowing offset", tensors(entry("a", "1", "0,99999999999999999999"), data: 1), "64 bits"),
    ("a negative offset", tensors(entry("a", "1", "-1,0"), data: 1), "no integer"),
    ("a key twice", tensors(entry("a", "1", "0,1"), entry("a", "1", "0,1"), data: 1), "the tensor 'a' twice"),
    (
        "a key twice by an escape", tensors(entry("a", "1", "0,1"), entry(#"\u0061"#, "1", "0,1"), data: 1),
        "the tensor 'a' twice"
    ),
    (
        "an unknown field", header(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}"#, data: 1),
        "the field 'x'"
    ),
    ("an unknown type", tensors(entry("a", type: "X8", "1", "0,1"), data: 1), "the unknown type 'X8'"),
    ("metadata that are not text", header(#"{"__metadata__":{"a":1}}"#, data: 0), "no '\"'"),
    ("deep nesting", header(#"{"a":"# + String(repeating: "[", count: 100_000), data: 0), "no '{'"),
    ("an unterminated string", header(#"{"a"#, data: 0), "unterminated"),
    ("half a surrogate pair", header(#"{"\ud800":{}}"#, data: 0), "surrogate"),
]

@Test(arguments: hostile.indices) func aHostileSafetensorsFileIsRejected(_ index: Int) throws {
    let (name, bytes, found) = hostile[index]
    try expectRejection(of: name, bytes, found) { path throws(Fault) in _ = try SafetensorsFile(path: path) }
}

@Test func longListsOfNamesAreShortenedInMessages() throws {
    let scratch = try ScratchFolder()
    let names = (0 ..< 30).map { "\($0)" + String(repeating: "x", count: $0 == 15 ? 5000 : 9) }
    let tensors = Dictionary(uniqueKeysWithValues: names.map { ($0, Tensor([1], shape: [1])) })
    try writeSafetensors(tensors, to: scratch.file("long.safetensors"))
    let path = scratch.file("long.safetensors")
    let rejected = fault {
        let file = try SafetensorsFile(path: path)
        _ = try file.tensor("y").shape
    }
    #expect(rejected?.expected.hasPrefix("one of 0xxxxxxxxx, 10xxxxxxxxx, ") == true)
    #expect(rejected?.expected.hasSuffix(", ...") == true && (rejected?.description.count ?? 0) < 600)
}
