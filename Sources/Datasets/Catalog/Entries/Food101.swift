extension DatasetEntry {
    static let food101 = DatasetEntry(
        name: "food101", title: "Food101",
        summary: "Dishes of 101 kinds as guests photographed them.",
        folder: "food-101", images: "images",
        landmark: "apple_pie", keywords: ["food101"],
        splitFile: "split_zhou_Food101.json",
        splitID: "1QK0tGi096I0Ba6kggatX1ee6dJFIcEJl",
        classCount: 101, counts: SubsetCounts(50500, 20200, 30300), imagesPerClass: "1,000: 500, 200 and 300",
        license: "see license_agreement.txt in the archive",
        homePage: "https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/",
        ownDownloads: [
            Download(
                "https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/", what: "food-101.tar.gz",
                provides: "images")
        ],
        files: ["images/": "apple_pie/, baby_back_ribs/, ...", "meta/": "", "license_agreement.txt": ""],
        classNaming: "the folder name",
        templates: TemplateSet.published("a photo of {}, a type of food.", tipAdapterFile: "food101.py"),
        pitfalls: [
            "The official test set, meta/test.txt, is not used: the published split divides every class 50/20/30.",
            "Kaggle's archives repeat the folder: food-101/food-101/images.",
        ],
        annotations: .folders())
}
