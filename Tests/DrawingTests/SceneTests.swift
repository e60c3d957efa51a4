import Drawing
import Testing

@Test func picturesDependOnTheSeed() {
    let picture = { (seed: UInt64) in Picture(DrawnTask.badges.scene(label: 3, number: 7, seed: seed)) }
    #expect(picture(1) == picture(1))
    #expect(picture(1) != picture(2))
}

@Test func allImagesOfATaskDiffer() {
    for task in DrawnTask.allCases {
        let pictures = task.classes.indices.flatMap { label in
            (0 ..< 20).map { Picture(task.scene(label: label, number: $0, seed: 1, style: .crayon)).pixels }
        }
        #expect(Set(pictures).count == pictures.count)
    }
}

@Test func figuresBeyondTheCanvasAreClipped() {
    var scene = DrawnTask.badges.scene(label: 0, number: 0, seed: 1, style: .crayon)
    let coordinates = [-100_000, -700, 0, 1535, 2200, 100_000]
    for x in coordinates {
        for y in coordinates {
            for figure in scene.figures.indices {
                scene.figures[figure].x = x
                scene.figures[figure].y = y
            }
            #expect(Picture(scene).pixels.count == Picture.side * Picture.side * 3)
        }
    }
}

@Test func aSquareCoversExactlyItsCells() {
    var scene = DrawnTask.badges.scene(label: 0, number: 0, seed: 1)
    scene.figures.removeLast()
    scene.ground.texture = .solid
    scene.ground.first = [10, 20, 30]
    scene.specks = 0
    scene.camera.noise = 0
    scene.camera.colorNoise = 0
    scene.camera.blur = 0
    scene.camera.gain = 256
    scene.camera.lift = 0
    scene.camera.light = 0
    scene.figures[0].shape = .square
    scene.figures[0].surface.texture = .solid
    scene.figures[0].surface.first = [200, 100, 50]
    scene.figures[0].angle = 0
    scene.figures[0].x = 768
    scene.figures[0].y = 768
    // 800/1024 of this size are 320 units, 20 cells, or 10 pixels.
    scene.figures[0].width = 410
    scene.figures[0].height = 410
    let pixels = Picture(scene).pixels
    for row in 0 ..< 48 {
        for column in 0 ..< 48 {
            let isInside = (14 ..< 34).contains(row) && (14 ..< 34).contains(column)
            let offset = (row * 48 + column) * 3
            #expect(Array(pixels[offset ..< offset + 3]) == (isInside ? [200, 100, 50] : [10, 20, 30]))
        }
    }
}
