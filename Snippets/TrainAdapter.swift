//! Trains an adapter on features in memory, then saves, loads, uses and exports it.
//!
//! Run it with `swift run -c release TrainAdapter`. It writes adapter.safetensors and linear.safetensors.

import Adapter
import Core
import Kernels

// snippet.features
/// Noisy features [N×D] of items of each class, and their labels.
///
/// Yours come from an encoder.
func features(classCount: Int, perClass count: Int, width: Int, seed: UInt64) -> (matrix: Matrix, labels: [Int]) {
    var generator = SeededGenerator(seed: seed)
    var labels: [Int] = []
    var values: [Float] = []
    for label in 0 ..< classCount {
        for _ in 0 ..< count {
            labels.append(label)
            values += (0 ..< width).map { ($0 % classCount == label ? 1 : 0) + generator.normal() }
        }
    }
    return (Matrix(values, rows: labels.count, columns: width), labels)
}
// snippet.end

let classes = ["cat", "dog", "horse"]
let train = features(classCount: classes.count, perClass: 16, width: 12, seed: 1)
let val = features(classCount: classes.count, perClass: 4, width: 12, seed: 2)
let new = features(classCount: classes.count, perClass: 2, width: 12, seed: 3)
let prompts = features(classCount: classes.count, perClass: 5, width: 12, seed: 4).matrix

// snippet.train
let support = try Support(
    FeaturesInMemory(.train, views: [train.matrix], labels: train.labels), classCount: classes.count)
let validation = try Validation(FeaturesInMemory(.val, views: [val.matrix], labels: val.labels))
let task = try FewShotTask(support: support, text: ClassText(features: prompts, classCount: classes.count))
let method = try TipAdapterF(.init(), task: task)
let trained = try method.fit(on: support, plan: TrainingPlan(seed: 1, choice: .best(on: validation)))
let searched = try method.search(trained.classifier, on: validation, by: .exact)
print("validation accuracy \(searched.accuracy) % with \(searched.chosen)")
// snippet.end

// snippet.save
let adapter = FittedAdapter(searched.classifier, classes: classes, method: TipAdapterF.name)
try adapter.write(to: "adapter.safetensors")
let loaded = try FittedAdapter(path: "adapter.safetensors")
for prediction in try loaded.predictions(of: new.matrix, items: new.labels.map { "a \(classes[$0])" }, top: 1) {
    print(prediction.item, "->", prediction.classes[0].name)
}
// snippet.end

// snippet.export
// Methods that are linear in the feature become one layer, as torch.nn.Linear has it.
let gda = try GaussianDiscriminants(.init(), task: task)
let linear = FittedAdapter(gda.initialClassifier(), classes: classes, method: GaussianDiscriminants.name)
let export = try linear.exportFused(to: "linear.safetensors", replacing: true)
print("weight [\(export.classes)×\(export.width)] for \(export.features) features")
// snippet.end
