extension DatasetEntry {
    static let caltech101 = DatasetEntry(
        name: "caltech101", title: "Caltech101",
        summary: "Objects of 100 categories in photographs and drawings.",
        folder: "caltech-101", images: "101_ObjectCategories", splitFile: "split_zhou_Caltech101.json",
        classCount: 100, counts: PartCounts(4128, 1649, 2465),
        licence: "", homePage: "", downloads: [], tree: "", classNaming: "", templates: [], pitfalls: [])
}
