//! Encodes a split with a CLIP, reads the features back, trains a study on them and writes a report.
//!
//! Run it with `swift run -c release BuildFeatures SPLIT ROOT MODEL`.

import Adapter
import CLIP
import Core
import Extraction
import FeatureStore
import Reporting
import Studies

import func Glibc.exit

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 3, let split = arguments.first, let model = arguments.last else {
    print("usage: BuildFeatures SPLIT ROOT MODEL")
    exit(64)
}
let root = arguments[2]

// snippet.build
var build = FeatureBuild(split: split, root: root, model: model, output: "features")
build.views = 2
let outcome = try build.run()
for file in outcome.files {
    print("\(file.path): \(file.count) items × \(file.views) views × \(file.width)")
}
// snippet.end

// snippet.read
let test = try FeatureFile(path: "features/test.h5")
var values: [Float] = []
try test.read(rows: [0], view: 0, into: &values)
print("\(test.classes[Int(try test.labels()[0])]): \(values.prefix(4)) …")
// snippet.end

// snippet.study
let study = Study(features: ["features"], output: "runs", methods: try methods(named: "zero-shot,gda"))
for result in try study.run() {
    print(result.method, result.shots, result.test_accuracy ?? .nan)
}
// snippet.end

// snippet.report
let page = try ResultSet(reading: ["runs/results.jsonl"]).page()
try PublishedFile.publish(page, to: "report.html")
// snippet.end
