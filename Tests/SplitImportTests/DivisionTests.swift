import Core
import SplitImport
import Splits
import TestSupport
import Testing

/// Numbered items `0/0.jpg`, `0/1.jpg`, … of each class.
private func items(_ counts: [Int], without left: Set<String> = []) -> ItemList {
    ItemList(
        counts.enumerated().flatMap { label, count in
            (0 ..< count).map { Item(path: "\(label)/\($0).jpg", label: label) }
        }.filter { !left.contains($0.path) })
}

/// The subset of each path.
private func subsets(_ divided: [Subset: ItemList]) -> [String: Subset] {
    Dictionary(uniqueKeysWithValues: divided.flatMap { subset, items in items.map { ($0.path, subset) } })
}

private func ratios(_ val: Double, _ test: Double, seed: Int = 1) throws -> SubsetRatios {
    try SubsetRatios(val: val, test: test, seed: seed)
}

@Test(arguments: 0 ..< 60)
func anItemLessMovesAtMostTwoOthersOfItsClass(number: Int) throws {
    let division = SubsetDivision(try ratios(0.1, 0.2, seed: number % 7))
    let counts = [60, 7, 33]
    let gone = "0/\(number).jpg"
    let before = subsets(division.divide(items(counts), classCount: 3))
    let after = subsets(division.divide(items(counts, without: [gone]), classCount: 3))
    let moved = after.filter { $0.value != before[$0.key] }
    #expect(moved.count <= 2 && moved.keys.allSatisfy { $0.hasPrefix("0/") })
    // Nothing moves between the items to choose on and those to measure on.
    for (path, subset) in moved { #expect(subset == .train || before[path] == .train) }
}

@Test func otherClassesDoNotChange() throws {
    let division = SubsetDivision(try ratios(0.1, 0.2))
    let before = subsets(division.divide(items([60, 40]), classCount: 2))
    let after = subsets(
        division.divide(items([60, 40], without: Set((0 ..< 25).map { "0/\($0).jpg" })), classCount: 2))
    #expect(after.allSatisfy { $0.key.hasPrefix("0/") || before[$0.key] == $0.value })
}

@Test(arguments: [1, 2, 3, 5, 10, 100])
func countsAreThoseOfTheRatios(count: Int) throws {
    let divided = try SubsetDivision(ratios(0.25, 0.5)).divide(items([count]), classCount: 1)
    let tests = min(count - 1, Int((0.5 * Double(count)).rounded(.toNearestOrEven)))
    #expect(divided[.test]?.count == tests)
    #expect(
        divided[.val]?.count == min(count - 1 - tests, Int((0.25 * Double(count)).rounded(.toNearestOrEven))))
    #expect(divided[.train].map { !$0.isEmpty } == true)
}

@Test func aUnitIsNotDivided() throws {
    // Ten items of each of twenty patients, some of whom have items of two classes.
    let all = ItemList((0 ..< 200).map { Item(path: "patient\($0 / 10)_\($0).jpg", label: $0 % 30 < 4 ? 1 : 0) })
    let units = all.map { Array($0.path.prefix { $0 != "_" }.utf8) }
    let divided = try SubsetDivision(ratios(0.1, 0.2)).divide(all, classCount: 2, units: units)
    let patients = divided.mapValues { Set($0.map { $0.path.split(separator: "_")[0] }) }
    let counts = Subset.allCases.map { patients[$0]?.count ?? 0 }
    #expect(counts.reduce(0, +) == 20 && counts.allSatisfy { $0 > 0 }, "\(counts)")
    #expect(divided[.test]?.count == 40 && divided[.val]?.count == 20)
    // Repeated paths are one unit.
    let twice = ItemList((0 ..< 40).map { Item(path: "\($0 / 2).jpg", label: 0) })
    let pairs = try SubsetDivision(ratios(0.2, 0.2)).divide(twice, classCount: 1)
    #expect(Set(Subset.allCases.flatMap { Set(pairs[$0]?.map(\.path) ?? []) }).count == 20)
    #expect(Subset.allCases.reduce(0) { $0 + Set(pairs[$1]?.map(\.path) ?? []).count } == 20)
}

/// A folder of two classes with forty images each.
private func photos() throws -> ScratchFolder {
    try ScratchFolder(["cat", "dog"].flatMap { name in (0 ..< 40).map { "photos/\(name)/\(name)\($0).jpg" } })
}

private func imported(_ scratch: borrowing ScratchFolder, keeping name: String? = nil) throws -> Split {
    var settings = SplitImport.Settings()
    settings.kept = try name.map { try SplitFile(path: scratch.file($0)) }
    return try SplitImport.folder(scratch.file("photos"), settings).split
}

@Test func formerItemsKeepTheirSubsets() throws {
    let scratch = try photos()
    let former = try imported(scratch)
    try former.write(to: scratch.file("former.json"))
    // One photo is gone, ten are new, and one of test was in the wrong folder.
    let gone = try #require(former.train.first?.path)
    removeFile(scratch.file("photos/\(gone)"))
    for number in 0 ..< 10 { try scratch.write([UInt8](), "photos/cat/new\(number).jpg") }
    let wrong = try #require(former.test.first { $0.label == 0 }?.path)
    let right = "dog/\(lastComponent(of: wrong))"
    removeFile(scratch.file("photos/\(wrong)"))
    try scratch.write([UInt8](), "photos/\(right)")

    let split = try imported(scratch, keeping: "former.json")
    let changes = SplitChanges(from: former, to: split)
    let change = try #require(changes.relabeled.first)
    #expect(changes.relabeled.count == 1 && (change.path, change.from, change.to) == (right, "cat", "dog"))
    #expect(changes.moved.isEmpty && changes.gone == [gone] && changes.new.count == 10)
    #expect(changes.counts == "1 item changed class, 0 changed subset, 10 new, 1 gone")
    #expect(split.test.contains { $0.path == right && $0.label == 1 })
    // 48 cats: 10 for test, of which 7 are former ones, and 5 for val.
    #expect(split.test.counts(classCount: 2)[0] == 10 && split.val.counts(classCount: 2)[0] == 5)
    #expect(split.provenance.inputs.map(\.role) == ["listing", "kept"])
    // Without the former split, others move.
    #expect(!SplitChanges(from: former, to: try imported(scratch)).moved.isEmpty)
}

@Test func anUnchangedImportIsTheFormerSplit() throws {
    let scratch = try photos()
    let former = try imported(scratch)
    try former.write(to: scratch.file("former.json"))
    #expect(try imported(scratch, keeping: "former.json") == former)
}

@Test func dataWithSubsetsKeepsNone() throws {
    let scratch = try ScratchFolder(["photos/train/cat/1.jpg", "photos/test/cat/2.jpg"])
    try imported(scratch).write(to: scratch.file("former.json"))
    let refused = fault { _ = try imported(scratch, keeping: "former.json") }
    #expect(refused?.status == .usage && refused?.expected.contains("keep") == true)
}
