internal import Core
internal import Kernels

/// How well each prompt fits the images of its class, and what TIMO makes of that.
///
///     v_c = norm(mean key of c)      s_cp = v_c·E_cp      a_c = softmax_p(γ·s_c/‖s_c‖)      T'_c = norm(Σ_p a_cp E_cp)
struct GuidedTexts: Sendable {
    private let prompts: Matrix  // E, unit rows [C·P×D]
    private let matches: Matrix  // s [C×P]
    /// The prompts of each class by falling match, as rows of E.
    private let ranked: [[Int]]
    private let images: ClassScatter
    let classCount: Int
    let promptCount: Int

    init(_ support: Support, _ text: ClassText) throws(Fault) {
        let means = normalized(try support.classMeans())
        (classCount, promptCount) = (text.classCount, text.promptCount)
        prompts = text.prompts
        let (size, width) = (text.promptCount, text.width)
        let fits = (0 ..< text.prompts.rows).map { row in
            text.prompts.span.row(row, width: width).dot(means.span.row(row / size, width: width))
        }
        matches = Matrix(fits, rows: classCount, columns: size)
        ranked = (0 ..< classCount).map { c in
            (c * size ..< (c + 1) * size).sorted { (fits[$0], $1) > (fits[$1], $0) }
        }
        images = try support.viewScatter()
    }

    /// T' [C×D].
    func texts(gamma: Float) -> Matrix {
        var shares = normalized(matches)
        scale(&shares, by: gamma)
        softmaxRows(&shares)
        return normalized(
            .stacked(
                (0 ..< classCount).map { c in
                    product(shares.rows(c ..< c + 1), prompts.rows(c * promptCount ..< (c + 1) * promptCount))
                }))
    }

    /// The discriminants of the image views and the `count` best prompts of each class, each as long as it fits.
    ///
    /// Beyond P the best ones count twice.
    func discriminants(promptCount count: Int) -> Classifier.Linear { discriminants(promptCounts: [count])[0] }

    /// The same for several numbers of prompts; each prompt enters one product only.
    func discriminants(promptCounts counts: [Int]) -> [Classifier.Linear] {
        let sizes = Set(counts.flatMap { parts($0) }).sorted()
        var scatters: [Int: ClassScatter] = [:]
        var (scatter, taken) = (ClassScatter(centers: images.centers), 0)
        for part in sizes {
            if part > taken {
                let (rows, labels) = scaledPrompts(taken ..< part)
                scatter.add(rows, labels: labels)
                taken = part
            }
            scatters[part] = scatter
        }
        return counts.map { count in
            var all = images
            for part in parts(count) { if let scatter = scatters[part] { all.add(scatter) } }
            return all.discriminants()
        }
    }

    /// How many of the best prompts are taken, pass after pass.
    private func parts(_ count: Int) -> [Int] {
        count <= promptCount ? [count] : [promptCount, min(promptCount, count - promptCount)]
    }

    /// `s_cp·E_cp` of the prompts with the given ranks, and the class of each.
    private func scaledPrompts(_ ranks: Range<Int>) -> (rows: Matrix, labels: [Int]) {
        let chosen = ranked.flatMap { $0[ranks] }
        var rows = prompts.rows(at: chosen)
        scaleRows(&rows, by: chosen.map { matches.elements[$0] })
        return (rows, chosen.map { $0 / promptCount })
    }
}

/// Rows divided by their lengths; a row of zeros stays.
private func normalized(_ x: Matrix) -> Matrix {
    var unit = x
    let lengths = normalizeRows(&unit)
    for (i, length) in lengths.enumerated() where !(length > 0) {
        for j in 0 ..< x.columns { unit[i, j] = 0 }
    }
    return unit
}
