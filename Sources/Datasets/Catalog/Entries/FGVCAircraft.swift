extension DatasetEntry {
    static let fgvcAircraft = DatasetEntry(
        name: "fgvc_aircraft", title: "FGVCAircraft",
        summary: "Aircraft of 100 model variants.",
        folder: "fgvc_aircraft", images: "images",
        landmark: "0034309.jpg", keywords: ["aircraft", "fgvc"],
        classCount: 100, counts: SubsetCounts(3334, 3333, 3333), imagesPerClass: "100: 33 or 34 in each subset",
        license: "non-commercial research", homePage: "https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/",
        ownDownloads: [
            Download(
                "https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/archives/fgvc-aircraft-2013b.tar.gz",
                note: "rename its folder data/ to fgvc_aircraft/")
        ],
        files: [
            "images/": "0034309.jpg, ...", "variants.txt": "", "images_variant_train.txt": "",
            "images_variant_val.txt": "", "images_variant_test.txt": "",
        ],
        classNaming: "the line in variants.txt; the label is the line number, counted from 0",
        templates: TemplateSet.published("a photo of a {}, a type of aircraft.", tipAdapterFile: "fgvc.py"),
        pitfalls: [
            "Only the folder data/ of the archive is needed, renamed to fgvc_aircraft.",
            "There is no split_zhou file: the three official subsets are used as they are.",
            "The bottom 20 pixel rows of each image credit the photographer; the published code does not crop them.",
            "In Kaggle's archive, the folder is fgvc-aircraft-2013b/fgvc-aircraft-2013b/data.",
        ],
        annotations: .aircraft)
}
