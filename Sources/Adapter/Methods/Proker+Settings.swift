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

    /// The ranges of the repository's configurations, and what it takes from ImageNet where nothing is searched.
    public static func published(for benchmark: Benchmark, shots: Int?) -> [String: SettingValue] {
        let (betas, lambdas): ([Double], [Double]) =
            switch benchmark {
            case .caltech101, .fgvc, .food101, .ucf101: ([0.5, 3, 20], [0.001, 1, 10])
            case .eurosat: ([0.5, 3, 20], [0.001, 1, 100])
            case .dtd, .flowers102: ([0.1, 10, 20], [0.001, 10, 100])
            case .pets: ([0.01, 5, 40], [0.01, 0.3, 20])
            case .cars: ([0.1, 10, 5], [0.01, 1, 5])
            case .sun397: ([0.1, 10, 20], [0.01, 10, 10])
            case .imagenet: ([1.5, 3, 10], [0.05, 0.25, 10])
            }
        let (beta, lambda): (Double, Double) =
            switch shots ?? 16 {
            case 1: (3, 0.05)
            case 2, 3: (2.6, 0.05)
            case 4 ..< 8: (1.5, 0.05)
            case 8 ..< 16: (1.66, 0.07)
            default: (1.7, 0.1)
            }
        return [
            "beta": .number(beta), "lambda": .number(lambda), "search_beta": .list(betas),
            "search_lambda": .list(lambdas),
        ]
    }
}
