import Foundation
import Kernels
import Studies
import TestSupport
import Testing

private struct ExpectedMap: Decodable {
    let features: [[Float]]
    let coordinates: [[Float]]
    let shares: [Float]
}

@Test func theMapIsThatOfScikitLearn() throws {
    let expected = try JSONDecoder().decode(
        ExpectedMap.self, from: Data(contentsOf: URL(filePath: fixture("feature_map.json"))))
    let features = Matrix(expected.features.flatMap(\.self), rows: expected.features.count, columns: 6)
    let map = FeatureMap(features)
    // Single precision of values around 20.
    for (row, point) in expected.coordinates.enumerated() {
        for axis in 0 ..< 2 { #expect(abs(map.coordinates[row, axis] - point[axis]) < 1e-4, "row \(row)") }
    }
    for axis in 0 ..< 2 { #expect(abs(map.shares[axis] - expected.shares[axis]) < 1e-5) }
}

@Test func aMapOfEqualFeaturesIsAPoint() {
    let map = FeatureMap(Matrix([Float](repeating: 0.25, count: 12), rows: 3, columns: 4))
    #expect(map.coordinates == .zeros(3, 2))
    #expect(map.shares == [0, 0])
    #expect(FeatureMap(Matrix([1, 2, 3], rows: 3, columns: 1)).coordinates == .zeros(3, 2))
}
