internal import Core
internal import FeatureStore

/// What of a plan's files is there.
struct Standing {
    private var states: [FeatureFile.Kind: ExistingFeatures] = [:]

    /// Compares all files with the plan before anything is made.
    init(_ plan: BuildPlan, _ build: FeatureBuild) throws(Fault) {
        for part in plan.parts {
            states[part.file] = try ExistingFeatures(
                at: build.path(of: part.file), part.file, part.provenance, build, images: plan.imageFolder)
        }
        states[.text] = try ExistingFeatures(
            at: build.path(of: .text), .text, plan.text.provenance, build, images: plan.imageFolder)
    }

    var isComplete: Bool { states.values.allSatisfy { $0 == .same } }
    func isThere(_ part: FeatureFile.Kind) -> Bool { states[part] == .same }
    func isExtendable(_ part: FeatureFile.Kind) -> Bool { states[part] == .extendable }

    /// How the files that are to be made come to be.
    func missing(_ plan: BuildPlan) -> [FeatureFile.Kind: Provenance] {
        var files: [FeatureFile.Kind: Provenance] = [:]
        for part in plan.parts where !isThere(part.file) { files[part.file] = part.provenance }
        if !isThere(.text) { files[.text] = plan.text.provenance }
        return files
    }

    /// The names of the files that are to be made.
    func names(_ plan: BuildPlan) -> [String] {
        let missing = missing(plan)
        return FeatureFile.Kind.allCases.filter { missing[$0] != nil }.map(\.fileName)
    }

    /// Where the text features are by now.
    func textPath(_ folder: String, _ build: FeatureBuild) -> String {
        isThere(.text) ? build.path(of: .text) : "\(folder)/\(FeatureFile.Kind.text.fileName)"
    }
}
