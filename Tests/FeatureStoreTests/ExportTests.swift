import Core
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

@Test(arguments: [FeatureType.float16, .float32], [false, true])
func exportedValuesEqualTheStoredOnes(type: FeatureType, isCompressed: Bool) throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 9, views: 2, width: 16, type: type)
    let path = scratch.file("train.h5")
    try sample.write(to: path, isCompressed: isCompressed)
    let out = scratch.file("out")
    #expect(try exportFeatures(at: path, as: .npy, to: out).count == 3)
    let features = try NpyFile(path: "\(out)/train.features.npy")
    #expect(features.shape == [9, 2, 16] && features.type.rawValue == type.rawValue)
    #expect(features.tensor.floats() == sample.values)
    #expect(try NpyFile(path: "\(out)/train.labels.npy").tensor.integers() == sample.labels.map(Int.init))
    #expect(try exportFeatures(at: path, as: .safetensors, to: out).map(\.path) == ["\(out)/train.safetensors"])
    let tensors = try SafetensorsFile(path: "\(out)/train.safetensors")
    #expect(try tensors.tensor("features").floats() == sample.values)
    #expect(try tensors.tensor("labels").integers() == sample.labels.map(Int.init))
    #expect(tensors.metadata["classes"] == JSONDocument.line(sample.classes))
}
