internal import Core
internal import FeatureStore
internal import Splits

/// The union of few-shot samples, in the order of the subset.
struct UnionOfSamples {
    let train: WholePart
    /// nil where no sample takes val items: then the whole subset is needed.
    let val: WholePart?

    /// Samples with every number of shots and every seed.
    init(_ request: SampleRequest, _ split: Split, subject: String) throws(Fault) {
        var train = RowUnion()
        var val = RowUnion()
        var isSampledFromVal = true
        for shots in request.shots {
            for seed in request.seeds {
                let sample = try FewShotSample(
                    request.scheme, train: split.train.labels, val: split.val.labels, shots: shots, seed: seed,
                    subject: subject)
                train.add(sample.train)
                if let rows = sample.val { val.add(rows) } else { isSampledFromVal = false }
            }
        }
        self.train = WholePart(rows: train.rows, labels: split.train.labels)
        self.val = isSampledFromVal ? WholePart(rows: val.rows, labels: split.val.labels) : nil
    }
}

/// Row numbers, each as often as the sample that repeats it most.
private struct RowUnion {
    private var times: [Int: Int] = [:]

    mutating func add(_ rows: [Int]) {
        var counts: [Int: Int] = [:]
        for row in rows { counts[row, default: 0] += 1 }
        times.merge(counts) { max($0, $1) }
    }

    var rows: [Int32] {
        times.sorted { $0.key < $1.key }.flatMap { Array(repeating: Int32($0.key), count: $0.value) }
    }
}
