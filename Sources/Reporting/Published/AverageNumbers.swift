extension PublishedNumbers {
    private static let sourceSVD = Source(
        title: "README of CLIP-SVD", remark: "averages of the eleven data sets at 16 shots, as quoted there")

    /// Published averages over the eleven data sets; per-data-set results were not published.
    static let averageRows: [Row] = [
        ("zero-shot", 0, 65.36), ("linear-probe", 16, 78.39), ("clip-adapter", 16, 79.86), ("tip-adapter", 16, 76.44),
        ("tip-adapter-f", 16, 81.15), ("lp-plus-plus", 16, 80.32), ("proker", 16, 82.01),
    ].map { method, shots, average in
        Row(method: method, backbone: .vitB16, shots: shots, values: [], average: average, source: sourceSVD)
    }
}
