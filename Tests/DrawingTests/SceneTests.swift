import Drawing
import Testing

private func withArticle(_ words: String) -> String { ("aeiou".contains(words.prefix(1)) ? "an " : "a ") + words }

/// Enough that a combination which occurs at all occurs.
private let training = (0 ..< UInt64(30000)).map { TrainingScene(seed: 5, index: $0) }

@Test func trainingShowsNoBadge() {
    let insides = training.filter { $0.relation == .inside }
    #expect(insides.count > 500)
    let seen = insides.map { scene in
        let (one, other) = (scene.things[0], scene.things[1])
        let outer = withArticle("\(other.colour.rawValue) \(other.shape.rawValue)")
        return "\(one.colour.rawValue) \(one.shape.rawValue) inside \(outer)"
    }
    #expect(Set(seen).isDisjoint(with: DrawnTask.badges.classes))
    #expect(Set(seen).count > 400)
}

@Test func trainingShowsNoToyEitherWayRound() {
    let opposites: [Relation: Relation] = [
        .above: .below, .below: .above, .leftOf: .rightOf, .rightOf: .leftOf,
    ]
    var seen: Set<String> = []
    for scene in training {
        guard let relation = scene.relation else { continue }
        let (one, other) = (scene.things[0].shape.rawValue, scene.things[1].shape.rawValue)
        seen.insert("\(one) \(relation.rawValue) \(withArticle(other))")
        if let opposite = opposites[relation] { seen.insert("\(other) \(opposite.rawValue) \(withArticle(one))") }
    }
    #expect(seen.count > 1000)
    #expect(seen.isDisjoint(with: DrawnTask.toys.classes))
}

@Test func twentyTexturesOnShapesAreKeptOutOfTraining() {
    let seen = Set(training.flatMap { $0.things.map { "\($0.texture.rawValue) \($0.shape.rawValue)" } })
    #expect(seen.count == Shape.allCases.count * Texture.allCases.count - 20)
}

@Test func imagesDependOnTheSeed() {
    let scene = { (seed: UInt64) in DrawnTask.badges.scene(label: 3, number: 7, seed: seed).record }
    #expect(scene(1) == scene(1))
    #expect(scene(1) != scene(2))
}

@Test func noTwoImagesOfATaskAreEqual() {
    for task in DrawnTask.allCases {
        let pictures = task.classes.indices.flatMap { label in
            (0 ..< 20).map { Picture(task.scene(label: label, number: $0, seed: 1, style: .crayon)).pixels }
        }
        #expect(Set(pictures).count == pictures.count)
    }
}

@Test func figuresBeyondTheCanvasAreCutOff() {
    var scene = DrawnTask.badges.scene(label: 0, number: 0, seed: 1, style: .crayon)
    let places = [-100_000, -700, 0, 1535, 2200, 100_000]
    for x in places {
        for y in places {
            for figure in scene.figures.indices { (scene.figures[figure].x, scene.figures[figure].y) = (x, y) }
            #expect(Picture(scene).pixels.count == Picture.side * Picture.side * 3)
        }
    }
}

@Test func aSquareOfOneColourIsExactlyItsCells() {
    var scene = DrawnTask.badges.scene(label: 0, number: 0, seed: 1)
    scene.figures.removeLast()
    scene.ground.texture = .solid
    scene.ground.first = [10, 20, 30]
    scene.specks = 0
    (scene.camera.noise, scene.camera.colourNoise, scene.camera.blur) = (0, 0, 0)
    (scene.camera.gain, scene.camera.lift, scene.camera.light) = (256, 0, 0)
    scene.figures[0].shape = .square
    scene.figures[0].surface.texture = .solid
    scene.figures[0].surface.first = [200, 100, 50]
    scene.figures[0].angle = 0
    (scene.figures[0].x, scene.figures[0].y) = (768, 768)
    // 800 of 1024 of this size are 320 units, which are 20 cells or 10 pixels.
    (scene.figures[0].width, scene.figures[0].height) = (410, 410)
    let pixels = Picture(scene).pixels
    for row in 0 ..< 48 {
        for column in 0 ..< 48 {
            let isInside = (14 ..< 34).contains(row) && (14 ..< 34).contains(column)
            let place = (row * 48 + column) * 3
            #expect(Array(pixels[place ..< place + 3]) == (isInside ? [200, 100, 50] : [10, 20, 30]))
        }
    }
}
