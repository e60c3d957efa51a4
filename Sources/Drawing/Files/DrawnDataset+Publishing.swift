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
        let path = folder.appending(path: splitName)
        let earlier = try earlierSplit(at: path, split, replaces: replaces)
        let images = folder.appending(path: Self.root)
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
        var present: [Int] = []
        for (label, folder) in folders.enumerated()
        where try FileKind.found(at: images.appending(path: folder)) != .absent {
            present.append(label)
        }
        var isComplete = present.count == folders.count
        try drawAll(of: present, progress) { image, png throws(Fault) in
            let path = images.appending(path: image)
            guard let isEqual = try isFile(at: path, equalTo: png) else {
                isComplete = false
                return
            }
            guard isEqual else {
                throw conflict(path, found: "a different image", expected: "the image to be drawn or no file")
            }
        }
        return isComplete
    }

    /// Writes the missing and different images and returns their number.
    private func write(_ images: String, _ progress: (Int, Int) throws(Fault) -> Void) throws(Fault) -> Int {
        let staged = try StagedFolder(in: images, for: "drawn")
        var written = 0
        for (label, folder) in folders.enumerated() {
            try makeFolder(images.appending(path: folder))
            try drawAll(of: [label], progress) { image, png throws(Fault) in
                guard try isFile(at: images.appending(path: image), equalTo: png) != true else { return }
                try staged.publish(png, to: image)
                written += 1
            }
        }
        return written
    }

    /// Draws the images of the classes `labels`, in blocks that occupy all cores and fit in memory.
    private func drawAll(
        of labels: [Int], _ progress: (Int, Int) throws(Fault) -> Void,
        _ receive: (_ path: String, _ png: [UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        for label in labels {
            for start in stride(from: 0, to: count, by: 256) {
                let numbers = start ..< min(start + 256, count)
                for (number, png) in zip(numbers, draw(label: label, numbers)) {
                    try receive(folders[label].appending(path: name(number)), png)
                }
                try progress(label * count + numbers.upperBound, folders.count * count)
            }
        }
    }

    /// Whether the file at `path` holds exactly `bytes`; nil if there is no file.
    ///
    /// A link counts as different.
    private func isFile(at path: String, equalTo bytes: [UInt8]) throws(Fault) -> Bool? {
        let file: OpenFile
        do throws(Fault) { file = try OpenFile(reading: path, followsLink: false) } catch {
            switch error.failure {
            case .absent: return nil
            // Among them are folders, devices and pipes.
            case .unusableName, nil: return false
            default: throw error
            }
        }
        // One byte more than expected shows a longer file.
        return try file.read(bytes.count + 1, at: 0) == bytes
    }

    /// Removes surplus images of an earlier drawing of the task, which would be in no subset.
    private func removeOthers(of earlier: Split, _ split: Split, below images: String) {
        guard earlier.provenance.tool == split.provenance.tool,
            earlier.provenance.settings["task"] == split.provenance.settings["task"],
            let drawn = earlier.provenance.settings["count"].flatMap(Int.init), Self.counts.contains(drawn),
            drawn > count
        else { return }
        for folder in folders {
            for number in count ..< drawn { removeFile(images.appending(path: "\(folder)/\(name(number))")) }
        }
    }
}
