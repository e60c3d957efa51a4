extension DatasetEntry {
    static let imagenetSketch = DatasetEntry(
        name: "imagenet_sketch", title: "ImageNet-Sketch",
        summary: "Black and white sketches of ImageNet's 1,000 classes.",
        folder: "imagenet-sketch", images: "images",
        landmark: "n01440764", keywords: ["sketch"],
        classCount: 1000, counts: SubsetCounts(0, 0, 50889), imagesPerClass: "about 51",
        license: "the repository says MIT; the images are from an image search",
        homePage: "https://github.com/HaohanWang/ImageNet-Sketch",
        ownDownloads: [
            Download(
                "https://drive.google.com/open?id=1Mj0i5HBthqH1p_yeXzsg22gZduvgoNeA", what: "ImageNet-Sketch.zip",
                provides: "images", note: "7.8 GB; rename the folder sketch to images")
        ],
        files: ["images/": "n01440764/, ..."],
        classNaming: "the name in classnames.txt after the folder's WordNet number",
        templates: TemplateSet.imagenet,
        renamedFolders: ["sketch": "images"],
        pitfalls: ["The archive's folder is named sketch."],
        shiftOf: "imagenet", annotations: .imagenetShift)
}
