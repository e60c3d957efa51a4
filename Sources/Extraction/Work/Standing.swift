internal import Core
internal import FeatureStore

/// The existing files of a plan.
struct Standing {
    private var states: [FeatureFile.Kind: ExistingFeatures] = [:]

    /// Compares all existing files with the plan.
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

    /// The provenances of the missing files.
    func missing(_ plan: BuildPlan) -> [FeatureFile.Kind: Provenance] {
        var files: [FeatureFile.Kind: Provenance] = [:]
        for part in plan.parts where !isThere(part.file) { files[part.file] = part.provenance }
        if !isThere(.text) { files[.text] = plan.text.provenance }
        return files
    }

    /// The names of the missing files.
    func names(_ plan: BuildPlan) -> [String] {
        let missing = missing(plan)
        return FeatureFile.Kind.allCases.filter { missing[$0] != nil }.map(\.fileName)
    }

    /// The current path of the text features.
    func textPath(_ folder: String, _ build: FeatureBuild) -> String {
        isThere(.text) ? build.path(of: .text) : "\(folder)/\(FeatureFile.Kind.text.fileName)"
    }
}
