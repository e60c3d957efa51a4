import Catalog
import Core
import SplitImport
import TestSupport
import Testing

/// A copy of a data set in the folders of an archive or a mirror: a file in it, the missing names and the links.
struct WrappedCopy: Sendable, CustomTestStringConvertible {
    let dataset: String
    let files: [String]
    let names: [String]
    let commands: [String]

    var testDescription: String { "\(dataset): \(files[0])" }

    init(_ dataset: String, _ files: [String], _ names: [String], _ commands: [String]) {
        self.dataset = dataset
        self.files = files
        self.names = names
        self.commands = commands
    }

    static let all = [
        WrappedCopy(
            "imagenet", ["imagenet/ILSVRC/Data/CLS-LOC/train/n01440764/1.JPEG"], ["images/train", "images/val"],
            ["ln -s ILSVRC/Data/CLS-LOC R/imagenet/images"]),
        WrappedCopy(
            "imagenet", ["imagenet/train/n01440764/1.JPEG", "imagenet/val/n01440764/1.JPEG"],
            ["images/train", "images/val"],
            [
                "mkdir -p R/imagenet/images", "ln -s ../train R/imagenet/images/train",
                "ln -s ../val R/imagenet/images/val",
            ]),
        WrappedCopy(
            "imagenet", ["ILSVRC2012/train/n01440764/1.JPEG", "imagenet/classnames.txt"], ["images/train"],
            ["ln -s ../ILSVRC2012 R/imagenet/images"]),
        WrappedCopy(
            "caltech101", ["caltech101/101_ObjectCategories/accordion/image_0001.jpg"], ["101_ObjectCategories"],
            ["ln -s caltech101 R/caltech-101"]),
        WrappedCopy(
            "caltech101", ["caltech-101/caltech-101/101_ObjectCategories/accordion/image_0001.jpg"],
            ["101_ObjectCategories"], ["ln -s caltech-101/101_ObjectCategories R/caltech-101/101_ObjectCategories"]),
        WrappedCopy(
            "oxford_pets", ["oxford-iiit-pet/oxford-iiit-pet/annotations/trainval.txt"], ["annotations/trainval.txt"],
            ["ln -s oxford-iiit-pet/oxford-iiit-pet R/oxford_pets"]),
        WrappedCopy(
            "oxford_pets", ["oxford_pets/annotations/annotations/trainval.txt"],
            ["annotations/trainval.txt", "annotations/test.txt"],
            ["ln -s annotations/trainval.txt R/oxford_pets/annotations/trainval.txt"]),
        WrappedCopy(
            "oxford_flowers", ["flowers-102/jpg/image_00001.jpg", "flowers-102/imagelabels.mat"], ["imagelabels.mat"],
            ["ln -s flowers-102 R/oxford_flowers"]),
        WrappedCopy(
            "fgvc_aircraft", ["fgvc-aircraft-2013b/data/variants.txt", "fgvc-aircraft-2013b/data/images/0034309.jpg"],
            ["variants.txt"], ["ln -s fgvc-aircraft-2013b/data R/fgvc_aircraft"]),
        WrappedCopy(
            "food101", ["food-101/food-101/images/apple_pie/1.jpg"], ["images"],
            ["ln -s food-101/images R/food-101/images"]),
        WrappedCopy("dtd", ["dtd/dtd/images/banded/1.jpg"], ["images"], ["ln -s dtd/images R/dtd/images"]),
        WrappedCopy(
            "dtd", ["dtd-r1.0.1/dtd/images/banded/1.jpg"], ["images"], ["ln -s dtd-r1.0.1/dtd R/dtd"]),
        WrappedCopy("eurosat", ["EuroSAT/2750/AnnualCrop/1.jpg"], ["2750"], ["ln -s EuroSAT R/eurosat"]),
        WrappedCopy(
            "eurosat", ["eurosat/EuroSAT/AnnualCrop/1.jpg"], ["2750"], ["ln -s EuroSAT R/eurosat/2750"]),
        WrappedCopy(
            "eurosat", ["archive/EuroSAT_RGB/AnnualCrop/1.jpg"], ["2750"],
            ["mkdir -p R/eurosat", "ln -s ../archive/EuroSAT_RGB R/eurosat/2750"]),
        WrappedCopy("eurosat", ["eurosat/AnnualCrop/1.jpg"], ["2750"], ["ln -s . R/eurosat/2750"]),
        WrappedCopy(
            "ucf101", ["UCF101/UCF-101-midframes/Apply_Eye_Makeup/1.jpg"], ["UCF-101-midframes"],
            ["ln -s UCF101 R/ucf101"]),
        WrappedCopy("sun397", ["SUN397/SUN397/a/abbey/1.jpg"], ["SUN397"], ["ln -s SUN397 R/sun397"]),
        WrappedCopy(
            "stanford_cars", ["stanford_cars/car_devkit/devkit/cars_meta.mat"], ["devkit/cars_meta.mat"],
            ["ln -s car_devkit/devkit R/stanford_cars/devkit"]),
        WrappedCopy(
            "imagenetv2", ["imagenetv2-matched-frequency-format-val/999/1.jpeg"],
            ["imagenetv2-matched-frequency-format-val"],
            [
                "mkdir -p R/imagenetv2",
                "ln -s ../imagenetv2-matched-frequency-format-val "
                    + "R/imagenetv2/imagenetv2-matched-frequency-format-val",
            ]),
        WrappedCopy(
            "imagenet_sketch", ["imagenet-sketch/sketch/n01440764/1.JPEG"], ["images"],
            ["ln -s sketch R/imagenet-sketch/images"]),
        WrappedCopy(
            "imagenet_a", ["imagenet-a/n01498041/1.jpg"], ["imagenet-a"],
            ["mkdir -p R/imagenet-adversarial", "ln -s ../imagenet-a R/imagenet-adversarial/imagenet-a"]),
        WrappedCopy(
            "imagenet_r", ["imagenet-rendition/imagenet-r/imagenet-r/n01443537/1.jpg"], ["imagenet-r"],
            [
                "mv R/imagenet-rendition/imagenet-r R/imagenet-rendition/imagenet-r.archive",
                "ln -s imagenet-r.archive/imagenet-r R/imagenet-rendition/imagenet-r",
            ]),
        // The folders of ImageNet's train subset are not those of its shifts.
        WrappedCopy("imagenet_sketch", ["archive/train/n01440764/1.JPEG"], ["images"], []),
        WrappedCopy("imagenet_sketch", ["imagenet/images/n01440764/1.JPEG"], ["images"], []),
    ]
}

