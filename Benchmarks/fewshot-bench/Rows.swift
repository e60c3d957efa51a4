import Adapter
import Core
import Kernels
import TensorFiles

/// Synthetic features written by the script of the comparison program.
private struct BenchData {
    let folder: String

    init(_ options: [String: String]) { folder = options["--data"] ?? "." }

    func matrix(_ name: String) throws -> Matrix {
        let file = try NpyFile(path: "\(folder)/\(name).npy")
        let width = file.shape.last ?? 1
        let floats = file.tensor.floats()
        return Matrix(floats, rows: floats.count / width, columns: width)
    }

    func part(_ part: Subset) throws -> FeaturesInMemory {
        let labels = try NpyFile(path: "\(folder)/\(part.rawValue)_labels.npy").tensor.integers()
        return FeaturesInMemory(part, views: [try matrix(part.rawValue)], labels: labels)
    }

    /// Returns text features with 16 prompts per class, of which seven are templates.
    func text() throws -> ClassText {
        guard let slots = try? matrix("slots") else {
            let text = try matrix("text")
            return ClassText(features: text, classCount: text.rows)
        }
        let classes = slots.rows / 16
        let rows = (0 ..< classes).flatMap { c in (0 ..< 16).map { $0 * classes + c } }
        return ClassText(features: slots.rows(at: rows), classCount: classes, templateCount: 7)
    }
}

/// Measures Cluster-Adapter as published: 30 epochs, each evaluated on the test subset, and then the search.
@Sendable func clusterAdapter(_ options: [String: String]) throws -> [String: Double] {
    let data = BenchData(options)
    let train = try data.part(.train)
    let val = try data.part(.val)
    let test = try data.part(.test)
    let text = try data.text()
    let settings = ClusterAdapter.Settings()
    var training = 0.0
    var accuracy = 0.0
    let total = try seconds {
        let support = try Support(train, classCount: text.classCount)
        let method = try ClusterAdapter(settings, task: FewShotTask(support: support, text: text))
        let looked = SelectionOnTest(forComparisonWithPublishedTables: try TestSet(test))
        var classifier = method.initialClassifier()
        training = try seconds {
            let plan = TrainingPlan(seed: 1, choice: .published(looked, ofEquals: .last))
            classifier = try method.fit(on: support, plan: plan).last
        }
        let space = try SearchSpace(scale: settings.search_scale, steps: settings.search_step)
        accuracy = try Validation(val).search(classifier, space, by: .exact).accuracy
    }
    return ["seconds": total, "training": training, "search": total - training, "val_accuracy": accuracy]
}

/// Measures the mean time of a Tip-Adapter-F step after two warm-up steps.
@Sendable func tipAdapterF(_ options: [String: String]) throws -> [String: Double] {
    let data = BenchData(options)
    let train = try data.part(.train)
    let text = try data.text()
    let support = try Support(train, classCount: text.classCount)
    var settings = TipAdapterF.Settings()
    settings.epochs = 1
    let method = try TipAdapterF(settings, task: FewShotTask(support: support, text: text))
    let clock = StepClock()
    var plan = TrainingPlan(seed: 1, choice: .last(watching: nil))
    plan.stepEnded = { _, _ in clock.record() }
    _ = try method.fit(on: support, plan: plan)
    return ["seconds": clock.meanAfterTwo()]
}

/// Measures the exact search over 200 values of β and the whole interval of α.
@Sendable func search(_ options: [String: String]) throws -> [String: Double] {
    let data = BenchData(options)
    let text = try data.text()
    let part = try data.part(.val)
    let val = try Validation(part)
    let task = try FewShotTask(support: Support(try data.part(.train), classCount: text.classCount), text: text)
    let method = try TipAdapter(.init(), task: task)
    var accuracy = 0.0
    let time = try seconds {
        accuracy =
            try val.search(
                method.initialClassifier(),
                SearchSpace(scale: .init(beta: 7, alpha: 3), steps: .init(beta: 200, alpha: 20)), by: .exact
            ).accuracy
    }
    return ["seconds": time, "val_accuracy": accuracy]
}
