public import Core
public import Splits

extension DrawnDataset {
    /// Draws all images below `folder` and writes the split last; returns `reused` if everything already existed.
    ///
    /// Equal existing images are kept, so that an interrupted drawing resumes. Different images and a different split
    /// are replaced only if `replaces` is true; surplus images of an earlier drawing are then removed. Other files in
    /// the folder are never changed.
    ///
    /// - Throws: `cannotCreate` for the first file that differs, and errors of `progress`.
    public func publish(
        to folder: String, replaces: Bool, progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> SplitOutcome {
        let split = try split()
        let path = "\(folder)/\(splitName)"
        let earlier = try earlierSplit(at: path, split, replaces: replaces)
        let images = "\(folder)/\(Self.root)"
        var isComplete = false
        if !replaces, try FileKind.found(at: images) == .folder { isComplete = try holdsAll(images, progress) }
        // The split must not exist before all images do.
        if earlier != nil, earlier != split { removeFile(path) }
        if let earlier { removeOthers(of: earlier, split, below: images) }
        let written = isComplete ? 0 : try write(images, progress)
        let outcome = try split.publish(to: path, replaces: replaces)
        return written == 0 ? outcome : .written
    }

    /// Returns the existing split; nil if there is none or it may be replaced.
    private func earlierSplit(at path: String, _ split: Split, replaces: Bool) throws(Fault) -> Split? {
        guard try FileKind.found(at: path) != .absent else { return nil }
        let earlier: Split
        do throws(Fault) { earlier = try SplitFile(path: path, dataset: datasetName).split } catch {
            if replaces { return nil }
            throw conflict(path, found: error.found, expected: "a split of these images or no file")
        }
        if !replaces, let difference = earlier.firstDifference(from: split) {
            throw conflict(
                path, found: "a split whose \(difference.field) is \(difference.found)",
                expected: "\(difference.expected) as requested")
        }
        return earlier
    }

    private func conflict(_ path: String, found: String, expected: String) -> Fault {
        Fault(
            .cannotCreate, path, found: found, expected: expected,
            remedy: "choose another folder, or replace it with \(option: "replace")")
    }

    /// Whether all images exist.
    ///
    /// - Throws: `cannotCreate` if one differs, before anything is written.
    private func holdsAll(_ images: String, _ progress: (Int, Int) throws(Fault) -> Void) throws(Fault) -> Bool {
        var missing = 0
        for label in task.classes.indices {
            let path = "\(images)/\(folders[label])"
            guard try FileKind.found(at: path) != .absent else {
                missing += count
                continue
            }
            for numbers in blocks {
                for (number, png) in zip(numbers, draw(label: label, numbers)) {
                    switch try PictureFile.compare("\(path)/\(name(number))", with: png) {
                    case .equal: break
                    case .absent: missing += 1
                    case .different:
                        throw conflict(
                            "\(path)/\(name(number))", found: "a different image",
                            expected: "the image to be drawn or no file")
                    }
                }
                try progress(label * count + numbers.upperBound, task.classes.count * count)
            }
        }
        return missing == 0
    }

    /// Writes the missing and different images and returns their number.
    private func write(
        _ images: String, _ progress: (Int, Int) throws(Fault) -> Void
    ) throws(Fault) -> Int {
        let total = task.classes.count * count
        let staged = try StagedFolder(in: images, for: "drawn")
        var done = 0
        var written = 0
        for label in task.classes.indices {
            try makeFolder("\(images)/\(folders[label])")
            for numbers in blocks {
                for (number, png) in zip(numbers, draw(label: label, numbers)) {
                    let picture = "\(folders[label])/\(name(number))"
                    guard try PictureFile.compare("\(images)/\(picture)", with: png) != .equal else { continue }
                    try staged.publish(png, to: picture)
                    written += 1
                }
                done += numbers.count
                try progress(done, total)
            }
        }
        return written
    }

    /// The numbers of a class's images in blocks that occupy all cores and fit in memory.
    private var blocks: [Range<Int>] { stride(from: 0, to: count, by: 256).map { $0 ..< min($0 + 256, count) } }

    /// Removes surplus images of an earlier drawing of the task, which would be in no subset.
    private func removeOthers(of earlier: Split, _ split: Split, below images: String) {
        guard earlier.provenance.tool == split.provenance.tool,
            earlier.provenance.settings["task"] == split.provenance.settings["task"],
            let drawn = earlier.provenance.settings["count"].flatMap(Int.init), Self.counts.contains(drawn),
            drawn > count
        else { return }
        for folder in folders {
            for number in count ..< drawn { removeFile("\(images)/\(folder)/\(name(number))") }
        }
    }
}
