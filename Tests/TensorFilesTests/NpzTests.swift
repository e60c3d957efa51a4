import Core
import TensorFiles
import TestSupport
import Testing

@Test(arguments: ["arrays.npz", "compressed.npz"]) func arraysOfAnArchiveAreReadExactly(_ name: String) throws {
    let file = try NpzFile(path: fixture(name))
    #expect(file.names == ["features", "labels", "big", "names", "objects"])
    for (array, expected) in try #require(try expectations()[name]) {
        check(try file.tensor(array).view, expected, "\(name): \(array)")
    }
    #expect(try file.strings("names") == ["bee", "ant", "cat"])
}

@Test func objectsInAnArchiveAreRejectedByName() throws {
    let path = fixture("arrays.npz")
    let fault = fault { _ = try NpzFile(path: path).tensor("objects") }
    #expect(fault?.subject == "\(path): objects" && fault?.found == "pickled Python objects ('|O')")
}

@Test func aDamagedMemberOfAnArchiveIsRejected() throws {
    let scratch = try ScratchFolder()
    var bytes = try bytes(of: fixture("arrays.npz"))
    let data = try NpzFile(path: fixture("arrays.npz")).tensor("features").bytes
    let offset = try #require(bytes.indices.first { bytes[$0...].starts(with: data) })
    bytes[offset + 3] ^= 4
    let path = try scratch.write(bytes, "x.npz")
    #expect(fault { _ = try NpzFile(path: path).tensor("features") }?.found == "damaged bytes in entry 'features.npy'")
    #expect(fault { _ = try NpzFile(path: path).tensor("labels") } == nil)
}

@Test func aTruncatedArchiveIsRejected() throws {
    let bytes = try bytes(of: fixture("arrays.npz"))
    try expectRejection(of: "truncated", Array(bytes.dropLast(100)), "a damaged zip archive") {
        path throws(Fault) in _ = try NpzFile(path: path)
    }
}

@Test func anArchiveOfOtherFilesIsRejected() throws {
    try expectRejection(
        of: "torch", try bytes(of: fixture("matrix.pt")), "a zip archive without arrays (matrix/data.pkl"
    ) {
        path throws(Fault) in _ = try NpzFile(path: path)
    }
}

/// The arrays of a file, each as its name, shape, and content.
private func listing(_ name: String) throws -> [String] {
    try ArrayListing(path: fixture(name)).entries.map { entry in
        switch entry.content {
        case .numbers(let type): "\(entry.name) \(entry.shape) \(type)"
        case .texts: "\(entry.name) \(entry.shape) texts"
        case .other(let fault): "\(entry.name) \(fault.found)"
        }
    }
}

@Test func theArraysOfAFileAreListedInEachFormat() throws {
    #expect(try listing("fortran.npy") == [" [3, 4, 5] float32"])
    #expect(try listing("strings.npy") == [" [4] texts"])
    #expect(try listing("matrix-legacy.pt") == [" [6, 4] float16"])
    #expect(
        try listing("lists.pt") == ["features [6, 4] float16", "labels [3] int64", "paths [2] texts"])
    #expect(
        try listing("compressed.npz") == [
            "features [3, 4] float16", "labels [3] int64", "big [2, 3] float32", "names [3] texts",
            "objects pickled Python objects ('|O')",
        ])
    #expect(try listing("all.safetensors").contains("bfloat16 [4, 2] bfloat16"))
}

private func names(_ listing: ArrayListing) -> [String] { listing.entries.map(\.name) }

@Test func theFormatOfAFileFollowsFromItsContent() throws {
    let scratch = try ScratchFolder()
    for name in ["fortran.npy", "arrays.npz", "all.safetensors", "matrix.pt", "matrix-legacy.pt"] {
        let expected = try ArrayListing(path: fixture(name))
        for other in ["x.npy", "x.pt", "x.data"] {
            let listing = try ArrayListing(path: scratch.write(try bytes(of: fixture(name)), other))
            #expect(listing.format == expected.format && names(listing) == names(expected), "\(name) as \(other)")
        }
    }
}

@Test func numbersAreReadFromAListOfAPickle() throws {
    let listing = try ArrayListing(path: fixture("lists.pt"))
    let labels = try listing.withTensor("labels") { tensor, _ throws(Fault) in try tensor.integers() }
    #expect(labels == [3, 1, 2])
    #expect(try listing.texts("paths") == ["a.jpg", "b.jpg"])
}

@Test func wholeNumbersAreTakenFromFloatingPointTypes() throws {
    #expect(try Tensor([2, 0, -1] as [Float], shape: [3]).view.wholeNumbers() == [2, 0, -1])
    #expect(
        try Tensor(littleEndianNumbers([9_007_199_254_740_991]), shape: [1], type: .float64).view.wholeNumbers() == [
            9_007_199_254_740_991
        ])
    for value in [0.5, .nan, .infinity] as [Float] {
        let fault = fault { try Tensor([1, value], shape: [2]).view.wholeNumbers() }
        #expect(fault?.found == "float32 values, such as \(Double(value))")
    }
}

private func littleEndianNumbers(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in (0 ..< 8).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } }
}
