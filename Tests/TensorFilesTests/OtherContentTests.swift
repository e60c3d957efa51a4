import Core
import TensorFiles
import TestSupport
import Testing

private let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 605157884\n"

/// The refusal of the file at `path` by the reader of its suffix.
private func refusal(_ path: String) -> Fault? {
    fault { () throws(Fault) in
        if path.hasSuffix(".npy") {
            _ = try NpyFile(path: path)
        } else if path.hasSuffix(".pt") {
            _ = try TorchFile(path: path)
        } else {
            _ = try SafetensorsFile(path: path)
        }
    }
}

@Test(arguments: ["x.npy", "x.pt", "x.safetensors"]) func aPointerIsRefusedAsOne(_ name: String) throws {
    let scratch = try ScratchFolder()
    let refused = refusal(try scratch.write(pointer, name))
    #expect(refused?.found == "a Git LFS pointer instead of the file")
    #expect(refused?.remedy.contains("git lfs pull") == true)
}

@Test(arguments: [
    ("matrix.pt", "x.npy", "a zip archive"), ("matrix.pt", "x.safetensors", "a zip archive"),
    ("matrix-legacy.pt", "x.safetensors", "a pickle of Python"), ("c-float32.npy", "x.pt", "a NumPy array (.npy)"),
    ("c-float32.npy", "x.safetensors", "a NumPy array (.npy)"), ("all.safetensors", "x.npy", "a .safetensors file"),
    ("all.safetensors", "x.pt", "a .safetensors file"),
])
func aFileOfAnotherFormatIsNamed(_ source: String, _ name: String, _ found: String) throws {
    let scratch = try ScratchFolder()
    #expect(refusal(try scratch.write(bytes(of: fixture(source)), name))?.found == found)
}

@Test func classesBesideTensorsAreReadWithoutBeingCalled() throws {
    let file = try TorchFile(path: fixture("training.pt"))
    #expect(file.names.allSatisfy { $0.hasPrefix("model_state_dict.") } && file.names.count == 7)
}
