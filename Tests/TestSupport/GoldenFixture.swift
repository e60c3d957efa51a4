public import Adapter
internal import Core
import Foundation
public import Kernels

/// The results of a method for `golden/features.json`, computed with NumPy and PyTorch in double precision.
public struct GoldenFixture {
    public let train: FeaturesInMemory
    public let validation: FeaturesInMemory
    public let test: FeaturesInMemory
    public let text: ClassText
    /// The order of the items in each epoch.
    public let orders: [[Int]]
    public let expected: GoldenValue

    /// Reads `Tests/Fixtures/golden/NAME.json`.
    public init(_ name: String) throws {
        let features = try GoldenValue(fixture: "golden/features.json")
        func part(_ part: Subset, _ views: [Matrix]) throws -> FeaturesInMemory {
            FeaturesInMemory(part, views: views, labels: try features["\(part.rawValue)_labels"].integers())
        }
        let items = try features["train"].list()
        let views = try (0 ..< items[0].list().count).map { view in
            Matrix.stacked(try items.map { try $0.list()[view].row() })
        }
        train = try part(.train, views)
        validation = try part(.val, [features["val"].matrix()])
        test = try part(.test, [features["test"].matrix()])
        let prompts = try features["prompts"].list().map { try $0.matrix() }
        text = ClassText(
            features: .stacked(prompts), classCount: prompts.count,
            templateCount: try features["template_count"].integers()[0])
        orders = try features["orders"].list().map { try $0.integers() }
        expected = try GoldenValue(fixture: "golden/\(name).json")
    }

    public var task: FewShotTask {
        get throws {
            try FewShotTask(
                support: Support(train, classCount: text.classCount), unlabelled: Unlabelled(train), text: text)
        }
    }

    /// The method with some settings, fitted to the task.
    public func method<M: AdapterMethod>(_ method: M.Type, _ settings: [String: SettingValue] = [:]) throws -> M {
        try M(M.Settings(overlaying: settings, method: M.name), task: task)
    }

    /// The logits of the test items.
    public func testLogits(_ classifier: Classifier) -> Matrix {
        classifier.logits(classifier.readsRaw ? test.views[0] : normalizeRows(test.views[0]).unit)
    }

    /// Trains with the given or the fixture's orders, from the given or the method's own initial parameters.
    package func trained<M: TrainedMethod>(
        _ method: M, from initial: M.Parameters? = nil, orders given: [[Int]]? = nil
    ) throws -> TrainingState<M.Parameters> {
        let plan = TrainingPlan(
            seed: 1, choice: .last(watching: nil), orders: given ?? Array(orders.prefix(method.schedule.epochs)))
        guard let items = try method.trainingItems ?? task.support else { preconditionFailure("nothing to train on") }
        return try method.train(on: items, plan: plan, from: initial.map { TrainingState($0) })
    }
}

/// A value in a JSON file, read by name and type.
public struct GoldenValue {
    private let value: Any
    private let place: String

    public init(fixture name: String) throws {
        value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: fixture(name))))
        place = name
    }

    private init(_ value: Any, _ place: String) {
        self.value = value
        self.place = place
    }

    struct Missing: Error {
        let place: String
        let expected: String
    }

    public subscript(name: String) -> GoldenValue {
        get throws {
            guard let inner = (value as? [String: Any])?[name] else { throw Missing(place: place, expected: name) }
            return GoldenValue(inner, "\(place).\(name)")
        }
    }

    public var names: [String] { ((value as? [String: Any])?.keys).map { $0.sorted() } ?? [] }

    public func list() throws -> [GoldenValue] {
        guard let items = value as? [Any] else { throw Missing(place: place, expected: "a list") }
        return items.enumerated().map { GoldenValue($1, "\(place)[\($0)]") }
    }

    public func number() throws -> Double {
        guard let number = value as? NSNumber else { throw Missing(place: place, expected: "a number") }
        return number.doubleValue
    }

    public func numbers() throws -> [Double] { try list().map { try $0.number() } }
    public func integers() throws -> [Int] {
        (value is [Any] ? try numbers() : [try number()]).map { Int($0) }
    }

    /// The list of numbers as a matrix of one row.
    public func row() throws -> Matrix {
        let numbers = try numbers()
        return Matrix(row: numbers.map(Float.init))
    }

    public func matrix() throws -> Matrix { .stacked(try list().map { try $0.row() }) }
}

/// The largest difference of two matrices; infinite for different shapes.
public func largestDifference(_ a: Matrix, _ b: Matrix) -> Float {
    guard a.rows == b.rows, a.columns == b.columns else { return .infinity }
    return zip(a.elements, b.elements).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
}

/// The largest relative difference of two series; infinite for different lengths.
public func largestGap(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) / max(abs($1), 1e-12) }.max() ?? 0
}
