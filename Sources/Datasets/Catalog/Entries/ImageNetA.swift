extension DatasetEntry {
    static let imagenetA = DatasetEntry(
        name: "imagenet_a", title: "ImageNet-A",
        summary: "Pictures of 200 of ImageNet's classes that a ResNet-50 took for something else.",
        folder: "imagenet-adversarial", images: "imagenet-a", splitFile: nil,
        classCount: 200, counts: SubsetCounts(0, 0, 7500), imagesPerClass: "varies",
        licence: "the repository says MIT", homePage: "https://github.com/hendrycks/natural-adv-examples",
        downloads: [
            Download(
                what: "imagenet-a.tar", address: "https://people.eecs.berkeley.edu/~hendrycks/imagenet-a.tar",
                provides: "imagenet-a"),
            .classNames,
        ],
        tree: """
            imagenet-adversarial/
            ├── imagenet-a/                200 folders: n01498041/, ...
            └── classnames.txt
            """,
        classNaming: "the line of classnames.txt that begins with the folder's name",
        namesakes: imagenetNamesakes, templates: TemplateSet.imagenet,
        pitfalls: [
            "200 of the 1,000 classes: the split says which label each has in ImageNet, so that a classifier of 1,000 "
                + "classes can be judged among those 200."
        ],
        shiftOf: "imagenet", annotations: .imagenetShift)
}
