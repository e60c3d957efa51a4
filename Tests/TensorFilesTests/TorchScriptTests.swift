import Core
import TensorFiles
import TestSupport
import Testing

/// Returns the path of a file written by `make_torch_script.py`.
private func script(_ name: String) -> String { TestSupport.fixture("torchscript/\(name)") }

/// Returns an archive that contains the pickle `openai.pkl` and its tensors.
private func handWrittenArchive(_ pickle: [UInt8]) throws -> [UInt8] {
    let model = try SafetensorsFile(path: script("model.safetensors"))
    var entries = [(name: "ViT-B-32/data.pkl", bytes: pickle), (name: "ViT-B-32/version", bytes: Array("3\n".utf8))]
    for (number, name) in model.names.enumerated() {
        entries.append((name: "ViT-B-32/data/\(number)", bytes: try model.tensor(name).owned().bytes))
    }
    for (number, size) in [8, 6, 20].enumerated() {
        let bytes: [UInt8] = [UInt8(size), 0, 0, 0, 0, 0, 0, 0]
        entries.append((name: "ViT-B-32/data/\(model.names.count + number)", bytes: bytes))
    }
    return storedZip(entries)
}

@Test(arguments: ["scripted.pt", "traced.pt", "attributes.pt", "openai.pkl"])
func aTorchScriptArchiveHasTheTensorsOfItsState(_ name: String) throws {
    let scratch = try ScratchFolder()
    let isPickle = name.hasSuffix(".pkl")
    let path = isPickle ? try scratch.write(handWrittenArchive(bytes(of: script(name))), "x.pt") : script(name)
    let file = try TorchFile(path: path)
    let model = try SafetensorsFile(path: script("model.safetensors"))
    let others = try JSONDocument.read(
        [String: [String: Expectation]].self, from: script("expected.json"), expected: "a map of files")[name]
    let expected = try #require(others)
    #expect(file.names == ((name == "attributes.pt" ? [] : model.names) + expected.keys).sorted())
    for tensor in file.names {
        let found = try file.tensor(tensor)
        if let expected = expected[tensor] {
            check(found.view, expected, "\(name): \(tensor)")
        } else {
            let stored = try model.tensor(tensor)
            #expect(found.shape == stored.shape && found.type == stored.type, "\(name): \(tensor)")
            #expect(found.bytes == stored.owned().bytes, "\(name): \(tensor)")
        }
    }
}

// MARK: Handwritten pickles

/// The instructions for an object of a class defined by the archive, with attributes.
private func module(_ attributes: [UInt8]) -> [UInt8] { empty + [0x7D, 0x28] + attributes + [0x75, 0x62] }
private let empty: [UInt8] = global("__torch__.a", "B") + [0x29, 0x81]

/// The instructions for a tensor of 4 bytes.
private let tensor: [UInt8] =
    global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28] + text("storage") + global("torch", "ByteStorage")
    + text("0") + text("cuda:0") + [0x4B, 4, 0x74, 0x51, 0x4B, 0, 0x4B, 4, 0x85, 0x4B, 1, 0x85, 0x89]
    + global("collections", "OrderedDict") + [0x29, 0x52, 0x74, 0x52]

private func archive(_ pickle: [UInt8], and others: [String] = []) -> [UInt8] {
    storedZip(
        [(name: "x/data.pkl", bytes: [0x80, 2] + pickle + [0x2E]), (name: "x/data/0", bytes: [1, 2, 3, 4])]
            + others.map { (name: $0, bytes: [0]) })
}

private func jit(_ name: String) -> [UInt8] { global("torch.jit._pickle", name) }

/// Nested modules.
private func nested(_ levels: Int) -> [UInt8] {
    (0 ..< levels).reduce(module(text("t") + tensor)) { inner, _ in module(text("a") + inner) }
}

/// Nested modules, each of which contains the next one under two names.
private func doubling(_ levels: UInt8) -> [UInt8] {
    var pickle = module(text("t") + tensor)
    for level in 0 ..< levels {
        let inner: [UInt8] = [0x71, level, 0x30]
        pickle += inner + module(text("a") + [0x68, level] + text("b") + [0x68, level])
    }
    return pickle
}

/// A module that contains itself.
private let cyclic: [UInt8] = empty + [0x71, 0, 0x7D, 0x28] + text("a") + [0x68, 0, 0x75, 0x62]

/// A module of many attributes under many names.
private func wide(_ count: Int) -> [UInt8] {
    let attributes = (0 ..< count).flatMap { _ in [0x68, 9, 0x4E] as [UInt8] }
    let inner = text("n") + [0x71, 9, 0x30] + module(attributes) + [0x71, 0, 0x30]
    return inner + module((0 ..< count).flatMap { text("m\($0)") + [0x68, 0] })
}

