internal import Core
public import Kernels

/// Probabilities of labeled items from classifiers that were fitted to the other items.
///
/// The items are cut into folds with equal shares of each class. The linear discriminants of the other folds (as in
/// ``GaussianDiscriminants``, without texts) classify each fold. One temperature for all of them minimizes the mean
/// cross-entropy.
public struct CrossValidation: Sendable {
    /// The fold of each item [N].
    public let folds: [Int]
    private let labels: [Int]
    private let classCount: Int
    private let foldCount: Int

    /// Assigns items with `labels` [N] to `folds` folds at random.
    public init(labels: [Int], classCount: Int, folds count: Int, seed: UInt64) {
        precondition(count >= 2, "\(count) folds")
        var generator = SeededGenerator(seed: seed)
        var folds = [Int](repeating: 0, count: labels.count)
        let items = Dictionary(grouping: labels.indices) { labels[$0] }
        // Counting on from class to class makes folds of equal size.
        var next = 0
        for label in 0 ..< classCount {
            let own = items[label] ?? []
            for place in generator.permutation(own.count) {
                folds[own[place]] = next % count
                next += 1
            }
        }
        self.folds = folds
        self.labels = labels
        self.classCount = classCount
        foldCount = count
    }

    /// Takes the fold of each item [N], from 0.
    package init(labels: [Int], classCount: Int, folds: [Int]) {
        precondition(labels.count == folds.count, "\(folds.count) folds of \(labels.count) items")
        self.folds = folds
        self.labels = labels
        self.classCount = classCount
        foldCount = (folds.max() ?? 0) + 1
    }

    /// Returns the probability of each class [N×C] for unit `features` [N×D].
    ///
    /// A class without items in the other folds has a probability below 1e-37.
    public func probabilities(_ features: Matrix) -> Matrix {
        var logits = outOfSampleLogits(features)
        scale(&logits, by: Float(temperature(logits)))
        softmaxRows(&logits)
        return logits
    }

    private func outOfSampleLogits(_ features: Matrix) -> Matrix {
        let rows = (0 ..< foldCount).map { fold in folds.indices.filter { folds[$0] == fold } }
        var mean = Matrix(columnSums(features), rows: 1, columns: features.columns)
        scale(&mean, by: 1 / Float(max(1, features.rows)))
        let center = mean.rows(at: [Int](repeating: 0, count: classCount))
        let scatters = rows.map { rows in
            var scatter = ClassScatter(centers: center)
            for start in stride(from: 0, to: rows.count, by: 4096) {
                let block = Array(rows[start ..< min(rows.count, start + 4096)])
                scatter.add(features.rows(at: block), labels: block.map { labels[$0] })
            }
            return scatter
        }
        var parts: [Matrix] = []
        for fold in 0 ..< foldCount {
            var others = ClassScatter(centers: center)
            for other in 0 ..< foldCount where other != fold { others.add(scatters[other]) }
            var linear = others.discriminants()
            let bias = zip(linear.bias, others.counts).map { $1 > 0 ? $0 : Self.never }
            linear = LinearTerm(weights: linear.weights, bias: bias)
            parts.append(Classifier(linear).logits(features.rows(at: rows[fold])))
        }
        var places = [Int](repeating: 0, count: features.rows)
        for (place, row) in rows.joined().enumerated() { places[row] = place }
        return Matrix.stacked(parts).rows(at: places)
    }

    /// A logit whose probability is 0.
    private static let never: Float = -1e9
    /// The number of items that determine the temperature.
    private static let sampleSize = 20_000

    /// The factor of the logits with the lowest cross-entropy, by golden-section search of its logarithm.
    private func temperature(_ logits: Matrix) -> Double {
        let step = max(1, labels.count / Self.sampleSize)
        // An item whose class has no other items says nothing about the factor.
        let known = stride(from: 0, to: labels.count, by: step).filter { logits[$0, labels[$0]] > Self.never / 2 }
        let sample = logits.rows(at: known)
        let sampleLabels = known.map { labels[$0] }
        func loss(_ exponent: Double) -> Double {
            var scaled = sample
            scale(&scaled, by: Float(powerOfTen(exponent)))
            return crossEntropy(scaled, labels: sampleLabels)
        }
        let ratio = (5.0.squareRoot() - 1) / 2
        var low = -4.0
        var high = 2.0
        var left = high - ratio * (high - low)
        var right = low + ratio * (high - low)
        var lossLeft = loss(left)
        var lossRight = loss(right)
        while high - low > 1e-3 {
            if lossLeft <= lossRight {
                high = right
                right = left
                lossRight = lossLeft
                left = high - ratio * (high - low)
                lossLeft = loss(left)
            } else {
                low = left
                left = right
                lossLeft = lossRight
                right = low + ratio * (high - low)
                lossRight = loss(right)
            }
        }
        return powerOfTen((low + high) / 2)
    }
}
