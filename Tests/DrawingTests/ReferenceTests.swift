import Core
import Drawing
import Foundation
import TestSupport
import Testing

/// What the Python and C in `Demo` made, as `Tests/Fixtures/make_drawing_values.py` wrote it.
private struct ReferenceValues: Decodable {
    struct Group: Decodable {
        let task: String?
        let style: String?
        let count: Int
        let record: String
        let canvas: String
        let view: String
        let picture: String
        let png: String
    }
    struct StreamWords: Decodable {
        let seed: String
        let index: String
        let purpose: UInt64
        let visit: String
        let words: [UInt32]
    }

    let seed: UInt64
    let streams: [StreamWords]
    let record: [Int32]
    let captions: [String]
    let classes: [String: [String]]
    let groups: [Group]

    static func read() throws -> ReferenceValues {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: fixture("drawing/values.json"))))
    }

    /// The scenes of a group in the order in which the reference drew them.
    func scenes(_ group: Group) throws -> [Scene] {
        guard let name = group.task, let style = group.style else {
            return (0 ..< UInt64(group.count)).map { TrainingScene(seed: seed, index: $0).scene }
        }
        let task = try #require(DrawnTask(rawValue: name))
        let drawn = try #require(Style(rawValue: style))
        return task.classes.indices.flatMap { label in
            (0 ..< group.count).map { task.scene(label: label, number: $0, seed: seed, style: drawn) }
        }
    }
}

/// A SHA-256 over whole numbers, the lowest byte of each first.
private func digest(_ arrays: [[Int32]]) -> String {
    var hasher = Digest.Hasher()
    for numbers in arrays { unsafe hasher.update(numbers.span.bytes) }
    return hasher.finish().description
}

/// A SHA-256 over bytes.
private func digest(_ arrays: [[UInt8]]) -> String {
    var hasher = Digest.Hasher()
    for bytes in arrays { unsafe hasher.update(bytes.span.bytes) }
    return hasher.finish().description
}

@Test func randomStreamsAreThoseOfTheReference() throws {
    for row in try ReferenceValues.read().streams {
        var stream = try Stream(
            seed: #require(UInt64(row.seed)), index: #require(UInt64(row.index)),
            #require(Stream.Purpose(rawValue: row.purpose)), visit: #require(UInt64(row.visit)))
        #expect(row.words.map { _ in stream.word() } == row.words)
    }
}

@Test func aTrainingSceneHasTheReferencesNumbers() throws {
    let values = try ReferenceValues.read()
    #expect(TrainingScene(seed: values.seed, index: 0).scene.record == values.record)
}

@Test func twoThousandScenesEqualTheReferenceAtEveryStage() throws {
    let values = try ReferenceValues.read()
    var count = 0
    for group in values.groups {
        let name = "\(group.task ?? "training") \(group.style ?? "")"
        let scenes = try values.scenes(group)
        count += scenes.count
        #expect(digest(scenes.map(\.record)) == group.record, "records of \(name)")
        let stages = scenes.map { Picture.Stages($0) }
        #expect(digest(stages.map(\.canvas.values)) == group.canvas, "canvases of \(name)")
        #expect(digest(stages.map(\.view)) == group.view, "views of \(name)")
        #expect(digest(stages.map(\.picture.pixels)) == group.picture, "pictures of \(name)")
        #expect(digest(scenes.map { Picture($0).png }) == group.png, "files of \(name)")
    }
    #expect(count == 2000)
    #expect(Set(values.groups.compactMap(\.style)) == Set(Style.allCases.map(\.rawValue)))
}

@Test func captionsAreThoseOfTheReference() throws {
    let values = try ReferenceValues.read()
    let captions = (0 ..< UInt64(60)).flatMap { index in
        let scene = TrainingScene(seed: values.seed, index: index)
        return [UInt64(0), 7].map { scene.caption(visit: $0) }
    }
    #expect(captions == values.captions)
    #expect(Set(captions).count > 100, "captions differ between scenes and visits")
}

@Test(arguments: DrawnTask.allCases)
func classesAreThoseOfTheReference(_ task: DrawnTask) throws {
    #expect(try ReferenceValues.read().classes[task.rawValue] == task.classes)
}
