extension DatasetEntry {
    static let imagenetR = DatasetEntry(
        name: "imagenet_r", title: "ImageNet-R",
        summary: "Art, cartoons, toys and other renditions of 200 of ImageNet's classes.",
        folder: "imagenet-rendition", images: "imagenet-r",
        landmark: "n01443537", keywords: ["imagenet-r"],
        classCount: 200, counts: SubsetCounts(0, 0, 30000), imagesPerClass: "varies",
        license: "none found", homePage: "https://github.com/hendrycks/imagenet-r",
        ownDownloads: [
            Download("https://people.eecs.berkeley.edu/~hendrycks/imagenet-r.tar", provides: "imagenet-r")
        ],
        files: ["imagenet-r/": "200 folders: n01443537/, ..."],
        classNaming: "the name in classnames.txt after the folder's WordNet number",
        templates: TemplateSet.imagenet,
        pitfalls: ["It has 200 of the 1,000 classes, and not the same 200 as ImageNet-A."],
        shiftOf: "imagenet", annotations: .imagenetShift)
}
