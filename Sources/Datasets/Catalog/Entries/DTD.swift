extension DatasetEntry {
    static let dtd = DatasetEntry(
        name: "dtd", title: "DTD",
        summary: "Textures that 47 adjectives describe.",
        folder: "dtd", images: "images",
        landmark: "banded", keywords: ["dtd", "describabletexture"],
        splitFile: "split_zhou_DescribableTextures.json",
        splitID: "1u3_QfB467jqHgNXC00UIzbLZRQCg2S7x",
        classCount: 47, counts: SubsetCounts(2820, 1128, 1692), imagesPerClass: "120: 60, 24 and 36",
        license: "research purposes", homePage: "https://www.robots.ox.ac.uk/~vgg/data/dtd/",
        ownDownloads: [
            Download("https://www.robots.ox.ac.uk/~vgg/data/dtd/download/dtd-r1.0.1.tar.gz", provides: "images")
        ],
        files: ["images/": "banded/, blotchy/, ...", "imdb/": "", "labels/": ""],
        classNaming: "the folder name",
        templates: TemplateSet.published("{} texture.", tipAdapterFile: "dtd.py"),
        pitfalls: [
            "The ten official splits in labels/ are not used: the published split divides every class 50/20/30.",
            "The archive has a folder dtd of its own: extracted in DATA/dtd, the images are in "
                + "dtd/dtd/images.",
        ],
        annotations: .folders())
}
