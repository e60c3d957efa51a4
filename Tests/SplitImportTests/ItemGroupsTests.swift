import Core
import SplitImport
import Splits
import TestSupport
import Testing

private func splitOf(
    _ files: [String], group: String? = nil, seed: Int = 1
) throws -> ImportedSplit {
    let scratch = try ScratchFolder(files)
    var settings = SplitImport.Settings()
    settings.dataset = "x"
    settings.groups = try group.map { rule throws(Fault) in try ItemGroups(rule) }
    settings.ratios = try SubsetRatios(val: nil, test: nil, seed: seed)
    return try SplitImport.folder(scratch.path, settings)
}

/// The subsets in which the paths with each key are.
private func subsets(_ split: Split, _ key: (String) -> Substring) -> [Substring: Set<Subset>] {
    var found: [Substring: Set<Subset>] = [:]
    for subset in Subset.allCases { for item in split[subset] { found[key(item.path), default: []].insert(subset) } }
    return found
}

private let videos = ["run", "walk"].flatMap { action in
    (10 ..< 30).flatMap { group in (1 ... 4).map { "\(action)/v_\(action)_g\(group)_c0\($0).jpg" } }
}

@Test(arguments: [1, 2, 3])
func noGroupIsDivided(seed: Int) throws {
    let split = try splitOf(videos, group: #"_(g\d+)_"#, seed: seed).split
    let found = subsets(split) { $0.split(separator: "_")[2] }
    // The person g10 of both actions is one group.
    #expect(found.count == 20 && found.values.allSatisfy { $0.count == 1 })
    #expect(split.provenance.settings["group"] == #"_(g\d+)_"#)
    #expect(split.itemCount == 160 && split.test.count == 32 && split.val.count == 16)
    let perClass = try splitOf(videos, group: #"(.*_g\d+)_"#, seed: seed).split
    #expect(perClass.test.counts(classCount: 2) == [16, 16] && perClass.val.counts(classCount: 2) == [8, 8])
}

@Test func theGroupsMayBeTheFolders() throws {
    let files = ["cup", "pan"].flatMap { name in
        (0 ..< 10).flatMap { o in (0 ..< 3).map { "\(name)/\(name)\(o)/\($0).jpg" } }
    }
    let imported = try splitOf(files, group: "folder")
    let found = subsets(imported.split) { $0.split(separator: "/")[1] }
    #expect(found.count == 20 && found.values.allSatisfy { $0.count == 1 })
    #expect(imported.split.test.counts(classCount: 2) == [6, 6] && imported.split.val.counts(classCount: 2) == [3, 3])
    #expect(
        imported.notes.contains(
            "20 groups of 60 items, none of which is in two subsets: val has 6 items, test 12"), "\(imported.notes)")
}

@Test func groupsOfDifferentSizesAreAssignedAsTheyFit() throws {
    let sizes = [12, 1, 2, 1, 3, 1]
    let files = sizes.enumerated().flatMap { group, size in (0 ..< size).map { "cat/g\(group)_\($0).jpg" } }
    for seed in 1 ... 5 {
        let split = try splitOf(files, group: #"(g\d)_"#, seed: seed).split
        #expect(subsets(split) { $0.split(separator: "_")[0] }.values.allSatisfy { $0.count == 1 })
        #expect((2 ... 6).contains(split.test.count) && (1 ... 3).contains(split.val.count) && split.train.count >= 12)
    }
    // All images of a class are of one group.
    let single = try splitOf(["cat/a_1.jpg", "cat/a_2.jpg", "dog/b_1.jpg", "dog/b_2.jpg"], group: "([ab])_")
    #expect(single.split.train.count == 4 && single.notes.contains { $0.hasPrefix("the test subset is empty") })
}

@Test func imagesWithoutAGroupAreDividedByThemselves() throws {
    let imported = try splitOf(videos + ["run/other.jpg"], group: #"_(g\d+)_"#)
    #expect(imported.split.itemCount == 161)
    #expect(imported.notes.contains("1 image (run/other.jpg) in no group, each of which was divided by itself"))
}

@Test(arguments: ["(", "nothing(x)", "g\\d+", "(g)(1)"])
func aRuleThatGivesNoGroupsIsRefused(rule: String) throws {
    let refused = fault { _ = try splitOf(videos, group: rule) }
    #expect(refused?.status == .usage && refused?.option == "group", "\(String(describing: refused))")
}

@Test func groupsInSeveralOfTheDatasOwnSubsetsAreNoted() throws {
    let scratch = try ScratchFolder([
        "train/cat/p1_1.jpg", "train/cat/p2_1.jpg", "test/cat/p1_2.jpg", "val/cat/p3_1.jpg",
    ])
    var settings = SplitImport.Settings()
    settings.groups = try ItemGroups(#"(p\d)_"#)
    let notes = try SplitImport.folder(scratch.path, settings).notes
    #expect(notes.contains("1 group (p1) in several of the data's own subsets"), "\(notes)")
}

@Test(arguments: [
    ("patient%g_img%i.jpg", "patient10"), ("v_Foo_g%g_c0%i.jpg", "v_Foo_g10"), ("000%g_0000%i.png", "00010"),
    ("p%gf%i.png", "p10"), ("scene-%g.frame%i.png", "scene-10"), ("%g_left%x.jpeg", "10"),
])
func namesOfSeriesAreNoted(name: String, group: String) throws {
    let files = ["cat", "dog"].flatMap { label in
        (10 ..< 15).flatMap { scene in
            (1 ... 2).map { image in
                let file = name.replacing("%g", with: "\(scene + (label == "dog" ? 50 : 0))").replacing(
                    "%i", with: "\(image)")
                return "\(label)/\(file.replacing("left%x", with: image == 1 ? "left" : "right"))"
            }
        }
    }
    let notes = try splitOf(files).notes
    let note = try #require(notes.first { $0.hasPrefix("file names look like series") }, "\(notes)")
    #expect(note.contains("10 of them, such as 2 images of '\(group)'"), "\(note)")
    // The rule in the note gives these groups.
    let rule = try #require(note.split(separator: "'").first { $0.hasPrefix("([^/]*") })
    let grouped = try splitOf(files, group: String(rule))
    #expect(grouped.notes.contains { $0.hasPrefix("10 groups of 20 items") }, "\(grouped.notes)")
}

@Test func severalFoldersOfAClassAreNoted() throws {
    let files = ["cup", "pan"].flatMap { name in (0 ..< 5).flatMap { o in (0 ..< 3).map { "\(name)/\(o)/\($0).jpg" } } }
    #expect(
        try splitOf(files).notes.contains(
            "the images of a class are in several folders: 10 of them, such as 3 images of 'cup/0'; if each shows one "
                + "scene, group folder keeps its images in one subset"))
}

@Test(arguments: [
    "image_00%i.jpg", "IMG_%i.jpg", "%i.jpg", "Black_Bird_%i_7961.jpg", "n01440764_%i.JPEG", "%i_cat.jpg", "a%ib.jpg",
])
func ordinaryFileNamesAreNotNoted(name: String) throws {
    let files = ["cat", "dog"].flatMap { label in
        (100 ..< 120).map { "\(label)/\(name.replacing("%i", with: "\($0)"))" }
    }
    #expect(try splitOf(files).notes.isEmpty)
}
