/// What a camera makes of a scene beyond the usual, as captions say it.
public enum Condition: String, Sendable, CaseIterable {
    case usual = ""
    case blurry, dark, noisy

    /// Usual in seven scenes of ten.
    static func sampled(_ stream: inout Stream) -> Condition {
        stream.pick([.usual, .usual, .usual, .usual, .usual, .usual, .usual, .blurry, .dark, .noisy])
    }
}

extension Camera {
    static func sampled(_ condition: Condition, _ stream: inout Stream) -> Camera {
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
        let colourNoise = stream.pick([0, 0, 4])
        return Camera(
            noise: noise, blur: blur, gain: gain, lift: lift, lightAngle: lightAngle, light: light,
            colourNoise: colourNoise)
    }
}

extension Scene {
    /// Puts `figures` on `ground` before a camera.
    ///
    /// - Parameters:
    ///   - ground: what lies behind.
    ///   - figures: what is seen.
    ///   - condition: the camera's.
    ///   - picture: the seed and the index that noise is drawn from.
    ///   - stream: where the camera's settings are drawn from.
    init(
        _ ground: Surface, _ figures: [Figure], _ condition: Condition, _ picture: (seed: UInt64, index: UInt64),
        _ stream: inout Stream
    ) {
        let camera = Camera.sampled(condition, &stream)
        let specks = stream.percent(20) ? 8 : 0
        var pixels = Stream(seed: picture.seed, index: picture.index, .pixels)
        self.init(seed: pixels.word() >> 1, ground: ground, specks: specks, camera: camera, figures: figures)
    }
}
