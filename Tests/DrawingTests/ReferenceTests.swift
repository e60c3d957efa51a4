import Core
import Drawing
import Foundation
import TestSupport
import Testing

/// The results of the Python and C code in `Demo`, as recorded by `Tests/Fixtures/make_drawing_values.py`.
private struct ReferenceValues: Decodable {
    struct Group: Decodable {
        let task: String?
        let style: String?
        let count: Int
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
    let classes: [String: [String]]
    let groups: [Group]

    static func read() throws -> ReferenceValues {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: fixture("drawing/values.json"))))
    }

    /// Returns the scenes of a group in the order of the reference.
    func scenes(_ group: Group) throws -> [Scene] {
        let task = try #require(group.task.flatMap(DrawnTask.init))
        let style = try #require(group.style.flatMap(Style.init))
        return task.classes.indices.flatMap { label in
            (0 ..< group.count).map { task.scene(label: label, number: $0, seed: seed, style: style) }
        }
    }
}

/// Computes the SHA-256 of bytes.
private func digest(_ arrays: [[UInt8]]) -> String {
    var hasher = Digest.Hasher()
    for bytes in arrays { unsafe hasher.update(bytes.span.bytes) }
    return hasher.finish().description
}

@Test func randomStreamsEqualTheReference() throws {
    for row in try ReferenceValues.read().streams {
        var stream = try Stream(
            seed: #require(UInt64(row.seed)), index: #require(UInt64(row.index)),
            #require(Stream.Purpose(rawValue: row.purpose)), visit: #require(UInt64(row.visit)))
        #expect(row.words.map { _ in stream.word() } == row.words)
    }
}

@Test func picturesEqualTheReference() throws {
    let values = try ReferenceValues.read()
    var count = 0
    // Groups without a task are training scenes, which only the demo's Python code draws.
    for group in values.groups where group.task != nil {
        let name = "\(group.task ?? "") \(group.style ?? "")"
        let scenes = try values.scenes(group)
        count += scenes.count
        let pictures = scenes.map(Picture.init)
        #expect(digest(pictures.map(\.pixels)) == group.picture, "pictures of \(name)")
        #expect(digest(pictures.map(\.png)) == group.png, "files of \(name)")
    }
    #expect(count == 1368)
    #expect(Set(values.groups.compactMap(\.style)) == Set(Style.allCases.map(\.rawValue)))
}

@Test(arguments: DrawnTask.allCases)
func classesEqualTheReference(_ task: DrawnTask) throws {
    #expect(try ReferenceValues.read().classes[task.rawValue] == task.classes)
}
