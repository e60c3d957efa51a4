extension DatasetEntry {
    static let imagenetA = DatasetEntry(
        name: "imagenet_a", title: "ImageNet-A",
        summary: "Pictures of 200 of ImageNet's classes that a ResNet-50 took for something else.",
        folder: "imagenet-adversarial", images: "imagenet-a",
        landmark: "n01498041", keywords: ["imagenet-a", "natural-adv"],
        classCount: 200, counts: SubsetCounts(0, 0, 7500), imagesPerClass: "varies",
        license: "the repository says MIT", homePage: "https://github.com/hendrycks/natural-adv-examples",
        ownDownloads: [
            Download("https://people.eecs.berkeley.edu/~hendrycks/imagenet-a.tar", provides: "imagenet-a")
        ],
        files: ["imagenet-a/": "200 folders: n01498041/, ..."],
        classNaming: "the name in classnames.txt after the folder's WordNet number",
        templates: TemplateSet.imagenet,
        pitfalls: [
            "It has 200 of the 1,000 classes. The split records the ImageNet label of each, so that a classifier of "
                + "1,000 classes can be evaluated on these 200."
        ],
        shiftOf: "imagenet", annotations: .imagenetShift)
}
