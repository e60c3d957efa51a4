extension PublishedNumbers {
    private static let sourceTaskRes = Source(
        title: "performance.log of HC's repository", remark: "TaskRes run again there with scale 1")

    /// The numbers of TaskRes as reproduced for HC-Adapter.
    static let taskResRows: [Row] =
        parse(
            """
            task-res 1 61.44 89.49 49.65 63.52 21.36 79.09 75.03 84.60 59.78 61.87 64.26
            task-res 2 62.28 89.86 54.43 65.99 23.67 83.09 75.88 85.64 62.70 64.89 67.41
            task-res 4 62.78 90.71 59.40 74.42 26.49 89.97 76.45 87.03 66.60 67.22 69.36
            task-res 8 64.30 92.09 63.48 78.07 32.25 94.05 77.82 87.35 70.70 69.29 74.46
            task-res 16 65.41 93.31 67.02 83.25 35.82 95.53 78.33 88.53 77.07 71.41 78.43
            """, backbone: .rn50, source: sourceTaskRes)
}
