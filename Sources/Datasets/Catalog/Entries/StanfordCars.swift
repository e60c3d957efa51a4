extension DatasetEntry {
    static let stanfordCars = DatasetEntry(
        name: "stanford_cars", title: "StanfordCars",
        summary: "Cars of 196 makes, models and years.",
        folder: "stanford_cars", images: "",
        landmark: "cars_train/00001.jpg", keywords: ["cars", "car196"],
        splitFile: "split_zhou_StanfordCars.json",
        splitID: "1ObCFbaAgVu0I-k_Au-gIUcefirdAuizT",
        classCount: 196, counts: SubsetCounts(6509, 1635, 8041), imagesPerClass: "48 to 136",
        license: "none found: the home page is offline",
        homePage: "https://ai.stanford.edu/~jkrause/cars/car_dataset.html",
        ownDownloads: [
            Download(
                "http://ai.stanford.edu/~jkrause/car196/cars_train.tgz", provides: "cars_train",
                note: "HTTP 404 since 2023"),
            Download(
                "http://ai.stanford.edu/~jkrause/car196/cars_test.tgz", provides: "cars_test",
                note: "HTTP 404 since 2023"),
            Download(
                "https://ai.stanford.edu/~jkrause/cars/car_devkit.tgz", provides: "devkit",
                note: "HTTP 404 since 2023"),
            Download(
                "http://ai.stanford.edu/~jkrause/car196/cars_test_annos_withlabels.mat",
                provides: "cars_test_annos_withlabels.mat", note: "HTTP 404 since 2023"),
            Download(
                "https://github.com/pytorch/vision/files/11644847/car_devkit.tgz", provides: "devkit", note: "a copy"),
            Download(
                "https://github.com/pytorch/vision/issues/7545#issuecomment-1631441616", what: "all four",
                note: "links to copies of all four, including cars_test_annos_withlabels.mat"),
        ],
        files: [
            "cars_train/": "00001.jpg, ...", "cars_test/": "00001.jpg, ...",
            "devkit/": "cars_train_annos.mat, cars_meta.mat", "cars_test_annos_withlabels.mat": "",
        ],
        classNaming: "the name in cars_meta.mat with the year moved to the front, such as '2012 Audi TTS Coupe'",
        templates: TemplateSet.published("a photo of a {}.", tipAdapterFile: "stanford_cars.py") + [.clusterCars],
        pitfalls: [
            "The links in CoOp's instructions are dead (HTTP 404).",
            "Kaggle's copies have other folders, and some file names there do not match the .mat files.",
            "Paths in the split begin with cars_train/ or cars_test/, so its root is stanford_cars itself.",
            "Built from the raw annotations with seed 1, the split equals the published one item for item.",
            "In Kaggle's archive, the images are in cars_train/cars_train and cars_test/cars_test.",
        ],
        annotations: .cars)
}
