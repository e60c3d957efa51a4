extension PublishedNumbers {
    private static let sourceGDA = Source(
        title: "GDA's repository, mrflogs/ICLR24", remark: "mean of 3 seeds; ImageNet is chosen on test")

    /// The numbers of GDA in the log published with its code.
    static let gdaRows: [Row] =
        parse(
            """
            gda 1 60.64 87.28 46.26 58.30 17.29 72.11 77.42 85.49 56.77 59.95 62.61
            gda 2 61.23 88.63 51.26 67.88 22.45 82.91 77.87 86.69 59.30 63.64 66.28
            gda 4 61.71 90.62 57.47 75.40 28.24 89.73 77.83 87.19 62.75 65.27 71.31
            gda 8 62.46 91.35 62.77 81.70 34.07 93.23 78.43 89.12 68.93 68.58 75.74
            gda 16 63.82 92.55 66.51 86.12 40.61 95.72 79.05 88.81 75.12 70.70 77.53
            """, backbone: .rn50, source: sourceGDA)
        + parse(
            """
            gda 16 66.33 93.63 68.62 86.32 42.58 96.17 82.15 91.43 79.99 72.07 79.31
            """, backbone: .rn101, source: sourceGDA)
        + parse(
            """
            gda 16 72.24 95.79 71.26 89.19 50.33 97.92 87.27 93.73 82.63 75.87 84.09
            """, backbone: .vitB16, source: sourceGDA)
        + parse(
            """
            gda 16 67.00 94.42 67.63 87.30 41.74 96.16 81.83 91.21 77.55 73.60 80.17
            """, backbone: .vitB32, source: sourceGDA)
}
