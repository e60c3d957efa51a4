import Core
import TensorFiles
import TestSupport
import Testing

/// Reads mutations of `names` with `read`; some must be accepted, and a fault must be a sentence that names the file.
///
/// `wrapped` makes the file of a mutation.
func mutate(
    _ names: [String], rounds count: Int = 10_000, dense: Int, wrapped: ([UInt8]) throws -> [UInt8] = { $0 },
    _ read: (String) throws(Fault) -> Void
) throws {
    let plan = MutationPlan()
    let scratch = try ScratchFolder()
    var dice = Dice(seed: plan.seed)
    let originals = try names.map { try bytes(of: fixture($0)) }
    var accepted = 0
    for round in plan.rounds(count) {
        var mutated = originals[round % originals.count]
        for _ in 0 ... dice.below(3) { dice.damage(&mutated, dense: dense) }
        let path = try scratch.write(wrapped(mutated), "mutated")
        if let fault = fault({ () throws(Fault) in try read(path) }) {
            #expect(flaw(in: fault, naming: path) == nil, "seed \(plan.seed), round \(round)")
        } else {
            accepted += 1
        }
    }
    #expect((1 ..< plan.rounds(count).count).contains(accepted), "seed \(plan.seed): \(accepted) accepted")
}

private func touch(_ tensor: TensorView) {
    let elements = tensor.shape.reduce(1, *)
    #expect(elements == tensor.elementCount)
    #expect(tensor.floats().count == elements)
}

/// Reads all tensors of a torch file.
func touchAll(_ path: String) throws(Fault) {
    let file = try TorchFile(path: path)
    for name in file.names { touch(try file.tensor(name).view) }
}

@Test func noMutationOfAnNpyFileCrashes() throws {
    let names = ["c-float16.npy", "fortran.npy", "big-endian.npy", "version-2.npy", "no-rows.npy", "strings.npy"]
    try mutate(names, dense: 80) { path throws(Fault) in
        _ = fault { () throws(Fault) in _ = try NpyFile.strings(path: path) }
        let file = try NpyFile(path: path)
        touch(file.tensor)
    }
}

@Test func noMutationOfAnNpzFileCrashes() throws {
    try mutate(["arrays.npz", "compressed.npz"], dense: 1000) { path throws(Fault) in
        let file = try NpzFile(path: path)
        for name in file.names {
            _ = fault { () throws(Fault) in _ = try file.strings(name) }
            if let tensor = try? file.tensor(name) { touch(tensor.view) }
        }
        _ = try ArrayListing(path: path)
    }
}

@Test func noMutationOfASafetensorsFileCrashes() throws {
    try mutate(["all.safetensors"], dense: 1000) { path throws(Fault) in
        let file = try SafetensorsFile(path: path)
        for name in file.names { touch(try file.tensor(name)) }
    }
}

@Test func noMutationOfATorchArchiveCrashes() throws {
    let names = [
        "matrix.pt", "nested.pt", "deflated.pt", "state-protocol-4.pt", "../torchscript/attributes.pt",
        "../clip/scripted.pt",
    ]
    try mutate(names, dense: 4000, touchAll)
}

@Test func noMutationOfALegacyTorchFileCrashes() throws {
    let names = [
        "matrix-legacy.pt", "nested-legacy.pt", "state-legacy-protocol-4.pt", "transposed-legacy.pt", "all-legacy.pt",
    ]
    try mutate(names, dense: 600, touchAll)
}
