internal import Core
internal import Kernels

/// The similarity of each prompt to the images of its class, and TIMO's texts and discriminants from it.
///
///     v_c = norm(mean key of c)      s_cp = v_c·E_cp      a_c = softmax_p(γ·s_c/‖s_c‖)      T'_c = norm(Σ_p a_cp E_cp)
struct GuidedTexts: Sendable {
    private let prompts: Matrix  // E, unit rows [C·P×D]
    private let matches: Matrix  // s [C×P]
    /// The prompts of each class by falling similarity, as rows of E.
    private let ranked: [[Int]]
    private let images: ClassScatter
    private let classCount: Int
    let promptCount: Int
    private let logitScale: Float

    init(_ support: Support, _ text: ClassText) throws(Fault) {
        let means = normalized(try support.classMeans())
        classCount = text.classCount
        promptCount = text.promptCount
        logitScale = text.logitScale
        prompts = text.prompts
        let size = text.promptCount
        let width = text.width
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
    func text(gamma: Float) -> TextTerm {
        var shares = normalized(matches)
        scale(&shares, by: gamma)
        softmaxRows(&shares)
        let mixed = (0 ..< classCount).map { c in
            product(shares.rows(c ..< c + 1), prompts.rows(c * promptCount ..< (c + 1) * promptCount))
        }
        return TextTerm(normalized(.stacked(mixed)), scale: logitScale)
    }

    /// The discriminants of the image views and the best prompts of each class, each scaled by its similarity.
    ///
    /// They are made for several numbers of prompts, with one product per prompt. Beyond P, the best prompts are used
    /// twice.
    func discriminants(promptCounts counts: [Int]) -> [LinearTerm] {
        let sizes = Set(counts.flatMap { parts($0) }).sorted()
        var scatters: [Int: ClassScatter] = [:]
        var scatter = ClassScatter(centers: images.centers)
        var taken = 0
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

    /// The number of best prompts taken in each pass.
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

/// Rows divided by their lengths; rows of zeros are unchanged.
private func normalized(_ x: Matrix) -> Matrix {
    var unit = x
    let lengths = normalizeRows(&unit)
    for (i, length) in lengths.enumerated() where !(length > 0) {
        for j in 0 ..< x.columns { unit[i, j] = 0 }
    }
    return unit
}
