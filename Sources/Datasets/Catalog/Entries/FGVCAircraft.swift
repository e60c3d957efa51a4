extension DatasetEntry {
    static let fgvcAircraft = DatasetEntry(
        name: "fgvc_aircraft", title: "FGVCAircraft",
        summary: "Aircraft of 100 model variants.",
        folder: "fgvc_aircraft", images: "images", splitFile: nil,
        classCount: 100, counts: SubsetCounts(3334, 3333, 3333), imagesPerClass: "100: 33 or 34 in each part",
        licence: "non-commercial research", homePage: "https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/",
        downloads: [
            Download(
                what: "fgvc-aircraft-2013b.tar.gz",
                address: "https://www.robots.ox.ac.uk/~vgg/data/fgvc-aircraft/archives/fgvc-aircraft-2013b.tar.gz",
                note: "its folder data/ becomes fgvc_aircraft/"),
            .collection,
        ],
        tree: """
            fgvc_aircraft/
            ├── images/                    0034309.jpg, ...
            ├── variants.txt
            ├── images_variant_train.txt
            ├── images_variant_val.txt
            └── images_variant_test.txt
            """,
        classNaming: "the line of variants.txt; the label is its place",
        templates: TemplateSet.published("a photo of a {}, a type of aircraft.", tipAdapterFile: "fgvc.py"),
        pitfalls: [
            "Only the folder data/ of the archive is wanted, renamed to fgvc_aircraft.",
            "There is no split_zhou file: the official three parts are used as they are.",
            "Each picture ends in 20 rows of pixels that credit the photographer; the published code leaves them in.",
        ],
        annotations: .aircraft)
}
