public import Core

extension Proker {
    public struct Settings: MethodSettings {
        /// β and λ if they are not searched: those published for ImageNet with 16 shots.
        public var beta: Float = 1.7
        public var lambda: Float = 0.1
        /// The searched ranges of β and λ, and the number of values on the published grid.
        public var search_beta = GridRange(from: 0.5, to: 3, count: 20)
        public var search_lambda = GridRange(from: 0.001, to: 1, count: 10)
        /// The limit on samples; views beyond it are left out, except the first view of each item.
        public var samples = 2048
        public init() {}

        public func check() throws(Fault) {
            try require("beta", beta, in: 0 ... 1000)
            try require("lambda", lambda, in: 1e-4 ... 1e4)
            try require("samples", Float(samples), in: 1 ... 65536)
            try search_beta.check("search_beta", in: 0.001 ... 1000)
            try search_lambda.check("search_lambda", in: 1e-4 ... 1e4)
        }
    }

    /// The search ranges of the repository's configurations.
    public static let publishedSettings = PublishedSettings(
        ["search_beta", "search_lambda"],
        [
            "imagenet": [[1.5, 3, 10], [0.05, 0.25, 10]],
            "caltech101": [[0.5, 3, 20], [0.001, 1, 10]],
            "dtd": [[0.1, 10, 20], [0.001, 10, 100]],
            "eurosat": [[0.5, 3, 20], [0.001, 1, 100]],
            "fgvc_aircraft": [[0.5, 3, 20], [0.001, 1, 10]],
            "oxford_flowers": [[0.1, 10, 20], [0.001, 10, 100]],
            "food101": [[0.5, 3, 20], [0.001, 1, 10]],
            "oxford_pets": [[0.01, 5, 40], [0.01, 0.3, 20]],
            "stanford_cars": [[0.1, 10, 5], [0.01, 1, 5]],
            "sun397": [[0.1, 10, 20], [0.01, 10, 10]],
            "ucf101": [[0.5, 3, 20], [0.001, 1, 10]],
        ])

    /// The published ranges, and ImageNet's β and λ for this number of shots, which apply where nothing is searched.
    public static func published(for dataset: String, shots: Int?) -> [String: SettingValue] {
        guard var settings = publishedSettings[dataset] else { return [:] }
        let (beta, lambda): (SettingValue, SettingValue) =
            switch shots ?? 16 {
            case 1: (3, 0.05)
            case 2, 3: (2.6, 0.05)
            case 4 ..< 8: (1.5, 0.05)
            case 8 ..< 16: (1.66, 0.07)
            default: (1.7, 0.1)
            }
        settings["beta"] = beta
        settings["lambda"] = lambda
        return settings
    }
}
