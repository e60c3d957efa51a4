import Core
import Extraction
import FeatureStore
import Foundation
import Kernels
import TestSupport
import Testing

@Test func singleImagesHaveTheFeaturesThatABuildGivesThem() throws {
    let small = try SmallBuild()
    try small.build.run()
    let images = try PlainImages(model: small.build.model, precision: .float32)
    let test = try FeatureFile(path: "\(small.build.output)/test.h5")
    let paths = try (0 ..< 7).map { try small.image(.test, $0) }
    let features = try images.features(of: paths)
    var stored: [Float] = []
    try test.read(rows: Array(0 ..< 7), view: 0, into: &stored)
    // The file holds float16.
    #expect(features.elements.map { Float(Float16($0)) } == stored)
    #expect(try test.provenance().inputs.contains { $0.role == "weights" && $0.digest == images.weights })
    #expect(fault { _ = try images.features(of: [paths[0], "nowhere.jpg"]) }?.status == .noInput)
}
