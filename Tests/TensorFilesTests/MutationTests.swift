import Core
import TensorFiles
import TestSupport
import Testing

private let seed: UInt64 = 20_260_201
private let count = 10_000

/// Reads mutations of `names` with `read` and counts the outcomes; an error must name the file.
private func mutate(
    _ names: [String], dense: Int, _ read: (String) throws(Fault) -> Void
) throws -> (accepted: Int, rejected: Int) {
    let scratch = try ScratchFolder()
    var dice = Dice(seed: seed)
    let originals = try names.map { try bytes(of: fixture($0)) }
    var accepted = 0
    for index in 0 ..< count {
        var mutated = originals[index % originals.count]
        for _ in 0 ... dice.below(3) { dice.damage(&mutated, dense: dense) }
        let path = try scratch.write(mutated, "mutated")
        if let fault = fault({ () throws(Fault) in try read(path) }) {
            #expect(fault.subject.hasPrefix(path), "seed \(seed), mutation \(index): \(fault)")
            #expect([.badData, .noInput].contains(fault.status), "seed \(seed), mutation \(index): \(fault)")
        } else {
            accepted += 1
        }
    }
    return (accepted, count - accepted)
}

private func touch(_ tensor: TensorView) {
    let elements = tensor.shape.reduce(1, *)
    #expect(elements == tensor.elementCount)
    #expect(tensor.floats().count == elements)
}

@Test func noMutationOfAnNpyFileCrashes() throws {
    let names = ["c-float16.npy", "fortran.npy", "big-endian.npy", "version-2.npy", "no-rows.npy", "strings.npy"]
    let result = try mutate(names, dense: 80) { path throws(Fault) in
        _ = fault { () throws(Fault) in _ = try NpyFile.strings(path: path) }
        let file = try NpyFile(path: path)
        touch(file.tensor)
    }
    #expect(result.accepted > 0 && result.rejected > 0)
}

@Test func noMutationOfASafetensorsFileCrashes() throws {
    let result = try mutate(["all.safetensors"], dense: 1000) { path throws(Fault) in
        let file = try SafetensorsFile(path: path)
        for name in file.names { touch(try file.tensor(name)) }
    }
    #expect(result.accepted > 0 && result.rejected > 0)
}

private func touchAll(_ path: String) throws(Fault) {
    let file = try TorchFile(path: path)
    for name in file.names { touch(try file.tensor(name).view) }
}

@Test func noMutationOfATorchArchiveCrashes() throws {
    let names = [
        "matrix.pt", "nested.pt", "deflated.pt", "state-protocol-4.pt", "../torchscript/attributes.pt",
        "../clip/scripted.pt",
    ]
    let result = try mutate(names, dense: 4000, touchAll)
    #expect(result.accepted > 0 && result.rejected > 0)
}

@Test func noMutationOfALegacyTorchFileCrashes() throws {
    let names = [
        "matrix-legacy.pt", "nested-legacy.pt", "state-legacy-protocol-4.pt", "transposed-legacy.pt", "all-legacy.pt",
    ]
    let result = try mutate(names, dense: 600, touchAll)
    #expect(result.accepted > 0 && result.rejected > 0)
}
