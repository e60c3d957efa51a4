/// Everything that decides a picture, in whole numbers; lengths are units, of which the canvas has 1536 on each side.
public struct Scene: Sendable {
    /// What specks, wobbly edges and noise come from.
    package var seed: UInt32
    package var ground: Surface
    /// How many specks of any colour lie on the ground.
    package var specks: Int
    package var camera: Camera
    /// What is drawn, each over those before.
    package var figures: [Figure]

    /// The middle of the canvas.
    static let middle = 768
}

/// Two colours in a texture.
package struct Surface: Sendable {
    package var texture: Texture
    package var first: RGB
    package var second: RGB
    package var period: Int
    /// Of 256 in a turn.
    package var angle: Int
}

/// The line around a figure; of no width unless one is given.
package struct Outline: Sendable {
    package var width = 0
    package var colour = RGB()
}

package struct Figure: Sendable {
    package var shape: Shape
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int
    /// Of 256 in a turn.
    package var angle: Int
    package var surface: Surface
    package var outline = Outline()
    /// Whether the outline is all there is.
    package var isHollow = false
    /// How far each corner may be moved.
    package var wobble = 0
}

package struct Camera: Sendable {
    /// The most that noise adds to all channels of a pixel, or takes away.
    package var noise: Int
    /// How many times the picture is blurred.
    package var blur: Int
    /// Of 256 for a picture as bright as the scene.
    package var gain: Int
    /// What is added to every value.
    package var lift: Int
    /// Where light comes from, of 256 in a turn.
    package var lightAngle: Int
    /// How much it adds to the gain on its side and takes away on the other.
    package var light: Int
    package var isInverted = false
    /// The most that noise adds to each channel on its own, or takes away.
    package var colourNoise: Int
}

extension Scene {
    /// The scene as numbers [108], as the reference in C takes it.
    package var record: [Int32] {
        var record = [Int32(bitPattern: seed), Int32(figures.count)] + ground.numbers + camera.numbers
        record.append(Int32(specks))
        for figure in figures { record += figure.numbers }
        return record + [Int32](repeating: 0, count: Self.recordCount - record.count)
    }

    /// 20 numbers and 22 for each of four figures.
    private static let recordCount = 20 + 22 * 4
}

extension Surface {
    fileprivate var numbers: [Int32] {
        [Texture.allCases.firstIndex(of: texture).map(Int32.init) ?? 0] + first.numbers + second.numbers
            + [Int32(period), Int32(angle)]
    }
}

extension RGB {
    fileprivate var numbers: [Int32] { [x, y, z] }
}

extension Camera {
    fileprivate var numbers: [Int32] {
        [noise, blur, gain, lift, lightAngle, light, isInverted ? 1 : 0, colourNoise].map(Int32.init)
    }
}

extension Figure {
    fileprivate var numbers: [Int32] {
        let number = Shape.allCases.firstIndex(of: shape) ?? 0
        return [number, x, y, width, height, angle & 255].map(Int32.init) + surface.numbers + [Int32(outline.width)]
            + outline.colour.numbers + [isHollow ? 1 : 0, Int32(wobble), 0]
    }
}
