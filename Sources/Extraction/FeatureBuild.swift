internal import Core
internal import FeatureStore
internal import Images
internal import Splits

/// The creation of a feature folder from a split's images and prompts with a CLIP model: `train.h5`, `val.h5`, `test.h5`,
/// `text.h5`.
///
/// Reuses existing output with the same identity and resumes unfinished output. The files hold the same bytes after any
/// number of interruptions, and for any number of threads.
@dynamicMemberLookup
public struct FeatureBuild: Sendable {
    /// The settings that decide the values of the features, also available as properties of the build.
    public var settings: FeatureSettings
    /// The feature folder to make.
    public var output: String
    /// The memory limit in bytes; half of the machine's memory if nil.
    public var memory: Int?
    /// The number of encoding threads; one per core if nil.
    public var threads: Int?
    /// Whether views, prompts or samples may be added to existing features.
    public var extends = false
    /// Whether existing features with other settings are replaced.
    public var replaces = false

    /// Creates a build of `settings` in the folder `output`.
    public init(_ settings: FeatureSettings, output: String) {
        self.settings = settings
        self.output = output
    }

    /// Creates a build with the default settings.
    public init(split: String, root: String, model: String, output: String) {
        self.init(FeatureSettings(split: split, root: root, model: model), output: output)
    }

    public subscript<Value>(dynamicMember member: WritableKeyPath<FeatureSettings, Value>) -> Value {
        get { settings[keyPath: member] }
        set { settings[keyPath: member] = newValue }
    }
}
