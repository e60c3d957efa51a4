public import Core

extension ClusterAdapter {
    /// The names and values of `configs/stanford_cars.yaml`, the only settings its authors released.
    public struct Settings: CacheSettings, TrainingSettings {
        /// α: the weight of the cache in training; a search chooses another afterwards.
        public var alpha: Float = 6.5
        /// β: the sharpness of the cache in training; a search chooses another afterwards.
        public var beta: Float = 1
        /// Prototypes per class, as k-means centers of all augmented views; 0 for one prototype per shot, as published.
        public var prototypes = 0
        /// The temperature of the between-class term.
        public var t1: Float = 0.1
        /// The temperature of the within-class term.
        public var t2: Float = 0.13
        /// The temperature of the text term.
        public var t3: Float = 0.07
        /// The weight of the between-class term.
        public var ls1: Float = 10
        /// The weight of the within-class term.
        public var ls2: Float = 20
        /// The weight of the text term.
        public var ls3: Float = 0.5
        /// The base learning rate.
        public var lr: Float = 1e-3
        /// The factor of the learning rate for the image side.
        public var lr1: Float = 2.5
        /// The factor of the learning rate for the text side.
        public var lr2: Float = 0.1
        /// The exponent of the channel weights.
        public var iw = 15
        /// The share of the first fifteen text slots against the last.
        public var ta: Float = 0.5
        /// The share of prototypes dropped in each step; `dw` in the published file.
        public var dropout: Float = 0.2
        /// The cosine below which a pair of one class is excluded for the rest of training.
        public var margin: Float = 0
        /// The number of epochs.
        public var epochs = 30
        /// Items per step.
        public var batch_size = 256
        /// The weight decay of AdamW.
        public var weight_decay: Float = 0.01
        /// ε of AdamW.
        public var eps: Float = 1e-4
        /// The upper bounds of the search.
        public var search_scale = SearchScale(beta: 20, alpha: 10)
        /// The steps of the search.
        public var search_step = SearchSteps(beta: 200, alpha: 20)
        /// The precision of a step's large products; evaluation and search are in float32.
        public var precision = PrecisionRequest.auto
        /// The published settings.
        public init() {}
    }

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
