internal import Core
internal import Kernels

/// APE's criterion for the channels of features: low where classes are similar, high where their texts differ.
///
///     J_d = −w₀·S_d + w₁·Var_d
///
/// S is the mean product of two members of different classes, and Var the variance of the texts over the classes, with
/// divisor C − 1. Zhu et al., ICCV 2023, equations 4 to 9.
struct ChannelCriterion: Sendable {
    private let values: [Double]  // J [D]

    /// Computes the criterion of class texts T [C×D] alone, or with keys [M×D] as further members of their classes.
    ///
    /// The mean over pairs of members comes from class sums: `(|Σ|² − Σ_c |Σ_c|²)/(pairs)`, for classes of any size.
    init(texts: Matrix, keys: (rows: Matrix, keyLabels: KeyLabels)?, weights: [Float]) {
        let classes = texts.rows
        let width = texts.columns
        var sums = texts.elements.map(Double.init)
        var sizes = [Double](repeating: 1, count: classes)
        if let keys {
            for (k, label) in keys.keyLabels.labels.enumerated() {
                sizes[label] += 1
                for d in 0 ..< width { sums[label * width + d] += Double(keys.rows[k, d]) }
            }
        }
        let members = sizes.reduce(0, +)
        let pairs = members * members - sizes.reduce(0) { $0 + $1 * $1 }
        values = (0 ..< width).map { d in
            var total = 0.0
            var squares = 0.0
            var mean = 0.0
            var square = 0.0
            for c in 0 ..< classes {
                let sum = sums[c * width + d]
                total += sum
                squares += sum * sum
                mean += Double(texts[c, d]) / Double(classes)
            }
            for c in 0 ..< classes { square += (Double(texts[c, d]) - mean) * (Double(texts[c, d]) - mean) }
            let similarity = pairs > 0 ? (total * total - squares) / pairs : 0
            let variance = classes > 1 ? square / Double(classes - 1) : 0
            return -Double(weights[0]) * similarity + Double(weights[1]) * variance
        }
    }

    /// The channels with the largest values, ascending; the first of equals.
    ///
    /// Their number is in proportion to the paper's `published` of 1024 channels.
    func best(_ published: Int) -> [Int] {
        let width = values.count
        let count = max(1, min(width, (published * width + 512) / 1024))
        return Array(values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }.prefix(count)).sorted()
    }

    /// Throws `configuration` for settings that choose no channel.
    static func check(channels: Int, weights: [Float]) throws(Fault) {
        guard (1 ... 1024).contains(channels) else {
            throw .configuration("channels", found: "\(channels)", expected: "1 to 1024, of 1024", remedy: "correct it")
        }
        guard weights.count == 2, weights.allSatisfy({ $0 >= 0 && $0 <= 1000 }) else {
            throw .configuration(
                "weights", found: "\(weights)", expected: "two numbers from 0: similarity,variance",
                remedy: "correct them")
        }
    }
}
