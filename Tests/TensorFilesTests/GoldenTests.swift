import Core
import Foundation
import TensorFiles
import TestSupport
import Testing

/// A tensor as recorded by `make_tensor_files.py`.
struct Expectation: Decodable, Sendable {
    let shape: [Int]
    let type: String
    let sha256: String
}

func expectations() throws -> [String: [String: Expectation]] {
    try JSONDocument.read(
        [String: [String: Expectation]].self, from: fixture("expected.json"), expected: "a map of files")
}

func check(_ tensor: TensorView, _ expected: Expectation, _ name: String) {
    #expect(tensor.shape == expected.shape, "\(name)")
    #expect(tensor.type.rawValue == expected.type, "\(name)")
    #expect(Digest(of: tensor.bytes).description == expected.sha256, "\(name)")
}

@Test func npyFilesOfNumpyAreReadExactly() throws {
    let files = try expectations().filter { $0.key.hasSuffix(".npy") }
    #expect(files.count == 17)
    for (name, tensors) in files {
        let file = try NpyFile(path: fixture(name))
        check(file.tensor, try #require(tensors[""]), name)
    }
}

@Test func stringArraysOfNumpyAreRead() throws {
    #expect(try NpyFile.strings(path: fixture("strings.npy")) == ["airport", "Strand", "pöhl 🌊", ""])
    #expect(fault { _ = try NpyFile(path: fixture("strings.npy")) }?.found == "strings")
    #expect(try NpyFile.strings(path: fixture("byte-strings.npy")) == ["airport", "pöhl", ""])
}

@Test func tensorsOfASafetensorsFileAreReadExactly() throws {
    let tensors = try #require(try expectations()["all.safetensors"])
    let file = try SafetensorsFile(path: fixture("all.safetensors"))
    #expect(file.names == tensors.keys.sorted())
    #expect(file.metadata == ["model": "a \t model"])
    for (name, expected) in tensors { check(try file.tensor(name), expected, name) }
}

@Test func filesOfTorchAreReadExactly() throws {
    let files = try expectations().filter { $0.key.hasSuffix(".pt") }
    #expect(files.count == 33)
    for (name, tensors) in files {
        let file = try TorchFile(path: fixture(name))
        #expect(file.names == tensors.keys.sorted(), "\(name)")
        for (tensor, expected) in tensors {
            #expect(try file.description(of: tensor).shape == expected.shape)
            check(try file.tensor(tensor).view, expected, "\(name): \(tensor)")
        }
    }
}

@Test(arguments: ["command.pt", "command-legacy.pt", "command-protocol-4.pt", "command-pickle.pt"])
func aCommandInAPickleIsRejectedByName(_ name: String) {
    let fault = fault { _ = try TorchFile(path: fixture(name)) }
    #expect(fault?.status == .badData && fault?.subject == fixture(name))
    #expect(fault?.found == "the global 'posix.system'")
}

@Test func listsBesideTensorsAreRead() throws {
    let lists = try TorchFile(path: fixture("lists.pt")).lists
    #expect(lists == ["labels": .integers([3, 1, 2]), "paths": .texts(["a.jpg", "b.jpg"])])
}

@Test(arguments: [
    ("numpy.pkl", "a pickled NumPy array ('numpy.", "numpy.save"),
    ("numpy-scalar.pkl", "a pickle of Python objects", "torch.save"),
])
func aPickleOfAnotherLibraryIsRejectedByWhatItIs(_ name: String, _ found: String, _ remedy: String) {
    let fault = fault { _ = try TorchFile(path: fixture(name)) }
    #expect(fault?.found.hasPrefix(found) == true && fault?.remedy.contains(remedy) == true)
}

@Test(arguments: [
    ("pandas.core.frame", "DataFrame", "a pickled pandas object ('pandas.core.frame.DataFrame')"),
    ("sklearn.svm._classes", "SVC", "a pickled scikit-learn object ('sklearn.svm._classes.SVC')"),
    ("joblib.numpy_pickle", "NumpyArrayWrapper", "arrays saved by joblib ('joblib.numpy_pickle.NumpyArrayWrapper')"),
])
func anObjectOfALibraryIsRejectedByWhatItIs(_ module: String, _ name: String, _ found: String) throws {
    try expectRejection(of: name, [0x80, 2] + global(module, name) + [0x29, 0x81, 0x2E], found) {
        path throws(Fault) in _ = try ArrayListing(path: path)
    }
}

@Test(arguments: [
    ("module.pt", "torch.nn.modules.linear.Linear"), ("sparse.pt", "torch._utils._rebuild_sparse_tensor"),
])
func otherObjectsInAPickleAreRejectedByName(_ name: String, _ global: String) {
    #expect(fault { _ = try TorchFile(path: fixture(name)) }?.found == "the global '\(global)'")
}
