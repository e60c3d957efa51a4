extension PublishedNumbers {
    private static let sourceCrossModal = Source(
        title: "supplement of BDC-Adapter", remark: "as quoted there")

    /// The numbers of cross-modal adaptation with a linear probe, as quoted by BDC-Adapter.
    static let crossModalRows: [Row] =
        parse(
            """
            cross-modal 1 61.20 89.00 47.20 60.50 21.00 80.60 75.90 85.60 59.00 62.90 65.30
            cross-modal 2 61.90 89.40 54.50 66.10 23.60 85.70 77.50 86.90 62.20 65.50 66.20
            cross-modal 4 63.00 91.30 60.00 73.50 27.60 90.80 77.90 87.80 66.40 67.60 70.90
            cross-modal 8 63.70 92.10 64.10 78.80 32.80 93.60 78.80 87.80 70.30 68.60 74.50
            cross-modal 16 64.70 93.00 67.50 82.10 38.80 95.60 79.70 88.60 76.00 70.90 78.10
            """, backbone: .rn50, source: sourceCrossModal)
}
