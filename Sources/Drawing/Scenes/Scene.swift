/// A complete description of a picture in integers; lengths are in units, of which the canvas has 1536 per side.
public struct Scene: Sendable {
    /// The seed of specks, wobbly edges, and noise.
    package var seed: UInt32
    /// The background.
    package var ground: Surface
    /// The number of specks on the background.
    package var specks: Int
    /// The camera.
    package var camera: Camera
    /// The figures from back to front.
    package var figures: [Figure]

    /// The coordinate of the canvas's center.
    static let middle = 768
}

/// A texture of two colors.
package struct Surface: Sendable {
    package var texture: Texture
    package var first: RGB
    package var second: RGB
    package var period: Int
    /// The rotation in units of 1/256 turn.
    package var angle: Int
}

/// The line around a figure; invisible by default.
package struct Outline: Sendable {
    package var width = 0
    package var color = RGB()
}

/// A shape with its position and surface.
package struct Figure: Sendable {
    package var shape: Shape
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int
    /// The rotation in units of 1/256 turn.
    package var angle: Int
    package var surface: Surface
    package var outline = Outline()
    /// Whether only the outline is drawn.
    package var isHollow = false
    /// The maximum random shift of each vertex.
    package var wobble = 0

    /// A figure of equal width and height.
    init(_ shape: Shape, at center: (x: Int, y: Int), size: Int, angle: Int, _ surface: Surface) {
        self.shape = shape
        x = center.x
        y = center.y
        width = size
        height = size
        self.angle = angle
        self.surface = surface
    }
}

/// The imaging settings of a scene.
package struct Camera: Sendable {
    /// The amplitude of noise common to the channels of a pixel.
    package var noise: Int
    /// The number of blurs.
    package var blur: Int
    /// The brightness in units of 1/256.
    package var gain: Int
    /// The offset of every value.
    package var lift: Int
    /// The direction of the light in units of 1/256 turn.
    package var lightAngle: Int
    /// The change of the gain from the center toward the light.
    package var light: Int
    package var isInverted = false
    /// The amplitude of independent noise per channel.
    package var colorNoise: Int
}
