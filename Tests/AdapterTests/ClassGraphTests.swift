import Adapter
import Core
import Foundation
import Kernels
import TestSupport
import Testing

/// Row 0 of `D^-½(max(cos, 0) + I)D^-½` times the nodes, by its definition.
private func convolved(_ nodes: [[Double]]) -> [Double] {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let edges = nodes.indices.map { i in
        nodes.indices.map { j in
            let cosine = dot(nodes[i], nodes[j]) / (dot(nodes[i], nodes[i]) * dot(nodes[j], nodes[j])).squareRoot()
            return max(cosine, 0) + (i == j ? 1 : 0)
        }
    }
    let degrees = edges.map { $0.reduce(0, +) }
    return nodes[0].indices.map { d in
        nodes.indices.reduce(0.0) { $0 + edges[0][$1] / (degrees[0] * degrees[$1]).squareRoot() * nodes[$1][d] }
    }
}

/// The texts before training: `norm(η·t0 + (1 − η)·¼Σ_q(0.7·tanh(n·W) + 0.3·tanh(m·W)))`.
private func expectedTexts(
    _ texts: Matrix, _ images: Matrix, _ p: GraphAdapter.Parameters, _ settings: GraphAdapter.Settings
) -> Matrix {
    func row(_ matrix: Matrix, _ index: Int) -> [Double] { matrix.row(index).map(Double.init) }
    var u = texts
    for c in 0 ..< texts.rows {
        var sum = row(texts, c).map { $0 * Double(settings.eta) }
        for q in 0 ..< 4 {
            for (means, weight, share) in [
                (texts, p.textWeight, settings.text_share), (images, p.imageWeight, 1 - settings.text_share),
            ] {
                let members = stride(from: q, to: texts.rows, by: 4).map { row(means, $0) }
                let n = convolved([row(texts, c)] + members)
                for d in sum.indices {
                    let lifted = n.indices.reduce(0.0) { $0 + n[$1] * Double(weight[$1, d]) }
                    sum[d] += Double((1 - settings.eta) * share / 4) * tanh(lifted)
                }
            }
        }
        for d in sum.indices { u[c, d] = Float(sum[d]) }
    }
    return normalizeRows(u).unit
}

/// Covers both factorizations of the graph, and fewer classes than blocks.
@Test(arguments: [(3, 12), (8, 8), (9, 16), (10, 48)])
func graphTextsFollowTheirDefinition(classes: Int, width: Int) throws {
    var generator = SeededGenerator(seed: 17)
    let prompts = randomMatrix(classes * 2, width, mean: 0.2, using: &generator)
    let views = (0 ..< 3).map { _ in randomMatrix(classes * 2, width, mean: 0.2, using: &generator) }
    let labels = (0 ..< classes * 2).map { $0 % classes }
    let text = ClassText(features: prompts, classCount: classes)
    let support = try Support(FeaturesInMemory(.train, views: views, labels: labels), classCount: classes)
    let method = try GraphAdapter(.init(), task: FewShotTask(support: support, text: text))
    var images = Matrix.zeros(classes, width)
    for item in 0 ..< classes * 2 {
        // Two items per class, each with two augmented views.
        for view in 1 ... 2 { for d in 0 ..< width { images[item % classes, d] += views[view][item, d] / 4 } }
    }
    let start = method.initialParameters(seed: 1)
    let found = try #require(method.classifier(start)[TextTerm.self]).embeddings
    #expect(largestDifference(found, expectedTexts(text.rawMeans, images, start, .init())) < 1e-5)
}
