internal import Command
internal import Core
internal import Extraction
internal import FeatureStore
internal import Splits

extension OutputOptions {
    /// Prints the files of a build, or of the merge of its shards.
    func print(_ outcome: BuildOutcome, of build: FeatureBuild) {
        for image in outcome.skipped { printMessage("left out: \(image.item): \(image.reason)") }
        print(outcome, page: page(outcome, build))
    }

    private func page(_ outcome: BuildOutcome, _ build: FeatureBuild) -> String {
        var lines = outcome.files.map { file in
            let names = file.part == .text ? ("classes", "prompts") : ("items", "views")
            let size = "\(file.count) \(names.0) x \(file.views) \(names.1) x \(file.width)"
            return "\(file.path): \(size), \(file.type.rawValue)\(file.isReused ? ", reused" : "")"
        }
        if outcome.isReused { lines.append("reused") }
        let parts = outcome.files.map(\.part)
        if parts.contains(.train), parts.contains(.test) {
            func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
            let options = build.samples.map {
                " --shots \(list($0.shots)) --seeds \(list($0.seeds)) --scheme \($0.scheme.rawValue)"
            }
            lines.append("next: fewshot-train --features \(shellWord(build.output))\(options ?? "") -o runs")
        }
        return lines.map { "\($0)\n" }.joined()
    }
}
