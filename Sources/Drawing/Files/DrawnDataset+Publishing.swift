public import Core
public import Datasets

extension DrawnDataset {
    /// Draws all images below `folder` and publishes the split there, last.
    ///
    /// Images that are there already are left as they are if they are the same, so an interrupted drawing goes on.
    /// Different ones, and a different split, are replaced only if `replaces` is true; then images that an
    /// earlier drawing has beyond these go as well. Other files in the folder are never touched.
    ///
    /// - Parameters:
    ///   - folder: where `images` and the split are to be.
    ///   - replaces: whether what is there and differs may be replaced.
    ///   - progress: told how many images are done of how many; it may throw to end the work.
    /// - Returns: `reused` if everything was there, else `written`.
    /// - Throws: `cannotCreate` naming the first file that differs.
    public func publish(
        to folder: String, replaces: Bool, progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> SplitOutcome {
        let split = try split()
        let path = "\(folder)/\(splitName)"
        let earlier = try earlierSplit(at: path, split, replaces: replaces)
        let images = "\(folder)/\(Self.root)"
        var isThere = false
        if !replaces, try FileKind.found(at: images) == .folder { isThere = try holdsAll(images, progress) }
        // Until all images are there, there is no split: it vouches for them.
        if earlier != nil, earlier != split { removeFile(path) }
        if let earlier { removeOthers(of: earlier, split, below: images) }
        let written = isThere ? 0 : try write(images, progress)
        let outcome = try split.publish(to: path, replaces: replaces)
        return written == 0 ? outcome : .written
    }

    /// The split that is there; nil if there is none, or none that can be read.
    private func earlierSplit(at path: String, _ split: Split, replaces: Bool) throws(Fault) -> Split? {
        guard try FileKind.found(at: path) != .absent else { return nil }
        let earlier: Split
        do throws(Fault) { earlier = try SplitFile(path: path, dataset: datasetName).split } catch {
            if replaces { return nil }
            throw refusal(path, found: error.found, expected: "a split of these images or nothing")
        }
        if !replaces, let difference = earlier.firstDifference(from: split) {
            throw refusal(
                path, found: "a split whose \(difference.field) is \(difference.found)",
                expected: "\(difference.expected) as now asked for")
        }
        return earlier
    }

    private func refusal(_ path: String, found: String, expected: String) -> Fault {
        Fault(
            .cannotCreate, path, found: found, expected: expected,
            remedy: "choose another folder, or replace it with --replace")
    }

    /// Whether all images are there.
    ///
    /// - Throws: `cannotCreate` where one differs, before anything is written.
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
                        throw refusal(
                            "\(path)/\(name(number))", found: "another image",
                            expected: "the one to be drawn, or nothing")
                    }
                }
                try progress(label * count + numbers.upperBound, task.classes.count * count)
            }
        }
        return missing == 0
    }

    /// Writes what is not there yet.
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

    /// The numbers of a class's images, so many at a time that there is work for all cores and room for them.
    private var blocks: [Range<Int>] {
        stride(from: 0, to: count, by: 256).map { $0 ..< min($0 + 256, count) }
    }

    /// Removes the images that an earlier drawing of the task has beyond these: they would be no part's.
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
