public import Adapter
internal import Core
import Foundation
public import Kernels
import TensorFiles

/// Features, row numbers and batch orders, and the results of the methods' plain PyTorch versions.
public struct ParityFixture {
    public let train: FeaturesInMemory
    public let validation: FeaturesInMemory
    public let test: FeaturesInMemory
    public let text: ClassText
    public let orders: [[Int]]
    /// Cluster-Adapter's slots [16×C×D] of the PyTorch version.
    public let slots: Matrix
    /// The initial layers [H×D] and [D×H] of CLIP-Adapter.
    public let layers: (down: Matrix, up: Matrix)
    public let expected: Expected

    /// The used fields of `expected.json`.
    public struct Expected: Decodable {
        public struct Accuracy: Decodable {
            public let test_accuracy: Double
        }
        public struct Point: Decodable {
            public let alpha: Float
            public let beta: Float
            public let test_accuracy: Double
        }
        public struct Search: Decodable {
            public let scale: [Float]
            public let steps: [Int]
            public let val_accuracy: Double
            public let beta: Float
            public let alpha: Float
            public let test_accuracy: Double
        }
        public struct Training: Decodable {
            public let losses: [Double]
            public let parts: [[Double]]?
            public let test_accuracy: [Double]
            public let keys_norm: Double?
            public let norms: [String: Double]?
        }
        public let zero_shot: Accuracy
        public let tip_adapter: [Point]
        public let tip_search: Search
        public let tip_adapter_f: Training
        public let cluster_adapter: Training
        public let clip_adapter: Training
    }

    /// Reads `parity/NAME`.
    public init(_ name: String) throws {
        let folder = fixture("parity/\(name)")
        let labels = try NpyFile(path: "\(folder)/labels.npy").tensor.integers()
        let images = try Self.matrix("\(folder)/images.npy")
        func part(_ part: Subset) throws -> FeaturesInMemory {
            let rows = try NpyFile(path: "\(folder)/\(part.rawValue).npy").tensor.integers()
            return FeaturesInMemory(part, views: [images.rows(at: rows)], labels: rows.map { labels[$0] })
        }
        train = try part(.train)
        validation = try part(.val)
        test = try part(.test)
        // [P×C×D] on disk, [C·P×D] here.
        let file = try NpyFile(path: "\(folder)/text_prompts.npy")
        let prompts = file.shape[0]
        let classes = file.shape[1]
        let values = try Self.matrix("\(folder)/text_prompts.npy")
        let rows = (0 ..< classes).flatMap { c in (0 ..< prompts).map { $0 * classes + c } }
        text = ClassText(features: values.rows(at: rows), classCount: classes, templateCount: 7)
        let order = try NpyFile(path: "\(folder)/orders.npy")
        let positions = try order.tensor.integers()
        orders = stride(from: 0, to: positions.count, by: order.shape[1]).map {
            Array(positions[$0 ..< $0 + order.shape[1]])
        }
        slots = try Self.matrix("\(folder)/slots.npy")
        layers = (try Self.matrix("\(folder)/w1.npy"), try Self.matrix("\(folder)/w2.npy"))
        expected = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: URL(filePath: "\(folder)/expected.json")))
    }

    /// The file's tensor as a matrix, with all axes but the last joined into rows.
    private static func matrix(_ path: String) throws -> Matrix {
        let file = try NpyFile(path: path)
        let width = file.shape.last ?? 1
        let floats = file.tensor.floats()
        return Matrix(floats, rows: floats.count / width, columns: width)
    }

    /// The whole train subset with the text features.
    public var task: FewShotTask {
        get throws { try FewShotTask(support: Support(train, classCount: text.classCount), text: text) }
    }
}
