extension Camera {
    /// An imaging condition.
    private enum Condition: CaseIterable {
        case usual, blurry, dark, noisy
    }

    /// Samples a camera, whose condition is usual in 70 % of scenes.
    static func sampled(_ stream: inout Stream) -> Camera {
        let condition = stream.pick(Condition.allCases, weights: [7, 1, 1, 1])
        var blur = stream.percent(20) ? 1 : 0
        var noise = stream.pick([0, 0, 4, 8, 14])
        var gain = stream.within(215 ... 275)
        switch condition {
        case .usual: break
        case .blurry: blur = 2
        case .dark: gain = stream.within(110 ... 150)
        case .noisy: noise = stream.within(26 ... 40)
        }
        let lift = stream.within(-8 ... 14)
        let lightAngle = stream.within(0 ... 255)
        let light = stream.within(0 ... 40)
        let colorNoise = stream.pick([0, 0, 4])
        return Camera(
            noise: noise, blur: blur, gain: gain, lift: lift, lightAngle: lightAngle, light: light,
            colorNoise: colorNoise)
    }
}

extension Scene {
    /// Creates a scene of `figures`, from back to front, on `ground` with a camera sampled from `stream`.
    ///
    /// The seed and index of `picture` determine the noise.
    init(
        _ ground: Surface, _ figures: [Figure], _ picture: (seed: UInt64, index: UInt64), _ stream: inout Stream
    ) {
        let camera = Camera.sampled(&stream)
        let specks = stream.percent(20) ? 8 : 0
        var pixels = Stream(seed: picture.seed, index: picture.index, .pixels)
        self.init(seed: pixels.word() >> 1, ground: ground, specks: specks, camera: camera, figures: figures)
    }
}
