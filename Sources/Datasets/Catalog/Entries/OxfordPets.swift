extension DatasetEntry {
    static let oxfordPets = DatasetEntry(
        name: "oxford_pets", title: "OxfordPets",
        summary: "Cats and dogs of 37 breeds.",
        folder: "oxford_pets", images: "images",
        landmark: "Abyssinian_1.jpg", keywords: ["pet"],
        splitFile: "split_zhou_OxfordPets.json",
        splitID: "1501r8Ber4nNKvmlFVQZ8SeUHTcdTTEqs",
        classCount: 37, counts: SubsetCounts(2944, 736, 3669), imagesPerClass: "184 to 200",
        license: "CC BY-SA 4.0", homePage: "https://www.robots.ox.ac.uk/~vgg/data/pets/",
        ownDownloads: [
            Download("https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz", provides: "images"),
            Download("https://www.robots.ox.ac.uk/~vgg/data/pets/data/annotations.tar.gz", provides: "annotations"),
            Download(
                "https://thor.robots.ox.ac.uk/~vgg/data/pets/", what: "images.tar.gz, annotations.tar.gz",
                note: "the same files on another Oxford server"),
        ],
        files: ["images/": "Abyssinian_1.jpg, ...", "annotations/": "trainval.txt, test.txt"],
        classNaming: "the file name up to its last underscore, in lower case",
        templates: TemplateSet.published("a photo of a {}, a type of pet.", tipAdapterFile: "oxford_pets.py"),
        pitfalls: [
            "Some .jpg files contain another image format, and the image folder contains a few .mat files: "
                + "'fewshot-split check' lists both.",
            "torchvision names the folder oxford-iiit-pet; in Kaggle's archives, the images are in "
                + "images/images.",
        ],
        annotations: .pets)
}