@Test(arguments: WrappedCopy.all)
func aCopyInTheFoldersOfAnArchiveIsFound(copy: WrappedCopy) throws {
    let scratch = try ScratchFolder(copy.files)
    let entry = try Catalog.require(copy.dataset)
    let search = LayoutSearch(root: scratch.path, folder: entry.folder, entry: entry)
    let commands = LayoutSearch.commands(for: search.links(to: copy.names), in: scratch.path)
    #expect(commands.map { $0.replacing(scratch.path, with: "R") } == copy.commands)
}

@Test func theCommandsThatMendALayoutAreSaid() throws {
    let scratch = try ScratchFolder([
        "imagenet/ILSVRC/Data/CLS-LOC/train/n01440764/1.JPEG", "imagenet/ILSVRC/Data/CLS-LOC/val/1.JPEG",
        "oxford-iiit-pet/annotations/trainval.txt", "oxford-iiit-pet/annotations/test.txt",
    ])
    try scratch.write("n01440764 tench\n", "imagenet/classnames.txt")
    let root = scratch.path
    let kaggle = fault { _ = try Catalog.require("imagenet").build(root: root) }
    #expect(
        kaggle?.description == "\(root)/imagenet: found no images/train, expected the layout of ImageNet; '\(root)' "
            + "contains imagenet/ILSVRC/Data/CLS-LOC: link it with "
            + "'ln -s ILSVRC/Data/CLS-LOC \(root)/imagenet/images', and move the files of "
            + "'\(root)/imagenet/ILSVRC/Data/CLS-LOC/val' into the folders of their classes with "
            + "https://raw.githubusercontent.com/soumith/imagenetloader.torch/master/valprep.sh.")
    let pets = fault { _ = try Catalog.require("oxford_pets").build(root: root) }
    #expect(pets?.found == "no such directory")
    #expect(pets?.remedy.contains("'ln -s oxford-iiit-pet \(root)/oxford_pets'") == true)
}
