public import Core
internal import Kernels

extension ClusterAdapter {
    /// The names and values of `configs/stanford_cars.yaml`, the only settings its authors released.
    public struct Settings: CacheSettings, TrainingSettings {
        /// α and β in training; a search chooses others afterwards.
        public var alpha: Float = 6.5
        public var beta: Float = 1
        /// Prototypes per class, as k-means centers of all augmented views; 0 for one prototype per shot, as published.
        public var prototypes = 0
        /// Temperatures of the between-class, within-class and text terms.
        public var t1: Float = 0.1
        public var t2: Float = 0.13
        public var t3: Float = 0.07
        /// Weights of the same terms.
        public var ls1: Float = 10
        public var ls2: Float = 20
        public var ls3: Float = 0.5
        public var lr: Float = 1e-3
        /// Factors of `lr` for the image side and the text side.
        public var lr1: Float = 2.5
        public var lr2: Float = 0.1
        /// The exponent of the channel weights.
        public var iw = 15
        /// The share of the first fifteen text slots against the last.
        public var ta: Float = 0.5
        /// The share of prototypes dropped in each step; `dw` in the published file.
        public var dropout: Float = 0.2
        /// The cosine below which a pair of one class is excluded for the rest of training.
        public var margin: Float = 0
        public var epochs = 30
        public var batch_size = 256
        public var weight_decay: Float = 0.01
        /// ε of AdamW.
        public var eps: Float = 1e-4
        public var search_scale = SearchScale(beta: 20, alpha: 10)
        public var search_step = SearchSteps(beta: 200, alpha: 20)
        /// The precision of a step's large products; evaluation and search are in float32.
        public var precision = PrecisionRequest.auto
        public init() {}

        public func check() throws(Fault) {
            try checkCache()
            _ = try searchSpace()
            for (name, value) in [("t1", t1), ("t2", t2), ("t3", t3)] { try require(name, value, in: 0.02 ... 100) }
            for (name, value) in [("ls1", ls1), ("ls2", ls2), ("ls3", ls3)] { try require(name, value, in: 0 ... 1e6) }
            for (name, value) in [("lr1", lr1), ("lr2", lr2)] { try require(name, value, in: 0 ... 1e4) }
            try require("ta", ta, in: 0 ... 1)
            try require("iw", Float(iw), in: 1 ... 64)
            try require("dropout", dropout, in: 0 ... 0.99)
            try require("prototypes", Float(prototypes), in: 0 ... 1024)
            try require("margin", margin, in: -1 ... 1)
            try checkTraining(epsilon: eps)
        }
    }

    /// The authors released settings for Stanford Cars only.
    ///
    /// For other data sets α is ours: 2.2 times that of Tip-Adapter-F, as it is for Cars (6.5 and 3), and the search range is
    /// Tip-Adapter's.
    public static let publishedSettings = PublishedSettings(
        ["alpha", "search_scale"],
        [
            "imagenet": [2.574, [7, 3]],
            "caltech101": [6.6, [12, 5]],
            "dtd": [4.4, [13, 13]],
            "eurosat": [4.4, [12, 10]],
            "fgvc_aircraft": [11, [30, 30]],
            "oxford_flowers": [22, [50, 50]],
            "food101": [2.574, [10, 10]],
            "oxford_pets": [2.574, [7, 3]],
            "stanford_cars": [6.5, [20, 10]],
            "sun397": [2.574, [12, 10]],
            "ucf101": [6.6, [7, 3]],
        ])

    /// This project's proposals: twice the cache weight, which few shots need, and weaker terms between and within
    /// classes.
    public static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]] {
        [1, 2].flatMap { factor in
            [10.0, 1].flatMap { between in
                [20.0, 2].map { within in
                    [
                        "alpha": .number(rounded(settings.alpha * factor)), "ls1": .number(between),
                        "ls2": .number(within),
                    ]
                }
            }
        }
    }
}
