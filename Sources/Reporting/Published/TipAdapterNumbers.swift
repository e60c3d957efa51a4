extension PublishedNumbers {
    private static let sourceTipAdapter = Source(
        title: "Tip-Adapter's exp.log", remark: "Tip-Adapter-F's best epoch and searched setting are chosen on test")

    /// The numbers of Tip-Adapter, CLIP-Adapter, and zero-shot CLIP in the log published with Tip-Adapter's code.
    static let tipAdapterRows: [Row] =
        parse(
            """
            zero-shot 0 60.32 85.92 42.20 37.52 17.10 66.02 77.32 85.83 55.74 58.52 61.35
            tip-adapter 1 60.70 87.18 46.22 54.38 19.05 73.12 77.42 86.10 57.54 61.30 62.60
            tip-adapter 2 60.96 88.44 49.47 61.68 21.21 79.13 77.52 87.03 57.93 62.70 64.74
            tip-adapter 4 60.98 89.39 53.96 65.32 22.41 83.80 77.54 86.45 61.45 64.15 66.46
            tip-adapter 8 61.45 89.83 58.63 67.95 25.59 87.98 77.76 87.03 62.93 65.62 68.68
            tip-adapter 16 62.01 90.18 60.93 70.54 29.76 89.89 77.83 88.14 66.77 66.85 70.58
            tip-adapter-f 1 61.13 89.33 49.65 59.53 20.22 79.98 77.51 87.00 58.86 62.50 64.87
            tip-adapter-f 2 61.69 89.74 53.72 66.15 23.19 82.30 77.81 87.03 61.50 63.64 66.43
            tip-adapter-f 4 62.52 90.56 57.39 74.12 25.80 88.83 78.24 87.54 64.57 66.21 70.55
            tip-adapter-f 8 64.00 91.44 62.71 77.93 30.21 91.51 78.64 88.09 69.25 68.87 74.25
            tip-adapter-f 16 65.51 92.86 66.55 84.54 35.55 94.80 79.43 89.70 75.74 71.47 78.03
            clip-adapter 1 61.20 88.60 45.80 61.40 17.49 73.49 76.82 85.99 55.13 61.30 62.20
            clip-adapter 2 61.52 89.37 51.48 63.90 20.10 81.61 77.22 86.73 58.74 63.29 67.12
            clip-adapter 4 61.84 89.98 56.86 73.38 22.59 87.17 77.92 87.46 62.45 65.96 69.05
            clip-adapter 8 62.68 91.40 61.00 77.93 26.25 91.72 78.04 87.65 67.89 67.50 73.30
            clip-adapter 16 63.59 92.49 65.96 84.43 32.10 93.90 78.25 87.84 74.01 69.55 76.76
            """, backbone: .rn50, source: sourceTipAdapter)
}