/// Many dictionaries of one list of pairs.
private func copied(_ count: Int) -> [UInt8] {
    let pair: [UInt8] = [0x4B, 1, 0x4B, 2, 0x86]
    let list = [0x5D, 0x28] + (0 ..< count).flatMap { _ in pair } + [0x65, 0x85, 0x71, 0, 0x30] as [UInt8]
    let calls = (0 ..< count).flatMap { _ in [0x68, 1, 0x68, 0, 0x52, 0x30] as [UInt8] }
    return list + global("collections", "OrderedDict") + [0x71, 1] + calls
}

private let hostile: [(String, [UInt8], String)] = [
    ("an object of arguments", archive(global("__torch__", "A") + [0x4B, 1, 0x85, 0x52]), "created with arguments"),
    ("a new object of arguments", archive(global("__torch__", "A") + [0x4B, 1, 0x85, 0x81]), "created with arguments"),
    ("a new object of another class", archive(global("torch", "Size") + [0x29, 0x81]), "instruction 0x81"),
    ("a new object of nothing", archive([0x29, 0x81]), "instruction 0x81"),
    ("a class of almost the archive's own", archive(global("__torch__x", "A")), "the global '__torch__x.A'"),
    ("an older call", archive(jit("build_tensor_from_id")), "build_tensor_from_id'"),
    ("packed state", archive(empty + [0x4B, 1, 0x85, 0x62]), "packed state"),
    ("an object built twice", archive(module([]) + [0x7D, 0x62]), "built twice"),
    ("a typed list of a number", archive(jit("build_intlist") + [0x4B, 1, 0x85, 0x52]), "type"),
    ("a type tag alone", archive(jit("restore_type_tag") + [0x7D, 0x85, 0x52]), "type"),
    ("a name of a number", archive(module([0x4B, 1] + tensor)), "attribute"),
    ("a module without tensors", archive(module(text("training") + [0x88])), "no tensor"),
    ("a class alone", archive(global("__torch__", "A")), "no tensor"),
    ("tensors in a list only", archive(module(text("a") + [0x5D] + tensor + [0x61])), "no tensor"),
    ("a name twice", archive(module(text("a") + tensor + text("a") + tensor)), "'a' twice"),
    ("a module within itself", archive(cyclic), "too deep or too large"),
    ("a module within each level twice", archive(doubling(40)), "too deep or too large"),
    ("a wide module under many names", archive(wide(2000)), "too deep or too large"),
    ("deep modules", archive(nested(1000)), "too deep or too large"),
    ("a list copied often", archive(copied(2000)), "more than 2,000,000"),
    ("a form before torch 1.3", archive(module(text("a") + tensor), and: ["x/tensors/0"]), "before torch 1.3"),
    ("a form before torch 1.2", storedZip([(name: "x/model.json", bytes: [0x7B, 0x7D])]), "before torch 1.3"),
]

@Test(arguments: hostile.indices) func aHostileTorchScriptArchiveIsRejected(_ index: Int) throws {
    let (name, bytes, found) = hostile[index]
    try expectRejection(of: name, bytes, found) { path throws(Fault) in _ = try TorchFile(path: path) }
}

@Test(arguments: ["", ".", "a.b", "a/b", "..", "a b", "a\\b", "a\n", "\u{7F}", String(repeating: "a", count: 255)])
func attributesHavePlainNames(_ name: String) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(archive(module(text("a") + tensor + text(name) + [0x4E])), "x.pt")
    let fault = fault { _ = try TorchFile(path: path) }
    if name.count == 255 {
        #expect(fault == nil)
    } else {
        #expect(fault?.found.contains("a module's attribute") == true, "\(fault?.description ?? "accepted")")
    }
}

@Test func tensorsAndModulesMayHaveTwoNames() throws {
    let scratch = try ScratchFolder()
    let inner = text("m") + global("__torch__", "A") + [0x29, 0x52, 0x7D] + text("t") + tensor + [0x71, 0, 0x73, 0x62]
    let pickle = module(inner + [0x71, 1] + text("n") + [0x68, 1] + text("t") + [0x68, 0])
    let path = try scratch.write(archive(pickle, and: ["x/extra/model.json", "x/code/tensors/0"]), "x.pt")
    let file = try TorchFile(path: path)
    #expect(file.names == ["m.t", "n.t", "t"])
    for name in file.names { #expect(try file.tensor(name).bytes == [1, 2, 3, 4]) }
}

@Test(.timeLimit(.minutes(5))) func noMutationOfATorchScriptPickleCrashes() throws {
    // The archive has valid checksums, so that the damage reaches the unpickler.
    try mutate(["../torchscript/openai.pkl"], rounds: 1500, dense: .max, wrapped: handWrittenArchive, touchAll)
}
