extension DatasetEntry {
    static let ucf101 = DatasetEntry(
        name: "ucf101", title: "UCF101",
        summary: "Actions of 101 kinds, each video by its middle frame.",
        folder: "ucf101", images: "UCF-101-midframes",
        landmark: "Apply_Eye_Makeup", keywords: ["ucf101"],
        splitFile: "split_zhou_UCF101.json",
        splitID: "1I0S0q91hJfsV9Gf4xDIjgDq4AqBNJb1y",
        classCount: 101, counts: SubsetCounts(7639, 1898, 3783), imagesPerClass: "100 to 167",
        license: "none found", homePage: "https://www.crcv.ucf.edu/research/data-sets/ucf101/",
        ownDownloads: [
            Download(
                "https://drive.google.com/file/d/10Jqome3vtUA2keJkNanAiFpgbyC9Hc2O/view", what: "UCF-101-midframes.zip",
                provides: "UCF-101-midframes", note: "the middle frame of each video, extracted by CoOp's authors"),
            Download(
                "https://www.crcv.ucf.edu/research/data-sets/ucf101/", what: "the official lists",
                provides: "ucfTrainTestlist"),
        ],
        files: [
            "UCF-101-midframes/": "Apply_Eye_Makeup/, ...",
            "ucfTrainTestlist/": "classInd.txt, trainlist01.txt, testlist01.txt (only without the split)",
        ],
        classNaming: "the action in classInd.txt, split before each capital letter and joined with underscores: "
            + "'Apply_Eye_Makeup'",
        templates: TemplateSet.published("a photo of a person doing {}.", tipAdapterFile: "ucf101.py"),
        pitfalls: [
            "The official archive contains videos. CoOp's archive contains their middle frames.",
            "The first of three official splits is used.",
            "Built from the raw annotations with seed 1, the split equals the published one item for item.",
            "Extracted in a folder of its own, CoOp's archive gives UCF-101-midframes/UCF-101-midframes.",
        ],
        annotations: .ucf)
}
