public import Core

/// Existing runs that a study would train in another way, all for the same reason.
public struct OutdatedRuns: Sendable, Equatable {
    /// The names of the runs, in the order of the study.
    public private(set) var runs: [String]
    /// The changed feature files, such as `photos/test.h5`; empty if a setting differs.
    public private(set) var features: [String] = []
    /// The first difference of a setting: its value in the runs, and in the study.
    private var setting: Provenance.Difference?

    /// The run called `name` of the feature folder `folder`, whose identity has `differences` from that of the study.
    init(_ name: String, folder: String, differences: [Provenance.Difference]) {
        runs = [name]
        let files = differences.filter { ($0.field == "text") || Subset(rawValue: $0.field) != nil }
        features = files.map { folder.appending(path: "\($0.field).h5") }
        if features.isEmpty { setting = differences.first }
    }

    /// Adds `other`, and returns whether it has the same reason.
    mutating func merge(_ other: OutdatedRuns) -> Bool {
        guard features.isEmpty == other.features.isEmpty, setting == other.setting else { return false }
        runs += other.runs
        for file in other.features where !features.contains(file) { features.append(file) }
        return true
    }

    /// The fault of all the runs, which are in the folder `output`.
    public func fault(in output: String) -> Fault {
        let isOne = runs.count == 1
        let count = isOne ? "a run" : "\(runs.count) runs"
        let remedy: Remedy =
            "choose another \(option: "output"), or train \(isOne ? "it" : "them") again with \(option: "replace")"
        let subject = isOne ? output.appending(path: runs[0]) : output
        if let setting {
            return Fault(
                .cannotCreate, subject, found: "\(count) whose \(setting.field) is \(setting.found)",
                expected: setting.expected, remedy: remedy)
        }
        return Fault(
            .cannotCreate, subject,
            found: "\(count) of other features (\(features.joined(separator: ", ")) changed)",
            expected: "runs of the present ones", remedy: remedy)
    }
}
