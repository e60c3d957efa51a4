internal import Core
internal import Studies
internal import TensorFiles

/// The targets of `.npy`, `.safetensors` and `.pt` files.
let tensorTargets: [Target] = [
    Target("npy") { input, scratch throws(Fault) in
        let path = scratch.write(input, "a.npy")
        try tolerating { () throws(Fault) in _ = try NpyFile.strings(path: path) }
        try tolerating { () throws(Fault) in _ = try BatchOrder(path: path) }
        let file = try NpyFile(path: path)
        try touch(file.tensor)
        file.release(rows: 0 ..< (file.shape.first ?? 0))
        _ = file.digest()
    },
    Target("npz") { input, scratch throws(Fault) in try readArrays(scratch.write(input, "a.npz")) },
    // With correct checksums of the enclosing zip archive.
    Target("npz-member") { input, scratch throws(Fault) in
        try readArrays(scratch.write(storedZip([(name: "x.npy", bytes: input)]), "a.npz"))
    },
    Target("safetensors") { input, scratch throws(Fault) in
        let file = try SafetensorsFile(path: scratch.write(input, "a.safetensors"))
        for name in file.names {
            try tolerating { () throws(Fault) in
                _ = try file.description(of: name)
                try touch(try file.tensor(name))
            }
        }
    },
    Target("torch") { input, scratch throws(Fault) in try readTorch(scratch.write(input, "a.pt")) },
    // With correct checksums of the enclosing zip archive, and bytes for some storages.
    Target("pickle") { input, scratch throws(Fault) in
        var entries = [(name: "a/data.pkl", bytes: input), (name: "a/byteorder", bytes: Array("little".utf8))]
        for (key, count) in [(0, 48), (1, 24), (2, 16), (3, 8), (4, 4)] {
            entries.append(("a/data/\(key)", (0 ..< count).map { UInt8($0) }))
        }
        try readTorch(scratch.write(storedZip(entries), "a.pt"))
    },
]

private func readArrays(_ path: String) throws(Fault) {
    let listing = try ArrayListing(path: path)
    for entry in listing.entries {
        try tolerating { () throws(Fault) in
            try listing.withTensor(entry.name) { tensor, _ throws(Fault) in try touch(tensor) }
        }
        try tolerating { () throws(Fault) in _ = try listing.texts(entry.name) }
    }
}

private func readTorch(_ path: String) throws(Fault) {
    let file = try TorchFile(path: path)
    _ = file.lists
    for name in file.names {
        try tolerating { () throws(Fault) in
            _ = try file.description(of: name)
            try touch(try file.tensor(name).view)
        }
    }
}

/// Reads every value of a tensor.
private func touch(_ tensor: TensorView) throws(Fault) {
    let count = tensor.shape.reduce(1, *)
    precondition(count == tensor.elementCount, "\(count) elements where there are \(tensor.elementCount)")
    precondition(tensor.floats().count == count)
    try tolerating { () throws(Fault) in _ = try tensor.integers() }
    _ = tensor.owned()
}
